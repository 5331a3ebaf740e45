// Faults of deleting (end-9, end-10).
#include <algorithm>
#include <nlohmann/json.hpp>

#include "deviation_tools.hpp"

namespace referee::registry {

namespace {

using Json = nlohmann::ordered_json;

const Deviation kDeleteDeviations[] = {
    {.info = {"r.del.disabled-500", kFault, "deleting is switched off and answered with 500"},
     .before = [](Request& request, Core&) -> std::optional<Response> {
       const auto endpoint = request.route.endpoint;
       if (request.method != Method::kDelete) return std::nullopt;
       if (endpoint != Endpoint::kManifest && endpoint != Endpoint::kBlob) return std::nullopt;
       return problem(500, code::kUnsupported, "deleting is switched off");
       return std::nullopt;
     }},
    {.info = {"r.del.tag-status-200", kFault, "a tag is deleted with 200"},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (!on(request, Method::kDelete, Endpoint::kManifest) || response.status != 202) return;
           if (by_tag(request)) response.status = 200;
         }},
    {.info = {"r.del.manifest-status-200", kFault, "a manifest is deleted with 200"},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (!on(request, Method::kDelete, Endpoint::kManifest) || response.status != 202) return;
           if (!by_tag(request)) response.status = 200;
         }},
    {.info = {"r.del.blob-status-200", kFault, "a blob is deleted with 200"},
     .after = answer_as<Method::kDelete, Endpoint::kBlob, 202, 200>},
    {.info = {"r.del.tag-stays", kFault, "deleting a tag does nothing"},
     .before = [](Request& request, Core& core) -> std::optional<Response> {
       if (!on(request, Method::kDelete, Endpoint::kManifest)) return std::nullopt;
       if (!by_tag(request) || !core.store().find_manifest(request.route.repository, request.route.reference))
         return std::nullopt;
       Response response;
       response.status = 202;
       return response;
       return std::nullopt;
     }},
    {.info = {"r.del.manifest-stays", kFault, "deleting a manifest does nothing"},
     .before = [](Request& request, Core& core) -> std::optional<Response> {
       if (!on(request, Method::kDelete, Endpoint::kManifest)) return std::nullopt;
       if (by_tag(request) || !core.store().find_manifest(request.route.repository, request.route.reference))
         return std::nullopt;
       Response response;
       response.status = 202;
       return response;
       return std::nullopt;
     }},
    {.info = {"r.del.blob-stays", kFault, "deleting a blob does nothing"},
     .before = [](Request& request, Core& core) -> std::optional<Response> {
       if (!on(request, Method::kDelete, Endpoint::kBlob) ||
           !core.store().has_blob(request.route.repository, request.route.reference))
         return std::nullopt;
       Response response;
       response.status = 202;
       return response;
       return std::nullopt;
     }},
    {.info = {"r.del.tag-deletes-manifest", kFault, "deleting a tag deletes its manifest"},
     .adjust = [](Rules& rules) { rules.delete_tag_deletes_manifest = true; }},
    {.info = {"r.del.tag-deletes-other-tags", kFault, "deleting a tag deletes the other tags of its manifest"},
     .before = [](Request& request, Core& core) -> std::optional<Response> {
       if (!on(request, Method::kDelete, Endpoint::kManifest)) return std::nullopt;
       const auto& repository = request.route.repository;
       const auto manifest =
           by_tag(request) ? core.store().find_manifest(repository, request.route.reference) : nullptr;
       if (!manifest) return std::nullopt;
       for (const auto& tag : all_tags(core, repository)) {
         const auto other = core.store().find_manifest(repository, tag);
         if (tag != request.route.reference && other && other->digest == manifest->digest)
           (void)core.store().delete_tag(repository, tag, {});
       }
       return std::nullopt;
     }},
    {.info = {"r.del.tag-unlists-referrer", kFault, "deleting a tag takes its manifest off the referrers list"},
     .before = [](Request& request, Core& core) -> std::optional<Response> {
       if (!on(request, Method::kDelete, Endpoint::kManifest)) return std::nullopt;
       const auto manifest =
           by_tag(request) ? core.store().find_manifest(request.route.repository, request.route.reference) : nullptr;
       if (manifest) add_note(core, "unlisted: " + request.route.repository, manifest->digest);
       return std::nullopt;
     },
     .after =
         [](const Request& request, Response& response, Core& core) {
           auto list = list_of(request, response, Endpoint::kReferrers);
           if (!list) return;

           const auto unlisted = note_lines(core, "unlisted: " + request.route.repository);
           Json kept = Json::array();
           for (const auto& entry : *list) {
             if (std::ranges::find(unlisted, entry.value("digest", std::string())) == unlisted.end())
               kept.push_back(entry);
           }
           set_list(response, Endpoint::kReferrers, kept);
         }},
    {.info = {"r.del.tag-tombstone", kFault, "a deleted tag cannot be set again"},
     .after =
         [](const Request& request, Response& response, Core& core) {
           const auto note = "tomb: " + request.route.repository + "/" + request.route.reference;
           if (on(request, Method::kDelete, Endpoint::kManifest) && response.status == 202 && by_tag(request))
             core.remember(note, "yes");
           if (reads(request, Endpoint::kManifest) && core.recall(note))
             response = problem(404, code::kManifestUnknown, "deleted for ever");
         }},
    {.info = {"r.del.manifest-tombstone", kFault, "a deleted manifest cannot be pushed again"},
     .after =
         [](const Request& request, Response& response, Core& core) {
           const auto note = "tomb: " + request.route.repository + "/" + request.route.reference;
           if (on(request, Method::kDelete, Endpoint::kManifest) && response.status == 202 && !by_tag(request))
             core.remember(note, "yes");
           if (reads(request, Endpoint::kManifest) && core.recall(note))
             response = problem(404, code::kManifestUnknown, "deleted for ever");
         }},
    {.info = {"r.del.blob-tombstone", kFault, "a deleted blob cannot be pushed again"},
     .after =
         [](const Request& request, Response& response, Core& core) {
           const auto note = "tomb: " + request.route.repository + "/" + request.route.reference;
           if (on(request, Method::kDelete, Endpoint::kBlob) && response.status == 202) core.remember(note, "yes");
           if (reads(request, Endpoint::kBlob) && core.recall(note))
             response = problem(404, code::kBlobUnknown, "deleted for ever");
         }},
    {.info = {"r.del.absent-500", kFault, "deleting an absent tag or manifest is answered with 500"},
     .after =
         [](const Request& request, Response& response, Core& core) {
           if (on(request, Method::kDelete, Endpoint::kManifest) && response.status == 404 &&
               core.store().has_repository(request.route.repository))
             response.status = 500;
         }},
    {.info = {"r.del.leaves-tag", kFault, "the tags of a deleted manifest stay and go on serving it"},
     .adjust = [](Rules& rules) { rules.delete_manifest_keeps_tags = true; }},
    {.info = {"r.del.manifest-deletes-all", kFault, "deleting a manifest deletes every manifest of its repository"},
     .after =
         [](const Request& request, Response& response, Core& core) {
           const auto note = "pushed: " + request.route.repository;
           if (on(request, Method::kPut, Endpoint::kManifest) && response.status == 201) {
             add_note(core, note, std::string(response.headers.value("Docker-Content-Digest")));
           }
           if (!on(request, Method::kDelete, Endpoint::kManifest) || response.status != 202) return;
           if (by_tag(request)) return;
           for (const auto& digest : note_lines(core, note))
             (void)core.store().delete_manifest(request.route.repository, digest, {});
         }},
    {.info = {"r.del.index-deletes-images", kFault, "deleting an index deletes the manifests that it lists"},
     .before = [](Request& request, Core& core) -> std::optional<Response> {
       if (!on(request, Method::kDelete, Endpoint::kManifest)) return std::nullopt;
       const auto index = stored_manifest(core, request.route.repository, request.route.reference);
       if (by_tag(request) || !index.is_object() || !index.contains("manifests")) return std::nullopt;
       for (const auto& entry : index["manifests"]) {
         (void)core.store().delete_manifest(request.route.repository, entry.value("digest", std::string()), {});
       }
       return std::nullopt;
     }},
    {.info = {"r.del.cross-repo", kFault, "deleting a manifest deletes it in every repository"},
     .after =
         [](const Request& request, Response& response, Core& core) {
           if (!on(request, Method::kDelete, Endpoint::kManifest) || response.status != 202) return;
           if (by_tag(request)) return;
           for (const auto& repository : core.store().repositories())
             (void)core.store().delete_manifest(repository, request.route.reference, {});
         }},
    {.info = {"r.del.blob-cross-repo", kFault, "deleting a blob deletes it in every repository"},
     .after =
         [](const Request& request, Response& response, Core& core) {
           if (!on(request, Method::kDelete, Endpoint::kBlob) || response.status != 202) return;
           for (const auto& repository : core.store().repositories())
             (void)core.store().delete_blob(repository, request.route.reference);
         }},
    {.info = {"r.del.absent-repository-202", kFault,
              "deleting a manifest in an unknown repository is answered with 202"},
     .after =
         [](const Request& request, Response& response, Core& core) {
           if (!on(request, Method::kDelete, Endpoint::kManifest) || response.status != 404 ||
               core.store().has_repository(request.route.repository))
             return;
           response = Response{};
           response.status = 202;
         }},
    {.info = {"r.del.absent-blob-202", kFault, "deleting an absent blob is answered with 202"},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (!on(request, Method::kDelete, Endpoint::kBlob) || response.status != 404) return;
           response = Response{};
           response.status = 202;
         }},
    {.info = {"r.del.cascade-tagged", kFault, "deleting a manifest deletes its referrers, tagged ones too"},
     .before = [](Request& request, Core& core) -> std::optional<Response> {
       if (!on(request, Method::kDelete, Endpoint::kManifest)) return std::nullopt;
       if (by_tag(request)) return std::nullopt;
       for (const auto& referrer : core.store().referrers(request.route.repository, request.route.reference)) {
         (void)core.store().delete_manifest(request.route.repository, referrer->digest, {});
       }
       return std::nullopt;
     }},
    {.info = {"r.del.cascade-keeps-list", kFault,
              "deleting a manifest deletes its untagged referrers, but they stay listed"},
     .before = [](Request& request, Core& core) -> std::optional<Response> {
       if (!on(request, Method::kDelete, Endpoint::kManifest)) return std::nullopt;
       if (by_tag(request)) return std::nullopt;
       for (const auto& referrer : core.store().referrers(request.route.repository, request.route.reference)) {
         if (!is_tagged(core, request.route.repository, referrer->digest)) {
           (void)core.store().delete_manifest(request.route.repository, referrer->digest, {},
                                              {.keep_tags = false, .keep_referrer = true});
         }
       }
       return std::nullopt;
     }},
};

}  // namespace

std::span<const Deviation> delete_deviations() {
  return kDeleteDeviations;
}

}  // namespace referee::registry
