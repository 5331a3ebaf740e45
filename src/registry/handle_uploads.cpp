#include "byte_range.hpp"
#include "grammar.hpp"
#include "handlers.hpp"
#include "problem.hpp"
#include "upload_sink.hpp"

namespace referee::registry {

namespace {

using SinkOrResponse = tl::expected<std::unique_ptr<BodySink>, Response>;

Response upload_unknown() {
  return problem(404, code::kBlobUploadUnknown, "no such upload session");
}

tl::expected<std::unique_ptr<Upload>, Response> new_upload(const Request& request, Core& core,
                                                           oci::Algorithm algorithm) {
  auto writer = core.store().content().create();
  if (!writer) return tl::unexpected(storage_full());
  return std::make_unique<Upload>(request.route.repository, std::move(*writer), algorithm);
}

oci::Algorithm algorithm_of(std::string_view digest) {
  return digest.starts_with("sha512:") ? oci::Algorithm::kSha512 : oci::Algorithm::kSha256;
}

/// 201 if the mount succeeds, 400 on a malformed digest; else nothing, and an upload session follows.
std::optional<Response> try_mount(const Request& request, Core& core) {
  const auto digest = request.query.get("mount");
  if (!digest) return std::nullopt;
  if (digest_form(*digest) == DigestForm::kMalformed) {
    return problem(400, code::kDigestInvalid, "the digest to mount is malformed");
  }
  const auto& features = core.rules().features;
  const std::string from(request.query.get("from").value_or(""));
  if (!features.mount || (from.empty() && !features.mount_without_from)) return std::nullopt;
  if (!core.store().mount_blob(request.route.repository, std::string(*digest), from)) return std::nullopt;
  return blob_created(request.route.repository, *digest);
}

SinkOrResponse start_post(const Request& request, Core& core) {
  const auto& rules = core.rules();
  if (auto mounted = try_mount(request, core)) return tl::unexpected(std::move(*mounted));

  const auto digest = request.query.has("mount") ? std::nullopt : request.query.get("digest");
  if (digest) {
    if (auto refused = refuse_digest(*digest, rules)) return tl::unexpected(std::move(*refused));
  }
  if (digest && rules.features.single_post) {
    auto upload = new_upload(request, core, algorithm_of(*digest));
    if (!upload) return tl::unexpected(std::move(upload.error()));
    return std::make_unique<SinglePostSink>(core, std::move(*upload), std::string(*digest));
  }

  const auto algorithm = request.query.get("digest-algorithm").value_or("sha256");
  if (algorithm != "sha256" && (algorithm != "sha512" || !rules.features.sha512)) {
    return tl::unexpected(problem(400, code::kDigestInvalid, "this digest algorithm is not supported"));
  }
  auto upload = new_upload(request, core, algorithm == "sha512" ? oci::Algorithm::kSha512 : oci::Algorithm::kSha256);
  if (!upload) return tl::unexpected(std::move(upload.error()));
  const auto id = core.uploads().open(std::move(*upload));
  if (!id) return tl::unexpected(problem(429, code::kTooManyRequests, "too many open uploads"));
  auto response = session_response(202, request.route.repository, *id, 0);
  if (rules.chunk_minimum > 0) response.headers.add("OCI-Chunk-Min-Length", std::to_string(rules.chunk_minimum));
  return tl::unexpected(std::move(response));
}

Response out_of_order(const Request& request, std::uint64_t size) {
  const auto& [endpoint, repository, id] = request.route;
  auto response = problem(416, code::kBlobUploadInvalid, "the chunk does not start where the last one ended");
  const auto position = session_response(416, repository, id, size);
  for (const auto& [name, value] : position.headers) response.headers.add(name, value);
  return response;
}

/// Does a deviation let this chunk start elsewhere than at the end?
bool order_waived(const Request& request, const Rules& rules, std::uint64_t first, std::uint64_t size) {
  if (request.method == Method::kPut) return rules.accept_put_order;
  if (size == 0) return rules.accept_first_chunk;
  return first > size ? rules.accept_gap : rules.accept_overlap;
}

/// The length that Content-Range announces, if there is one.
tl::expected<std::optional<std::uint64_t>, Response> check_chunk(const Request& request, const Rules& rules,
                                                                 std::uint64_t size) {
  const auto header = request.headers.get("Content-Range");
  // A closing PUT without a last chunk has no range that could be wrong.
  if (!header || (request.method == Method::kPut && request.content_length == 0)) return std::nullopt;
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  if (!parse_chunk_range(trim(*header), first, last) || last < first || last - first == UINT64_MAX) {
    return tl::unexpected(problem(400, code::kBlobUploadInvalid, "Content-Range is malformed"));
  }
  if (first != size && !order_waived(request, rules, first, size)) return tl::unexpected(out_of_order(request, size));
  const auto length = last - first + 1;
  if (!rules.check_chunk_size) return std::nullopt;
  if (request.content_length && *request.content_length != length) {
    return tl::unexpected(problem(400, code::kSizeInvalid, "Content-Length and Content-Range differ"));
  }
  return length;
}

SinkOrResponse start_session(const Request& request, Core& core) {
  const auto& [endpoint, repository, id] = request.route;
  auto& uploads = core.uploads();
  const auto size = uploads.progress(id, repository);
  if (!size) return tl::unexpected(upload_unknown());

  std::optional<std::string> digest;
  if (request.method == Method::kPut) {
    const auto given = request.query.get("digest");
    if (!given && core.rules().digest_required) {
      return tl::unexpected(problem(400, code::kDigestInvalid, "the digest parameter is missing"));
    }
    if (auto refused = given ? refuse_digest(*given, core.rules()) : std::nullopt) {
      return tl::unexpected(std::move(*refused));
    }
    digest = given.value_or(std::string_view{});
  }
  auto lease = uploads.lease(id, repository);
  if (!lease) {
    // Two requests at once cannot both be in order.
    return tl::unexpected(lease.error() == Uploads::Miss::kBusy ? out_of_order(request, *size) : upload_unknown());
  }
  auto expected = check_chunk(request, core.rules(), (*lease)->size());
  if (!expected) return tl::unexpected(std::move(expected.error()));
  if (digest) (*lease)->expect(algorithm_of(*digest));
  return std::make_unique<SessionSink>(core, std::move(*lease), std::move(digest), *expected);
}

}  // namespace

tl::expected<std::unique_ptr<BodySink>, Response> start_upload(const Request& request, Core& core) {
  return request.route.endpoint == Endpoint::kUploads ? start_post(request, core) : start_session(request, core);
}

Response handle_upload_status(const Request& request, Core& core) {
  const auto& [endpoint, repository, id] = request.route;
  const auto size = core.uploads().progress(id, repository);
  return size ? session_response(204, repository, id, *size) : upload_unknown();
}

Response handle_upload_cancel(const Request& request, Core& core) {
  const auto& [endpoint, repository, id] = request.route;
  if (!core.rules().features.upload_cancel) return problem(405, code::kUnsupported, "uploads cannot be cancelled");
  if (!core.uploads().cancel(id, repository)) return upload_unknown();
  Response response;
  response.status = 204;
  return response;
}

}  // namespace referee::registry
