// Faults of the tag list (end-8a).
#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <thread>

#include "deviation_tools.hpp"

namespace referee::registry {

namespace {

using Json = nlohmann::ordered_json;

const Deviation kTagDeviations[] = {
    {.info = {"r.tags.status-203", kFault, "the tag list is answered with 203"},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (lists(request, response, Endpoint::kTags)) response.status = 203;
         }},
    {.info = {"r.tags.wrong-name", kFault, "the tag list names only the last part of the repository"},
     .after =
         [](const Request& request, Response& response, Core&) {
           auto tags = list_of(request, response, Endpoint::kTags);
           if (!tags) return;
           edit_json(response, [](Json& root) {
             const auto name = root["name"].get<std::string>();
             root["name"] = name.substr(name.rfind('/') + 1);
           });
         }},
    {.info = {"r.tags.no-name", kFault, "the tag list has no name"},
     .after =
         [](const Request& request, Response& response, Core&) {
           auto tags = list_of(request, response, Endpoint::kTags);
           if (!tags) return;
           edit_json(response, [](Json& root) { root.erase("name"); });
         }},
    {.info = {"r.tags.cap-no-link", kFault, "the tag list ends after three tags"},
     .after =
         [](const Request& request, Response& response, Core&) {
           auto tags = list_of(request, response, Endpoint::kTags);
           if (!tags) return;

           while (tags->size() > 3) tags->erase(tags->size() - 1);
           response.headers.remove("Link");
           set_list(response, Endpoint::kTags, *tags);
         }},
    {.info = {"r.tags.duplicates", kFault, "each tag is listed twice"},
     .after =
         [](const Request& request, Response& response, Core&) {
           auto tags = list_of(request, response, Endpoint::kTags);
           if (!tags) return;

           Json twice = Json::array();
           for (const auto& tag : *tags) twice.insert(twice.end(), {tag, tag});
           set_list(response, Endpoint::kTags, twice);
         }},
    {.info = {"r.tags.unsorted", kFault, "tags are listed in the order of their creation"},
     .after =
         [](const Request& request, Response& response, Core& core) {
           const auto note = "created: " + request.route.repository;
           if (on(request, Method::kPut, Endpoint::kManifest) && response.status == 201 && by_tag(request)) {
             add_note(core, note, request.route.reference);
           }
           auto tags = list_of(request, response, Endpoint::kTags);
           if (!tags) return;
           Json ordered = Json::array();
           for (const auto& created : note_lines(core, note)) {
             const bool listed = std::ranges::find(*tags, Json(created)) != tags->end();
             if (listed && std::ranges::find(ordered, Json(created)) == ordered.end()) ordered.push_back(created);
           }
           for (const auto& tag : *tags) {
             if (std::ranges::find(ordered, tag) == ordered.end()) ordered.push_back(tag);
           }
           set_list(response, Endpoint::kTags, ordered);
         }},
    {.info = {"r.tags.hides-digest-tags", kFault, "tags that look like a digest are not listed"},
     .after =
         [](const Request& request, Response& response, Core&) {
           auto tags = list_of(request, response, Endpoint::kTags);
           if (!tags) return;

           Json shown = Json::array();
           for (const auto& tag : *tags) {
             const auto name = tag.get<std::string>();
             if (!name.starts_with("sha256-") && !name.starts_with("sha512-")) shown.push_back(tag);
           }
           set_list(response, Endpoint::kTags, shown);
         }},
    {.info = {"r.tags.dup-on-retag", kFault, "a tag is listed once more for each time it moved"},
     .before = [](Request& request, Core& core) -> std::optional<Response> {
       if (!on(request, Method::kPut, Endpoint::kManifest)) return std::nullopt;
       if (!by_tag(request)) return std::nullopt;
       const auto old = core.store().find_manifest(request.route.repository, request.route.reference);
       if (old && old->digest != oci::Digest::of(request.body).str())
         add_note(core, "moved: " + request.route.repository, request.route.reference);
       return std::nullopt;
     },
     .after =
         [](const Request& request, Response& response, Core& core) {
           auto tags = list_of(request, response, Endpoint::kTags);
           if (!tags) return;

           Json shown = Json::array();
           const auto moved = note_lines(core, "moved: " + request.route.repository);
           for (const auto& tag : *tags) {
             for (auto times = 1 + std::ranges::count(moved, tag.get<std::string>()); times > 0; --times)
               shown.push_back(tag);
           }
           set_list(response, Endpoint::kTags, shown);
         }},
    {.info = {"r.tags.null-list", kFault, "an empty tag list is null"},
     .after =
         [](const Request& request, Response& response, Core&) {
           auto tags = list_of(request, response, Endpoint::kTags);
           if (!tags) return;
           if (tags->empty()) set_list(response, Endpoint::kTags, nullptr);
         }},
    {.info = {"r.tags.lists-digests", kFault, "manifests without a tag are listed by their digest"},
     .after =
         [](const Request& request, Response& response, Core& core) {
           const auto note = "untagged: " + request.route.repository;
           if (on(request, Method::kPut, Endpoint::kManifest) && response.status == 201 && !by_tag(request)) {
             add_note(core, note, request.route.reference);
           }
           auto tags = list_of(request, response, Endpoint::kTags);
           if (!tags) return;
           for (const auto& digest : note_lines(core, note)) {
             if (!is_tagged(core, request.route.repository, digest)) tags->push_back(digest);
           }
           set_list(response, Endpoint::kTags, *tags);
         }},
    {.info = {"r.tags.absent-repository-200", kFault, "the tag list of an unknown repository is empty"},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (!reads(request, Endpoint::kTags) || response.status != 404) return;
           response = Response{};
           response.headers.add("Content-Type", "application/json");
           response.body = R"({"name":")" + request.route.repository + R"(","tags":[]})";
         }},
    {.info = {"r.tags.stale-after-delete", kFault, "a deleted tag stays listed"},
     .after =
         [](const Request& request, Response& response, Core& core) {
           const auto note = "deleted: " + request.route.repository;
           if (on(request, Method::kDelete, Endpoint::kManifest) && response.status == 202 && by_tag(request)) {
             add_note(core, note, request.route.reference);
           }
           auto tags = list_of(request, response, Endpoint::kTags);
           if (!tags) return;
           for (const auto& tag : note_lines(core, note)) {
             if (std::ranges::find(*tags, Json(tag)) == tags->end()) tags->push_back(tag);
           }
           std::sort(tags->begin(), tags->end());
           set_list(response, Endpoint::kTags, *tags);
         }},
    {.info = {"r.tags.lost-concurrent", kFault, "the tag list is read, changed and written back without a lock"},
     .after =
         [](const Request& request, Response& response, Core& core) {
           const auto note = "list: " + request.route.repository;
           if (on(request, Method::kPut, Endpoint::kManifest) && response.status == 201 && by_tag(request)) {
             const auto read = core.recall(note).value_or("");
             std::this_thread::sleep_for(std::chrono::milliseconds(20));
             core.remember(note, read + request.route.reference + "\n");
           }
           auto tags = list_of(request, response, Endpoint::kTags);
           if (!tags) return;
           const auto known = note_lines(core, note);
           Json shown = Json::array();
           for (const auto& tag : *tags) {
             if (std::ranges::find(known, tag.get<std::string>()) != known.end()) shown.push_back(tag);
           }
           set_list(response, Endpoint::kTags, shown);
         }},
};

}  // namespace

std::span<const Deviation> tag_deviations() {
  return kTagDeviations;
}

}  // namespace referee::registry
