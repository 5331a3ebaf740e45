// Faults of the referrers list (end-12a): its answer and its members.
#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <thread>

#include "deviation_tools.hpp"

namespace referee::registry {

namespace {

using Json = nlohmann::ordered_json;

/// The descriptor of a stored referrer, or null.
Json descriptor_of(const Request& request, Core& core, const std::string& digest) {
  const auto manifest = core.store().find_manifest(request.route.repository, digest);
  if (!manifest) return nullptr;
  if (!manifest->descriptor.empty()) return Json::parse(manifest->descriptor);
  return {{"mediaType", manifest->media_type}, {"digest", manifest->digest}, {"size", manifest->size}};
}

/// What a manifest that was just stored refers to, in OCI 1.1 and in the proposals; empty without.
std::string pushed_subject(const Request& request, const Response& response) {
  if (!on(request, Method::kPut, Endpoint::kManifest) || response.status != 201) return {};
  if (response.headers.has("OCI-Subject")) return std::string(response.headers.value("OCI-Subject"));
  const auto manifest = pushed_manifest(request);
  for (const auto* field : {"refers", "reference"}) {
    if (manifest.is_object() && manifest.contains(field) && manifest[field].is_object()) {
      return manifest[field].value("digest", std::string());
    }
  }
  return {};
}

const Deviation kReferrersDeviations[] = {
    {.info = {"r.ref.needs-push-scope",
              kFault,
              "the list of what refers to a manifest is only for those who may push",
              {"a", "a-lenient", "b", "e"}},
     .after =
         [](const Request& request, Response& response, Core&) {
           // Nobody has credentials here, so that nobody may.
           if (!lists(request, response, Endpoint::kReferrers)) return;
           response = problem(403, code::kDenied, "this needs the right to push");
         }},
    {.info = {"r.ref.unsupported-405", kFault, "a registry without the referrers API answers 405 there", {"oci-1.0"}},
     .after =
         [](const Request& request, Response& response, Core& core) {
           if (!reads(request, Endpoint::kReferrers) || response.status != 404) return;
           if (!core.rules().features.referrers) response.status = 405;
         }},
    {.info = {"r.ref.status-203", kFault, "a referrers list with entries is answered with 203"},
     .after =
         [](const Request& request, Response& response, Core&) {
           auto list = list_of(request, response, Endpoint::kReferrers);
           if (!list) return;
           if (!list->empty()) response.status = 203;
         }},
    {.info = {"r.ref.404-when-empty", kFault, "an empty referrers list is answered with 404"},
     .after =
         [](const Request& request, Response& response, Core&) {
           auto list = list_of(request, response, Endpoint::kReferrers);
           if (!list) return;

           if (list->empty()) response = problem(404, code::kManifestUnknown, "no referrers");
         }},
    {.info = {"r.ref.404-when-subject-absent", kFault, "the referrers of an absent manifest are answered with 404"},
     .before = [](Request& request, Core& core) -> std::optional<Response> {
       if (reads(request, Endpoint::kReferrers) && oci::Digest::parse(request.route.reference) &&
           !core.store().find_manifest(request.route.repository, request.route.reference)) {
         return problem(404, code::kManifestUnknown, "no such manifest");
       }
       return std::nullopt;
     }},
    {.info = {"r.ref.null-list", kFault, "the manifests of an empty referrers list are null"},
     .after =
         [](const Request& request, Response& response, Core&) {
           auto list = list_of(request, response, Endpoint::kReferrers);
           if (!list) return;
           if (list->empty()) set_list(response, Endpoint::kReferrers, nullptr);
         }},
    {.info = {"r.ref.absent-repository-500", kFault,
              "the referrers list of an unknown repository is answered with 500"},
     .before = [](Request& request, Core& core) -> std::optional<Response> {
       if (reads(request, Endpoint::kReferrers) && !core.store().has_repository(request.route.repository)) {
         return problem(500, code::kNameUnknown, "no such repository");
       }
       return std::nullopt;
     }},
    {.info = {"r.ref.bad-digest-200", kFault, "a malformed digest has an empty referrers list"},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (!reads(request, Endpoint::kReferrers) || response.status != 400) return;
           response = Response{};
           response.headers.add("Content-Type", "application/vnd.oci.image.index.v1+json");
           response.body =
               R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]})";
         }},
    {.info = {"r.ref.bad-digest-404", kFault, "the referrers of a malformed digest are answered with 404"},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (reads(request, Endpoint::kReferrers) && response.status == 400) response.status = 404;
         }},
    {.info = {"r.ref.wrong-content-type", kFault, "the referrers list comes as application/json"},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (lists(request, response, Endpoint::kReferrers)) response.headers.set("Content-Type", "application/json");
         }},
    {.info = {"r.ref.no-schemaversion", kFault, "the referrers list has no schemaVersion"},
     .after =
         [](const Request& request, Response& response, Core&) {
           auto list = list_of(request, response, Endpoint::kReferrers);
           if (!list) return;
           edit_json(response, [](Json& root) { root.erase("schemaVersion"); });
         }},
    {.info = {"r.ref.no-mediatype-field", kFault, "the referrers list has no mediaType"},
     .after =
         [](const Request& request, Response& response, Core&) {
           auto list = list_of(request, response, Endpoint::kReferrers);
           if (!list) return;
           edit_json(response, [](Json& root) { root.erase("mediaType"); });
         }},
    {.info = {"r.ref.all-in-repository", kFault, "the list holds every manifest of the repository that has a subject"},
     .after =
         [](const Request& request, Response& response, Core& core) {
           const auto note = "referrers in: " + request.route.repository;
           if (on(request, Method::kPut, Endpoint::kManifest) && response.headers.has("OCI-Subject")) {
             add_note(core, note, std::string(response.headers.value("Docker-Content-Digest")));
           }
           auto list = list_of(request, response, Endpoint::kReferrers);
           if (!list) return;
           for (const auto& digest : note_lines(core, note)) {
             const auto entry = descriptor_of(request, core, digest);
             if (!entry.is_null() && !holds(*list, digest)) list->push_back(entry);
           }
           set_list(response, Endpoint::kReferrers, *list);
         }},
    {.info = {"r.ref.lists-subject", kFault, "a list with entries also holds the subject"},
     .after =
         [](const Request& request, Response& response, Core& core) {
           auto list = list_of(request, response, Endpoint::kReferrers);
           if (!list) return;

           const auto entry = descriptor_of(request, core, request.route.reference);
           if (list->empty() || entry.is_null()) return;
           list->push_back(entry);
           set_list(response, Endpoint::kReferrers, *list);
         }},
    {.info = {"r.ref.wrong-size", kFault, "the descriptors have the size 0"},
     .after =
         [](const Request& request, Response& response, Core&) {
           auto list = list_of(request, response, Endpoint::kReferrers);
           if (!list) return;

           for (auto& entry : *list) {
             entry["size"] = 0;
           }
           set_list(response, Endpoint::kReferrers, *list);
         }},
    {.info = {"r.ref.lists-tagged-only", kFault, "manifests without a tag are not listed"},
     .after =
         [](const Request& request, Response& response, Core& core) {
           auto list = list_of(request, response, Endpoint::kReferrers);
           if (!list) return;

           Json kept = Json::array();
           for (const auto& entry : *list) {
             if (is_tagged(core, request.route.repository, entry.value("digest", std::string()))) kept.push_back(entry);
           }
           set_list(response, Endpoint::kReferrers, kept);
         }},
    {.info = {"r.ref.lists-untagged-only", kFault, "manifests with a tag are not listed"},
     .after =
         [](const Request& request, Response& response, Core& core) {
           auto list = list_of(request, response, Endpoint::kReferrers);
           if (!list) return;

           Json kept = Json::array();
           for (const auto& entry : *list) {
             if (!is_tagged(core, request.route.repository, entry.value("digest", std::string())))
               kept.push_back(entry);
           }
           set_list(response, Endpoint::kReferrers, kept);
         }},
    {.info = {"r.ref.index-subject-ignored", kFault, "an index with a subject is not listed"},
     .adjust = [](Rules& rules) { rules.index_subjects = false; }},
    {.info = {"r.ref.cycle-unlisted", kFault, "an index that lists its own subject is not listed"},
     .after =
         [](const Request& request, Response& response, Core& core) {
           auto list = list_of(request, response, Endpoint::kReferrers);
           if (!list) return;

           Json kept = Json::array();
           for (const auto& entry : *list) {
             if (!holds(entry_manifest(request, core, entry).value("manifests", nlohmann::json::array()),
                        request.route.reference))
               kept.push_back(entry);
           }
           set_list(response, Endpoint::kReferrers, kept);
         }},
    {.info = {"r.ref.second-level-ignored", kFault, "a referrer of a referrer is not listed"},
     .after =
         [](const Request& request, Response& response, Core& core) {
           auto list = list_of(request, response, Endpoint::kReferrers);
           if (!list) return;

           const auto subject = stored_manifest(core, request.route.repository, request.route.reference);
           if (subject.is_object() && subject.contains("subject"))
             set_list(response, Endpoint::kReferrers, Json::array());
         }},
    {.info = {"r.ref.transitive", kFault, "the list also holds the referrers of its entries"},
     .after =
         [](const Request& request, Response& response, Core& core) {
           auto list = list_of(request, response, Endpoint::kReferrers);
           if (!list) return;

           const auto direct = *list;
           for (const auto& entry : direct) {
             for (const auto& further :
                  core.store().referrers(request.route.repository, entry.value("digest", std::string()))) {
               list->push_back(Json::parse(further->descriptor));
             }
           }
           set_list(response, Endpoint::kReferrers, *list);
         }},
    {.info = {"r.ref.cross-repo", kFault, "the list holds referrers of every repository"},
     .adjust = [](Rules& rules) { rules.referrers_across_repositories = true; }},
    {.info = {"r.ref.sha512-unlisted", kFault, "a subject with a sha512 digest has an empty list"},
     .after =
         [](const Request& request, Response& response, Core&) {
           auto list = list_of(request, response, Endpoint::kReferrers);
           if (!list) return;

           if (request.route.reference.starts_with("sha512:")) set_list(response, Endpoint::kReferrers, Json::array());
         }},
    {.info = {"r.ref.subject-push-clears", kFault, "pushing a subject empties its list"},
     .before = [](Request& request, Core& core) -> std::optional<Response> {
       if (!on(request, Method::kPut, Endpoint::kManifest)) return std::nullopt;
       const auto digest = oci::Digest::of(request.body).str();
       if (core.store().find_manifest(request.route.repository, digest)) return std::nullopt;
       for (const auto& referrer : core.store().referrers(request.route.repository, digest)) {
         add_note(core, "cleared: " + request.route.repository + digest, referrer->digest);
       }
       return std::nullopt;
     },
     .after =
         [](const Request& request, Response& response, Core& core) {
           auto list = list_of(request, response, Endpoint::kReferrers);
           if (!list) return;

           const auto cleared = note_lines(core, "cleared: " + request.route.repository + request.route.reference);
           Json kept = Json::array();
           for (const auto& entry : *list) {
             if (std::ranges::find(cleared, entry.value("digest", std::string())) == cleared.end())
               kept.push_back(entry);
           }
           set_list(response, Endpoint::kReferrers, kept);
         }},
    {.info = {"r.ref.dup-on-repush", kFault, "pushing a referrer again lists it again"},
     .before = [](Request& request, Core& core) -> std::optional<Response> {
       if (!on(request, Method::kPut, Endpoint::kManifest)) return std::nullopt;
       const auto digest = oci::Digest::of(request.body).str();
       if (core.store().find_manifest(request.route.repository, digest))
         add_note(core, "again: " + request.route.repository, digest);
       return std::nullopt;
     },
     .after =
         [](const Request& request, Response& response, Core& core) {
           auto list = list_of(request, response, Endpoint::kReferrers);
           if (!list) return;

           Json shown = Json::array();
           const auto again = note_lines(core, "again: " + request.route.repository);
           for (const auto& entry : *list) {
             for (auto times = 1 + std::ranges::count(again, entry.value("digest", std::string())); times > 0; --times)
               shown.push_back(entry);
           }
           set_list(response, Endpoint::kReferrers, shown);
         }},
    {.info = {"r.ref.lag", kFault, "a referrer is listed 150 ms after its 201"},
     .adjust = [](Rules& rules) { rules.referrers_lag = std::chrono::milliseconds(150); }},
    {.info = {"r.ref.lost-concurrent", kFault, "the list is read, changed and written back without a lock"},
     .after =
         [](const Request& request, Response& response, Core& core) {
           const auto subject = pushed_subject(request, response);
           if (!subject.empty()) {
             const auto note = "list: " + request.route.repository + subject;
             const auto read = core.recall(note).value_or("");
             std::this_thread::sleep_for(std::chrono::milliseconds(20));
             core.remember(note, read + std::string(response.headers.value("Docker-Content-Digest")) + "\n");
           }
           auto list = list_of(request, response, Endpoint::kReferrers);
           if (!list) return;
           const auto known = note_lines(core, "list: " + request.route.repository + request.route.reference);
           Json kept = Json::array();
           for (const auto& entry : *list) {
             if (std::ranges::find(known, entry.value("digest", std::string())) != known.end()) kept.push_back(entry);
           }
           set_list(response, Endpoint::kReferrers, kept);
         }},
    {.info = {"r.ref.stale-after-delete", kFault, "a deleted referrer stays listed"},
     .adjust = [](Rules& rules) { rules.referrers_keep_deleted = true; }},
};

}  // namespace

std::span<const Deviation> referrers_deviations() {
  return kReferrersDeviations;
}

}  // namespace referee::registry
