#include "byte_range.hpp"
#include "grammar.hpp"
#include "handlers.hpp"
#include "problem.hpp"

namespace referee::registry {

namespace {

Response blob_unknown(const Request& request, Core& core) {
  if (!core.store().has_repository(request.route.repository)) {
    return problem(404, code::kNameUnknown, "no such repository");
  }
  return problem(404, code::kBlobUnknown, "no such blob in this repository");
}

Response delete_blob(const Request& request, Core& core) {
  if (!core.rules().features.blob_delete) return problem(405, code::kUnsupported, "blobs cannot be deleted");
  const auto done = core.store().delete_blob(request.route.repository, request.route.reference);
  if (!done) return blob_unknown(request, core);
  Response response;
  response.status = 202;
  return response;
}

/// If-Range holds when it names this very content; otherwise the whole is sent (RFC 9110, 13.1.5).
bool range_applies(const Request& request, std::string_view digest) {
  const auto condition = request.headers.get("If-Range");
  return !condition || trim(*condition) == entity_tag(digest);
}

}  // namespace

Response handle_blob(const Request& request, Core& core) {
  const auto& [endpoint, repository, digest] = request.route;
  if (digest_form(digest) == DigestForm::kMalformed) {
    return problem(400, code::kDigestInvalid, "the digest is malformed");
  }
  if (request.method == Method::kDelete) return delete_blob(request, core);

  auto content = core.store().find_blob(repository, digest);
  if (!content) return blob_unknown(request, core);
  if (auto response = read_condition(request, core.rules(), digest)) return *response;

  Response response;
  response.headers.add("Content-Type", "application/octet-stream");
  response.headers.add("Docker-Content-Digest", digest);
  if (core.rules().features.conditional) response.headers.add("ETag", entity_tag(digest));
  response.length = content->size();
  if (core.rules().features.range) {
    response.headers.add("Accept-Ranges", "bytes");
    const auto size = content->size();
    const bool wanted = request.method == Method::kGet && range_applies(request, digest);
    const auto range = wanted ? byte_range(request.headers.value("Range"), size) : ByteRange{};
    if (range.kind == ByteRange::Kind::kUnsatisfiable) {
      auto refused = problem(416, code::kSizeInvalid, "the range is not within the blob");
      refused.headers.add("Content-Range", "bytes */" + std::to_string(size));
      return refused;
    }
    if (range.kind == ByteRange::Kind::kPart) {
      response.status = 206;
      response.offset = range.first;
      response.length = range.length;
      response.headers.add("Content-Range", "bytes " + std::to_string(range.first) + "-" +
                                                std::to_string(range.first + range.length - 1) + "/" +
                                                std::to_string(size));
    }
  }
  response.content = std::move(content);
  return response;
}

}  // namespace referee::registry
