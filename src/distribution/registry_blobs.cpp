#include "paths.hpp"
#include "referee/distribution/journal.hpp"
#include "referee/distribution/registry.hpp"
#include "referee/http/url.hpp"

namespace referee::distribution {
namespace {

constexpr std::string_view kScopePull = "pull";
constexpr std::string_view kScopePush = "pull,push";
constexpr std::string_view kScopeDelete = "pull,delete";

std::string blob_url(std::string_view base, std::string_view repository, std::string_view digest) {
  return std::string(base) + "/v2/" + encode_name(repository) + "/blobs/" + encode_reference(digest);
}

std::string uploads_url(std::string_view base, std::string_view repository) {
  return std::string(base) + "/v2/" + encode_name(repository) + "/blobs/uploads/";
}

void set_body(http::Request& request, std::string_view bytes) {
  request.headers.add("Content-Type", std::string(oci::media_type::kOctetStream));
  request.body = bytes;
}

}  // namespace

void Registry::note_session(std::string_view repository, const Result& result) {
  if (journal_ == nullptr || !result || result->status != 202) return;
  if (const auto location = result->header("Location"); location && !location->empty()) {
    note(Pushed::kUpload, repository, http::resolve(result->url, *location));
  }
}

http::Request Registry::blob_request(std::string_view repository, std::string_view digest,
                                     const Options& options) const {
  http::Request request = prepare("GET", blob_url(base_, repository, digest), repository, kScopePull, options);
  add_headers(request, options);
  return request;
}

Result Registry::get_blob(std::string_view repository, std::string_view digest, const Options& options) {
  return client_->send(blob_request(repository, digest, options));
}

Result Registry::head_blob(std::string_view repository, std::string_view digest, const Options& options) {
  return send(prepare("HEAD", blob_url(base_, repository, digest), repository, kScopePull, options), options);
}

Result Registry::delete_blob(std::string_view repository, std::string_view digest, const Options& options) {
  return send(prepare("DELETE", blob_url(base_, repository, digest), repository, kScopeDelete, options), options);
}

Result Registry::start_upload(std::string_view repository, const Options& options) {
  http::Request request = prepare("POST", uploads_url(base_, repository), repository, kScopePush, options);
  request.has_body = true;
  Result result = send(std::move(request), options);
  note_session(repository, result);
  return result;
}

Result Registry::post_blob(std::string_view repository, std::string_view digest, std::string_view bytes,
                           const Options& options) {
  note(Pushed::kBlob, repository, digest);
  std::string url = http::with_query(uploads_url(base_, repository), {{"digest", std::string(digest)}});
  http::Request request = prepare("POST", std::move(url), repository, kScopePush, options);
  set_body(request, bytes);
  request.has_body = true;
  Result result = send(std::move(request), options);
  note_session(repository, result);
  return result;
}

Result Registry::mount_blob(std::string_view repository, std::string_view digest, std::string_view from,
                            const Options& options) {
  note(Pushed::kBlob, repository, digest);
  std::vector<std::pair<std::string, std::string>> query = {{"mount", std::string(digest)}};
  if (!from.empty()) query.emplace_back("from", from);
  std::string url = http::with_query(uploads_url(base_, repository), query);
  http::Request request = prepare("POST", std::move(url), repository, kScopePush, options);
  if (!from.empty()) request.scopes.push_back("repository:" + std::string(from) + ":" + std::string(kScopePull));
  request.has_body = true;
  Result result = send(std::move(request), options);
  note_session(repository, result);
  return result;
}

Result Registry::patch_upload(std::string_view location, std::string_view bytes, std::string_view range,
                              const Options& options) {
  std::string url = http::resolve(base_ + "/", location);
  const std::string repository = repository_of(url);
  http::Request request = prepare("PATCH", std::move(url), repository, kScopePush, options);
  if (!range.empty()) request.headers.add("Content-Range", std::string(range));
  set_body(request, bytes);
  request.has_body = true;
  return send(std::move(request), options);
}

Result Registry::finish_upload(std::string_view repository, std::string_view location, std::string_view digest,
                               std::optional<std::string_view> bytes, std::string_view range, const Options& options) {
  note(Pushed::kBlob, repository, digest);
  const std::string session = http::resolve(base_ + "/", location);
  std::string url = digest.empty() ? session : http::with_query(session, {{"digest", std::string(digest)}});
  http::Request request = prepare("PUT", std::move(url), repository, kScopePush, options);
  if (!range.empty()) request.headers.add("Content-Range", std::string(range));
  if (bytes) set_body(request, *bytes);
  request.has_body = true;  // a PUT without content still says Content-Length: 0
  Result result = send(std::move(request), options);
  if (result && result->status == 201) close(repository, session);
  return result;
}

Result Registry::upload_status(std::string_view location, const Options& options) {
  std::string url = http::resolve(base_ + "/", location);
  const std::string repository = repository_of(url);
  return send(prepare("GET", std::move(url), repository, kScopePull, options), options);
}

Result Registry::cancel_upload(std::string_view location, const Options& options) {
  const std::string session = http::resolve(base_ + "/", location);
  const std::string repository = repository_of(session);
  http::Request request = prepare("DELETE", session, repository, kScopeDelete, options);
  request.has_body = true;  // the specification shows Content-Length: 0
  Result result = send(std::move(request), options);
  if (result && result->status == 204) close(repository, session);
  return result;
}

void Registry::close(std::string_view repository, std::string_view session) {
  if (journal_ != nullptr)
    journal_->close_upload({Pushed::kUpload, base_, std::string(repository), std::string(session)});
}

}  // namespace referee::distribution
