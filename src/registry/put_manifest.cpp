// Pushing manifests: end-7a and end-7b.
#include <chrono>
#include <thread>

#include "grammar.hpp"
#include "handlers.hpp"
#include "manifest_document.hpp"
#include "problem.hpp"

namespace referee::registry {

namespace {

struct Names {
  oci::Digest digest;
  std::vector<std::string> tags;
};

/// Under which digest and tags the manifest will be known.
tl::expected<Names, Response> names_of(const Request& request, const Rules& rules) {
  const auto& reference = request.route.reference;
  if (!looks_like_digest(reference)) {
    if (!accepts_tag(rules, reference)) {
      return tl::unexpected(problem(400, code::kManifestInvalid, "the reference is neither a tag nor a digest"));
    }
    return Names{oci::Digest::of(request.body), {reference}};
  }
  if (auto refused = refuse_digest(reference, rules)) return tl::unexpected(std::move(*refused));
  auto digest = *oci::Digest::parse(reference);
  if (rules.check_manifest_digest && oci::Digest::of(request.body, digest.algorithm()) != digest) {
    return tl::unexpected(problem(400, code::kDigestInvalid, "the manifest does not have this digest"));
  }
  auto tags = rules.features.tag_parameters ? request.query.all("tag") : std::vector<std::string>{};
  if (tags.size() > rules.most_tag_parameters) {
    return tl::unexpected(problem(414, code::kUnsupported, "too many tags in one request"));
  }
  for (const auto& tag : tags) {
    if (!accepts_tag(rules, tag)) {
      return tl::unexpected(problem(400, code::kManifestInvalid, "a tag parameter is not a valid tag"));
    }
  }
  return Names{std::move(digest), std::move(tags)};
}

/// Proposal A has the registry look at the subject of an artifact.
std::optional<Response> refuse_subject(const Request& request, Core& core, const ManifestDocument& document) {
  const auto& rules = core.rules();
  const auto& repository = request.route.repository;
  const auto& subject = document.subject;
  if (!document.artifact || document.link != Link::kArtifactSubject || subject.empty()) return std::nullopt;
  if (core.store().find_manifest(repository, subject)) return std::nullopt;
  if (core.store().has_blob(repository, subject)) {
    if (!rules.check_subject_kind) return std::nullopt;
    return problem(400, code::kManifestInvalid, "the subject is a blob");
  }
  if (rules.features.missing_subject) return std::nullopt;
  return problem(400, code::kManifestBlobUnknown, "the subject is not in this repository: " + subject);
}

/// The answer if something that the manifest needs is not in the repository.
std::optional<Response> refuse_missing(const Request& request, Core& core, const ManifestDocument& document) {
  const auto& repository = request.route.repository;
  auto& store = core.store();
  const auto missing = [](const std::string& digest) {
    return problem(400, code::kManifestBlobUnknown, "not in this repository: " + digest);
  };
  if (core.rules().check_blobs) {
    for (const auto& digest : document.blobs) {
      if (store.has_blob(repository, digest)) continue;
      const bool waived = document.artifact && !core.rules().check_artifact_blobs;
      if (!waived || !store.find_manifest(repository, digest)) return missing(digest);
    }
  }
  if (!core.rules().features.sparse_index) {
    for (const auto& digest : document.manifests) {
      if (!store.find_manifest(repository, digest) && !store.has_blob(repository, digest)) return missing(digest);
    }
  }
  if (auto refused = refuse_subject(request, core, document)) return refused;
  if (core.rules().require_subject && !document.subject.empty() && !store.find_manifest(repository, document.subject)) {
    return missing(document.subject);
  }
  return std::nullopt;
}

Response failure(WriteError error) {
  switch (error) {
    case WriteError::kPrecondition:
      return problem(412, code::kDenied, "the precondition does not hold");
    case WriteError::kImmutable:
      return problem(409, code::kDenied, "tags cannot be moved");
    case WriteError::kFull:
      return storage_full();
    default:
      return problem(500, code::kManifestInvalid, "the store failed");
  }
}

std::string join(const std::vector<std::string>& tags) {
  std::string text;
  for (const auto& tag : tags) text.append(text.empty() ? "" : ", ").append(tag);
  return text;
}

/// Without `atomic_conditions` the condition is judged first and the write made later, as a careless registry does.
bool precondition_fails_early(Condition& condition, const Request& request, Core& core) {
  if (core.rules().atomic_conditions) return false;
  const auto current = core.store().find_manifest(request.route.repository, request.route.reference);
  const bool holds = satisfies(condition, current ? std::string_view(current->digest) : std::string_view{});
  condition = {};
  std::this_thread::sleep_for(std::chrono::milliseconds(30));  // wide enough for another writer to slip in
  return !holds;
}

}  // namespace

Response handle_manifest_put(const Request& request, Core& core) {
  const auto& rules = core.rules();
  const auto& [endpoint, repository, reference] = request.route;
  auto names = names_of(request, rules);
  if (!names) return names.error();
  auto document = parse_manifest(request.body, request.headers.value("Content-Type"), parse_options(rules));
  if (!document) return problem(400, code::kManifestInvalid, document.error());
  if (auto refused = refuse_missing(request, core, *document)) return *refused;
  const auto subject = document->subject;
  if (document->index && !rules.index_subjects) document->subject.clear();

  const bool by_tag = !looks_like_digest(reference);
  auto condition = by_tag ? write_condition(request, rules) : Condition{};
  if (by_tag && precondition_fails_early(condition, request, core)) return failure(WriteError::kPrecondition);
  condition.immutable = rules.features.immutable_tags;
  const auto digest = names->digest.str();
  const auto stored = core.store().put_manifest(repository, describe(*document, digest, request.body.size()),
                                                request.body, names->tags, condition);
  if (!stored) return failure(stored.error());

  Response response;
  response.status = 201;
  response.headers.add("Location", path_to(repository, "manifests", reference, request.style));
  response.headers.add("Docker-Content-Digest", digest);
  if (rules.features.conditional) response.headers.add("ETag", entity_tag(digest));
  if (!subject.empty() && rules.features.referrers) response.headers.add("OCI-Subject", subject);
  if (!by_tag && !names->tags.empty()) response.headers.add("OCI-Tag", join(names->tags));
  return response;
}

}  // namespace referee::registry
