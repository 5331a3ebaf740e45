// Reading and deleting manifests.
#include "grammar.hpp"
#include "handlers.hpp"
#include "problem.hpp"

namespace referee::registry {

namespace {

Response unknown(const Request& request, Core& core) {
  if (!core.store().has_repository(request.route.repository)) {
    return problem(404, code::kNameUnknown, "no such repository");
  }
  return problem(404, code::kManifestUnknown, "no such manifest in this repository");
}

std::optional<Response> refuse_reference(const Request& request, const Rules& rules) {
  const auto& reference = request.route.reference;
  if (looks_like_digest(reference)) {
    if (digest_form(reference) != DigestForm::kMalformed) return std::nullopt;
    return problem(400, code::kDigestInvalid, "the digest is malformed");
  }
  if (accepts_tag(rules, reference)) return std::nullopt;
  return problem(400, code::kManifestInvalid, "the reference is neither a tag nor a digest");
}

Response remove(const Request& request, Core& core) {
  const auto& [endpoint, repository, reference] = request.route;
  const auto& rules = core.rules();
  const bool by_digest = looks_like_digest(reference);
  if (by_digest && !rules.features.manifest_delete)
    return problem(405, code::kUnsupported, "manifests cannot be deleted");
  if (!by_digest && !rules.features.tag_delete) return problem(405, code::kUnsupported, "tags cannot be deleted");

  auto& store = core.store();
  const auto condition = write_condition(request, rules);
  const auto manifest = by_digest ? nullptr : store.find_manifest(repository, reference);
  const auto done = by_digest ? store.delete_manifest(repository, reference, condition,
                                                      {rules.delete_manifest_keeps_tags, rules.referrers_keep_deleted})
                              : store.delete_tag(repository, reference, condition);
  if (!done) {
    return done.error() == WriteError::kPrecondition ? problem(412, code::kDenied, "the precondition does not hold")
                                                     : unknown(request, core);
  }
  if (manifest && rules.delete_tag_deletes_manifest) (void)store.delete_manifest(repository, manifest->digest, {});
  Response response;
  response.status = 202;
  return response;
}

}  // namespace

tl::expected<std::string, Response> resolve_reference(const Request& request, Core& core) {
  if (auto refused = refuse_reference(request, core.rules())) return tl::unexpected(std::move(*refused));
  const auto& reference = request.route.reference;
  if (looks_like_digest(reference)) return reference;
  const auto manifest = core.store().find_manifest(request.route.repository, reference);
  if (!manifest) return tl::unexpected(unknown(request, core));
  return manifest->digest;
}

Response handle_manifest(const Request& request, Core& core) {
  if (auto refused = refuse_reference(request, core.rules())) return *refused;
  if (request.method == Method::kDelete) return remove(request, core);

  const auto manifest = core.store().find_manifest(request.route.repository, request.route.reference);
  auto content = manifest ? core.store().open_manifest(manifest->digest) : nullptr;
  if (!content) return unknown(request, core);
  if (auto response = read_condition(request, core.rules(), manifest->digest)) return *response;

  Response response;
  response.headers.add("Content-Type", manifest->media_type);
  response.headers.add("Docker-Content-Digest", manifest->digest);
  if (core.rules().features.conditional) response.headers.add("ETag", entity_tag(manifest->digest));
  response.length = content->size();
  response.content = std::move(content);
  return response;
}

}  // namespace referee::registry
