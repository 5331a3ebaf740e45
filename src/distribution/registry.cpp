#include "referee/distribution/registry.hpp"

#include "paths.hpp"
#include "referee/distribution/journal.hpp"
#include "referee/http/url.hpp"

namespace referee::distribution {
namespace {

constexpr std::string_view kPull = "pull";
constexpr std::string_view kPush = "pull,push";
constexpr std::string_view kDelete = "pull,delete";

std::string all_types() {
  std::string types;
  for (const std::string_view type : {oci::media_type::kManifest, oci::media_type::kIndex,
                                      oci::media_type::kDockerManifest, oci::media_type::kDockerManifestList}) {
    if (!types.empty()) types += ", ";
    types += type;
  }
  return types;
}

const std::string& accept() {
  static const std::string types = all_types();
  return types;
}

std::string manifest_path(std::string_view repository, std::string_view reference) {
  return "/v2/" + encode_name(repository) + "/manifests/" + encode_reference(reference);
}

std::string_view actions_of(std::string_view method) {
  if (method == "DELETE") return kDelete;
  return method == "GET" || method == "HEAD" ? kPull : kPush;
}

}  // namespace

Registry::Registry(std::shared_ptr<http::Client> client, std::string base, Journal* journal)
    : client_(std::move(client)), base_(std::move(base)), journal_(journal) {}

http::Request Registry::prepare(std::string method, std::string url, std::string_view repository,
                                std::string_view actions, const Options& options) const {
  http::Request request;
  request.method = std::move(method);
  request.url = options.query.empty() ? std::move(url) : http::with_query(std::move(url), options.query);
  if (!repository.empty()) {
    request.scopes.push_back("repository:" + std::string(repository) + ":" + std::string(actions));
  }
  request.chunked = options.chunked;
  request.claimed_length = options.claimed_length;
  request.max_body = options.max_body;
  request.follow_redirects = options.follow_redirects;
  request.authenticate = options.authenticate;
  return request;
}

void Registry::add_headers(http::Request& request, const Options& options) {
  // A name that stands twice in the options is sent twice, as was asked.
  for (const auto& [name, value] : options.headers) request.headers.remove(name);
  for (const auto& [name, value] : options.headers) request.headers.add(name, value);
}

Result Registry::send(http::Request request, const Options& options) {
  add_headers(request, options);
  return client_->send(request);
}

void Registry::note(Pushed kind, std::string_view repository, std::string_view reference) {
  if (journal_ == nullptr || reference.empty()) return;
  journal_->add({kind, base_, std::string(repository), std::string(reference)});
}

void Registry::note_manifest(std::string_view repository, std::string_view reference, std::string_view bytes,
                             const Options& options) {
  if (journal_ == nullptr) return;
  if (reference.find(':') == std::string_view::npos) {
    note(Pushed::kTag, repository, reference);
    note(Pushed::kManifest, repository, oci::Digest::of(bytes).str());
  } else {
    note(Pushed::kManifest, repository, reference);
  }
  for (const auto& [name, value] : options.query) {
    if (name == "tag") note(Pushed::kTag, repository, value);
  }
}

Result Registry::ping(const Options& options) {
  return send(prepare("GET", base_ + "/v2/", "", "", options), options);
}

http::Request Registry::manifest_request(std::string_view repository, std::string_view reference,
                                         const Options& options) const {
  http::Request request = prepare("GET", base_ + manifest_path(repository, reference), repository, kPull, options);
  request.headers.add("Accept", accept());
  add_headers(request, options);
  return request;
}

http::Request Registry::get_request(std::string_view path, const Options& options) const {
  http::Request request = prepare("GET", base_ + std::string(path), repository_of(path), kPull, options);
  add_headers(request, options);
  return request;
}

Result Registry::get_manifest(std::string_view repository, std::string_view reference, const Options& options) {
  return client_->send(manifest_request(repository, reference, options));
}

Result Registry::head_manifest(std::string_view repository, std::string_view reference, const Options& options) {
  http::Request request = prepare("HEAD", base_ + manifest_path(repository, reference), repository, kPull, options);
  request.headers.add("Accept", accept());
  return send(std::move(request), options);
}

Result Registry::put_manifest(std::string_view repository, std::string_view reference, std::string_view bytes,
                              std::string_view content_type, const Options& options) {
  note_manifest(repository, reference, bytes, options);
  http::Request request = prepare("PUT", base_ + manifest_path(repository, reference), repository, kPush, options);
  if (!content_type.empty()) request.headers.add("Content-Type", std::string(content_type));
  request.body = bytes;
  request.has_body = true;
  return send(std::move(request), options);
}

Result Registry::put_manifest(std::string_view repository, std::string_view reference, const oci::Content& content,
                              const Options& options) {
  return put_manifest(repository, reference, content.bytes(), content.media_type(), options);
}

Result Registry::list_tags(std::string_view repository, const Options& options) {
  const std::string url = base_ + "/v2/" + encode_name(repository) + "/tags/list";
  return send(prepare("GET", url, repository, kPull, options), options);
}

Result Registry::delete_manifest(std::string_view repository, std::string_view reference, const Options& options) {
  return send(prepare("DELETE", base_ + manifest_path(repository, reference), repository, kDelete, options), options);
}

Result Registry::referrers(std::string_view repository, std::string_view digest, std::string_view artifact_type,
                           const Options& options) {
  std::string url = base_ + "/v2/" + encode_name(repository) + "/referrers/" + encode_reference(digest);
  if (!artifact_type.empty()) url = http::with_query(std::move(url), {{"artifactType", std::string(artifact_type)}});
  http::Request request = prepare("GET", std::move(url), repository, kPull, options);
  request.headers.add("Accept", std::string(oci::media_type::kIndex));
  return send(std::move(request), options);
}

Result Registry::request(std::string method, std::string_view path, std::string_view body, const Options& options) {
  const std::string repository = repository_of(path);
  const bool needs_length = method == "POST" || method == "PUT" || method == "PATCH";
  const bool starts_upload = method == "POST" && path.find("/blobs/uploads/") != std::string_view::npos;
  if (method == "PUT") {
    const std::string reference = manifest_reference_of(path);
    if (!reference.empty()) note_manifest(repository, reference, body, options);
    const std::string node = manifest_reference_of(path, "/v3/");
    if (!node.empty())
      note(Pushed::kNode, repository, node.find(':') == node.npos ? oci::Digest::of(body).str() : node);
  }
  const std::string_view actions = actions_of(method);
  http::Request request = prepare(std::move(method), base_ + std::string(path), repository, actions, options);
  request.body = body;
  request.has_body = needs_length || !body.empty();
  Result result = send(std::move(request), options);
  if (starts_upload) note_session(repository, result);
  return result;
}

Result Registry::get(std::string_view url, const Options& options) {
  std::string absolute = http::resolve(base_ + "/", url);
  const std::string repository = repository_of(absolute);
  return send(prepare("GET", std::move(absolute), repository, kPull, options), options);
}

}  // namespace referee::distribution
