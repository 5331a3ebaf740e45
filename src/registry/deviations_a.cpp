// Faults of proposal A: artifact manifests and their referrers.
#include <cstddef>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>

#include "byte_range.hpp"
#include "deviation_tools.hpp"
#include "referee/oci/media_types.hpp"

namespace referee::registry {

namespace {

constexpr std::ptrdiff_t kDefaultCut = 20;
const std::vector<std::string> kArtifactProfiles = {"a", "a-lenient"};

bool pushes_artifact(const Request& request) {
  return on(request, Method::kPut, Endpoint::kManifest) &&
         request.headers.value("Content-Type") == oci::media_type::kArtifactManifest;
}

/// Refuses a pushed artifact that lacks a field.
std::optional<Response> require_field(const Request& request, const char* field) {
  if (!pushes_artifact(request)) return std::nullopt;
  const auto manifest = pushed_manifest(request);
  if (!manifest.is_object() || manifest.contains(field)) return std::nullopt;
  return problem(400, code::kManifestInvalid, "a field is missing");
}

bool lists_artifacts(const Request& request) {
  return reads(request, Endpoint::kReferrers) && request.style == PathStyle::kExtension;
}

const Deviation kArtifactDeviations[] = {
    {.info = {"r.A.subject-missing-201", kFault, "an artifact is stored though its subject is not there", {"a"}},
     .adjust = [](Rules& rules) { rules.features.missing_subject = true; }},
    {.info = {"r.A.blob-subject-201", kFault, "an artifact is stored though its subject is a blob", kArtifactProfiles},
     .adjust = [](Rules& rules) { rules.check_subject_kind = false; }},
    {.info = {"r.A.blobs-manifest-ok", kFault, "an artifact may list a manifest among its blobs", kArtifactProfiles},
     .adjust = [](Rules& rules) { rules.check_artifact_blobs = false; }},
    {.info = {"r.A.artifacttype-optional", kFault, "an artifact without artifactType is stored", kArtifactProfiles},
     .adjust = [](Rules& rules) { rules.check_artifact_type = false; }},
    {.info = {"r.A.schemaversion-required", kFault, "an artifact without schemaVersion is refused", kArtifactProfiles},
     .before = [](Request& request, Core&) { return require_field(request, "schemaVersion"); }},
    {.info = {"r.A.blobs-required", kFault, "an artifact without the field blobs is refused", kArtifactProfiles},
     .before = [](Request& request, Core&) { return require_field(request, "blobs"); }},
    {.info = {"r.A.subject-required", kFault, "an artifact without subject is refused", kArtifactProfiles},
     .before = [](Request& request, Core&) { return require_field(request, "subject"); }},
    {.info = {"r.A.missing-blob-ok", kFault, "an artifact is stored though its blobs are not there", kArtifactProfiles},
     .adjust = [](Rules& rules) { rules.check_blobs = false; }},
    {.info = {"r.A.blob-artifacttype-ok", kFault, "a blob of an artifact may have an artifactType", kArtifactProfiles},
     .adjust = [](Rules& rules) { rules.check_blob_types = false; }},
    {.info = {"r.put.artifact-blobs-sorted",
              kFault,
              "the blobs of a stored artifact are sorted by digest",
              {"a", "a-lenient", "e"}},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (!reads(request, Endpoint::kManifest) || response.status != 200) return;
           if (response.headers.value("Content-Type") != oci::media_type::kArtifactManifest) return;
           read_body(response);
           edit_json(response, [](nlohmann::ordered_json& root) {
             if (!root.contains("blobs") || !root["blobs"].is_array()) return;
             std::map<std::string, nlohmann::ordered_json> sorted;
             for (const auto& blob : root["blobs"]) sorted.emplace(blob.value("digest", std::string()), blob);
             root["blobs"] = nlohmann::ordered_json::array();
             for (const auto& [digest, blob] : sorted) root["blobs"].push_back(blob);
           });
         }},
    {.info = {"r.A.default-page-cut", kFault, "without n a list of artifacts ends after 20", kArtifactProfiles},
     .after =
         [](const Request& request, Response& response, Core&) {
           auto list = list_of(request, response, Endpoint::kReferrers);
           if (!list || !lists_artifacts(request) || request.query.has("n") || std::ssize(*list) <= kDefaultCut) return;
           list->erase(list->begin() + kDefaultCut, list->end());
           set_list(response, Endpoint::kReferrers, std::move(*list));
         }},
    {.info = {"r.A.mediatype-in-index-refused", kFault, "an index that lists an artifact manifest is refused",
              kArtifactProfiles},
     .before = [](Request& request, Core&) -> std::optional<Response> {
       if (!pushes_index(request)) return std::nullopt;
       const auto index = pushed_manifest(request);
       if (!index.is_object() || !index.contains("manifests") || !index["manifests"].is_array()) return std::nullopt;
       for (const auto& entry : index["manifests"]) {
         if (entry.is_object() && entry.contains("mediaType") &&
             entry["mediaType"] == oci::media_type::kArtifactManifest) {
           return problem(400, code::kManifestInvalid, "an artifact manifest in an index");
         }
       }
       return std::nullopt;
     }},
    {.info = {"r.A.sort-none", kFault, "artifacts are not sorted by date", kArtifactProfiles},
     .adjust = [](Rules& rules) { rules.artifact_order = ArtifactOrder::kDigest; }},
    {.info = {"r.A.sort-oldest-first", kFault, "the oldest artifact comes first", kArtifactProfiles},
     .adjust = [](Rules& rules) { rules.artifact_order = ArtifactOrder::kOldestFirst; }},
    {.info = {"r.A.sort-lexical", kFault, "dates of artifacts are compared as texts", kArtifactProfiles},
     .adjust = [](Rules& rules) { rules.artifact_order = ArtifactOrder::kLexical; }},
    {.info = {"r.A.undated-first", kFault, "artifacts without a date come first", kArtifactProfiles},
     .adjust = [](Rules& rules) { rules.artifact_order = ArtifactOrder::kUndatedFirst; }},
    {.info = {"r.A.wrong-key", kFault, "artifacts are sorted by the date of an image", kArtifactProfiles},
     .adjust = [](Rules& rules) { rules.created_key = "org.opencontainers.image.created"; }},
    {.info = {"r.A.n-ignored", kFault, "n does not limit a page of artifacts", kArtifactProfiles},
     .before = [](Request& request, Core&) -> std::optional<Response> {
       if (lists_artifacts(request)) request.query.remove("n");
       return std::nullopt;
     }},
    {.info = {"r.A.n-overshoot", kFault, "a page of artifacts has one more than n", kArtifactProfiles},
     .before = [](Request& request, Core&) -> std::optional<Response> {
       std::uint64_t n = 0;
       const auto given = request.query.get("n");
       const bool counts = lists_artifacts(request) && given && parse_number(*given, n) && n > 0;
       if (counts && n < std::numeric_limits<std::uint64_t>::max()) request.query.set("n", std::to_string(n + 1));
       return std::nullopt;
     }},
    {.info = {"r.A.filter-MAY-404", kFault, "a filter, which may be ignored, is answered with 404", kArtifactProfiles},
     .before = [](Request& request, Core&) -> std::optional<Response> {
       if (!lists_artifacts(request) || !request.query.has("artifactType")) return std::nullopt;
       return problem(404, code::kUnsupported, "there is no filter");
     }},
    {.info = {"r.put.artman-201-not-indexed",
              kFault,
              "an artifact manifest is stored as anything, and never listed",
              {"a", "a-lenient", "e", "oci-1.0", "oci-1.0-strict-fields", "oci-1.0-no-nesting",
               "oci-1.0-immutable-tags", "conditional", "b", "c"}},
     .adjust = [](Rules& rules) { rules.opaque_artifacts = true; }},
};

}  // namespace

std::span<const Deviation> artifact_deviations() {
  return kArtifactDeviations;
}

}  // namespace referee::registry
