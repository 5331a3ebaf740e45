// Faults of pushing manifests by tag and with tag parameters (end-7a, end-7b).
#include <nlohmann/json.hpp>

#include "deviation_tools.hpp"

namespace referee::registry {

namespace {

using Json = nlohmann::ordered_json;

const Deviation kPutTagDeviations[] = {
    {.info = {"r.put.tag-not-set", kFault, "a manifest pushed by tag is stored, but the tag is not set"},
     .before = [](Request& request, Core&) -> std::optional<Response> {
       if (!on(request, Method::kPut, Endpoint::kManifest)) return std::nullopt;
       if (by_tag(request)) request.route.reference = oci::Digest::of(request.body).str();
       return std::nullopt;
     }},
    {.info = {"r.put.tag-sticky", kFault, "a tag stays with the manifest that it was first given to"},
     .before = [](Request& request, Core& core) -> std::optional<Response> {
       if (!on(request, Method::kPut, Endpoint::kManifest)) return std::nullopt;
       if (by_tag(request) && core.store().find_manifest(request.route.repository, request.route.reference)) {
         request.route.reference = oci::Digest::of(request.body).str();
       }
       return std::nullopt;
     }},
    {.info = {"r.put.retag-drops-old", kFault, "the manifest that a tag led to is deleted when the tag moves"},
     .before = [](Request& request, Core& core) -> std::optional<Response> {
       if (!on(request, Method::kPut, Endpoint::kManifest)) return std::nullopt;
       if (!by_tag(request)) return std::nullopt;
       const auto old = core.store().find_manifest(request.route.repository, request.route.reference);
       if (old) request.query.set("referee-old", old->digest);
       return std::nullopt;
     },
     .after =
         [](const Request& request, Response& response, Core& core) {
           if (!on(request, Method::kPut, Endpoint::kManifest) || response.status != 201) return;
           const auto old = request.query.get("referee-old");
           if (!old || *old == oci::Digest::of(request.body).str()) return;
           (void)core.store().delete_manifest(request.route.repository, std::string(*old), {});
         }},
    {.info = {"r.put.one-tag-per-manifest", kFault, "a new tag of a manifest takes away its other tags"},
     .after =
         [](const Request& request, Response& response, Core& core) {
           if (!on(request, Method::kPut, Endpoint::kManifest) || response.status != 201) return;
           if (!by_tag(request)) return;
           const auto& repository = request.route.repository;
           const auto pushed = core.store().find_manifest(repository, request.route.reference);
           for (const auto& tag : all_tags(core, repository)) {
             const auto other = core.store().find_manifest(repository, tag);
             if (tag != request.route.reference && pushed && other && other->digest == pushed->digest) {
               (void)core.store().delete_tag(repository, tag, {});
             }
           }
         }},
    {.info = {"r.put.tag-capitals-refused", kFault, "a tag with a capital letter is refused"},
     .before = [](Request& request, Core&) -> std::optional<Response> {
       if (!on(request, Method::kPut, Endpoint::kManifest)) return std::nullopt;
       if (by_tag(request) && std::ranges::any_of(request.route.reference, [](char c) { return c >= 'A' && c <= 'Z'; }))
         return problem(400, code::kManifestInvalid, "the tag is not valid");
       return std::nullopt;
     }},
    {.info = {"r.put.tag-parameter-not-set", kFault, "tag parameters are confirmed but not set"},
     .before = [](Request& request, Core&) -> std::optional<Response> {
       if (!on(request, Method::kPut, Endpoint::kManifest)) return std::nullopt;
       std::string tags;
       for (const auto& tag : request.query.all("tag")) tags += (tags.empty() ? "" : ", ") + tag;
       request.query.remove("tag");
       if (!tags.empty()) request.query.set("referee-tags", tags);
       return std::nullopt;
     },
     .after =
         [](const Request& request, Response& response, Core&) {
           if (!on(request, Method::kPut, Endpoint::kManifest) || response.status != 201) return;
           if (const auto tags = request.query.get("referee-tags")) response.headers.set("OCI-Tag", std::string(*tags));
         }},
    {.info = {"r.put.oci-tag-first-only", kFault, "OCI-Tag names the first of several tags"},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (!on(request, Method::kPut, Endpoint::kManifest) || response.status != 201) return;
           const auto tags = request.query.all("tag");
           if (!tags.empty() && response.headers.has("OCI-Tag")) response.headers.set("OCI-Tag", tags.front());
         }},
    {.info = {"r.put.tag-parameters-max-5", kFault, "only the first five tag parameters are taken"},
     .before = [](Request& request, Core&) -> std::optional<Response> {
       if (!on(request, Method::kPut, Endpoint::kManifest)) return std::nullopt;
       const auto tags = request.query.all("tag");
       if (tags.size() <= 5) return std::nullopt;
       const auto query =
           "tag=" + tags[0] + "&tag=" + tags[1] + "&tag=" + tags[2] + "&tag=" + tags[3] + "&tag=" + tags[4];
       request.query = Query::parse(query).value_or(Query{});
       return std::nullopt;
     }},
};

}  // namespace

std::span<const Deviation> put_tag_deviations() {
  return kPutTagDeviations;
}

}  // namespace referee::registry
