// Faults of the descriptors in a referrers list, and of the referrers tag that was there before the API.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "deviation_tools.hpp"

namespace referee::registry {

namespace {

using Json = nlohmann::ordered_json;

bool is_index(const Json& entry) {
  return entry.value("mediaType", std::string()).find("index") != std::string::npos;
}

const Deviation kDescriptorDeviations[] = {
    {.info = {"r.ref.no-artifacttype", kFault, "the descriptors have no artifactType"},
     .after =
         [](const Request& request, Response& response, Core&) {
           auto list = list_of(request, response, Endpoint::kReferrers);
           if (!list) return;

           for (auto& entry : *list) {
             entry.erase("artifactType");
           }
           set_list(response, Endpoint::kReferrers, *list);
         }},
    {.info = {"r.ref.artifacttype-config-always", kFault, "artifactType is always the media type of the config"},
     .after =
         [](const Request& request, Response& response, Core& core) {
           auto list = list_of(request, response, Endpoint::kReferrers);
           if (!list) return;

           for (auto& entry : *list) {
             const auto manifest = entry_manifest(request, core, entry);
             if (manifest.contains("config"))
               entry["artifactType"] = manifest["config"].value("mediaType", std::string());
           }
           set_list(response, Endpoint::kReferrers, *list);
         }},
    {.info = {"r.ref.no-config-type", kFault, "artifactType is left out where the manifest has none"},
     .after =
         [](const Request& request, Response& response, Core& core) {
           auto list = list_of(request, response, Endpoint::kReferrers);
           if (!list) return;

           for (auto& entry : *list) {
             if (entry_manifest(request, core, entry).value("artifactType", std::string()).empty())
               entry.erase("artifactType");
           }
           set_list(response, Endpoint::kReferrers, *list);
         }},
    {.info = {"r.ref.artifacttype-empty-string", kFault, "an empty artifactType is listed as it is"},
     .after =
         [](const Request& request, Response& response, Core& core) {
           auto list = list_of(request, response, Endpoint::kReferrers);
           if (!list) return;

           for (auto& entry : *list) {
             const auto manifest = entry_manifest(request, core, entry);
             // NOLINTNEXTLINE(readability-container-size-empty): empty() of JSON does not look into strings
             if (manifest.contains("artifactType") && manifest["artifactType"] == "") entry["artifactType"] = "";
           }
           set_list(response, Endpoint::kReferrers, *list);
         }},
    {.info = {"r.ref.index-no-artifacttype", kFault, "an index is listed without its artifactType"},
     .after =
         [](const Request& request, Response& response, Core&) {
           auto list = list_of(request, response, Endpoint::kReferrers);
           if (!list) return;

           for (auto& entry : *list) {
             if (is_index(entry)) entry.erase("artifactType");
           }
           set_list(response, Endpoint::kReferrers, *list);
         }},
    {.info = {"r.ref.artifacttype-index-invented", kFault,
              "an index without artifactType is listed with its media type"},
     .after =
         [](const Request& request, Response& response, Core&) {
           auto list = list_of(request, response, Endpoint::kReferrers);
           if (!list) return;

           for (auto& entry : *list) {
             if (is_index(entry) && !entry.contains("artifactType")) entry["artifactType"] = entry["mediaType"];
           }
           set_list(response, Endpoint::kReferrers, *list);
         }},
    {.info = {"r.ref.artifacttype-index-empty-string", kFault,
              "an index without artifactType is listed with an empty one"},
     .after =
         [](const Request& request, Response& response, Core&) {
           auto list = list_of(request, response, Endpoint::kReferrers);
           if (!list) return;

           for (auto& entry : *list) {
             if (is_index(entry) && !entry.contains("artifactType")) entry["artifactType"] = "";
           }
           set_list(response, Endpoint::kReferrers, *list);
         }},
    {.info = {"r.ref.no-annotations", kFault, "the descriptors have no annotations"},
     .after =
         [](const Request& request, Response& response, Core&) {
           auto list = list_of(request, response, Endpoint::kReferrers);
           if (!list) return;

           for (auto& entry : *list) {
             entry.erase("annotations");
           }
           set_list(response, Endpoint::kReferrers, *list);
         }},
    {.info = {"r.ref.some-annotations", kFault, "only well-known annotations are listed"},
     .after =
         [](const Request& request, Response& response, Core&) {
           auto list = list_of(request, response, Endpoint::kReferrers);
           if (!list) return;

           for (auto& entry : *list) {
             Json kept = Json::object();
             const Json annotations = entry.value("annotations", Json::object());
             for (const auto& [key, value] : annotations.items()) {
               if (key.starts_with("org.opencontainers.")) kept[key] = value;
             }
             if (entry.contains("annotations")) entry["annotations"] = kept;
           }
           set_list(response, Endpoint::kReferrers, *list);
         }},
    {.info = {"r.ref.annotations-cut", kFault, "annotations are cut to 4096 bytes"},
     .after =
         [](const Request& request, Response& response, Core&) {
           auto list = list_of(request, response, Endpoint::kReferrers);
           if (!list) return;

           for (auto& entry : *list) {
             if (!entry.contains("annotations")) continue;
             for (auto& value : entry["annotations"]) value = value.get<std::string>().substr(0, 4096);
           }
           set_list(response, Endpoint::kReferrers, *list);
         }},
    {.info = {"r.ref.index-no-annotations", kFault, "an index is listed without its annotations"},
     .after =
         [](const Request& request, Response& response, Core&) {
           auto list = list_of(request, response, Endpoint::kReferrers);
           if (!list) return;

           for (auto& entry : *list) {
             if (is_index(entry)) entry.erase("annotations");
           }
           set_list(response, Endpoint::kReferrers, *list);
         }},
    {.info = {"r.ref.descriptor-annotations", kFault, "annotations of the subject descriptor are listed too"},
     .after =
         [](const Request& request, Response& response, Core& core) {
           auto list = list_of(request, response, Endpoint::kReferrers);
           if (!list) return;

           for (auto& entry : *list) {
             const auto subject = entry_manifest(request, core, entry).value("subject", nlohmann::json::object());
             const auto annotations = subject.value("annotations", nlohmann::json::object());
             for (const auto& [key, value] : annotations.items()) {
               entry["annotations"][key] = value;
             }
           }
           set_list(response, Endpoint::kReferrers, *list);
         }},
    {.info = {"r.ref.wrong-data", kFault, "the descriptors carry the content of something else"},
     .after =
         [](const Request& request, Response& response, Core&) {
           auto list = list_of(request, response, Endpoint::kReferrers);
           if (!list) return;

           for (auto& entry : *list) entry["data"] = "e30=";
           set_list(response, Endpoint::kReferrers, *list);
         }},
    {.info = {"r.ref.fallback-shadows", kFault, "the index under the referrers tag replaces the list"},
     .after =
         [](const Request& request, Response& response, Core& core) {
           auto list = list_of(request, response, Endpoint::kReferrers);
           if (!list) return;

           const auto index =
               stored_manifest(core, request.route.repository, oci::referrers_tag(request.route.reference));
           if (!index.is_object() || !index.contains("manifests")) return;
           set_list(response, Endpoint::kReferrers, Json::parse(index["manifests"].dump()));
         }},
    {.info = {"r.ref.fallback-doubles", kFault, "entries of the index under the referrers tag are listed again"},
     .after =
         [](const Request& request, Response& response, Core& core) {
           auto list = list_of(request, response, Endpoint::kReferrers);
           if (!list) return;

           const auto index =
               stored_manifest(core, request.route.repository, oci::referrers_tag(request.route.reference));
           if (!index.is_object() || !index.contains("manifests")) return;
           for (const auto& entry : index["manifests"]) {
             if (holds(*list, entry.value("digest", std::string()))) list->push_back(Json::parse(entry.dump()));
           }
           set_list(response, Endpoint::kReferrers, *list);
         }},
    {.info = {"r.ref.fallback-unchecked", kFault,
              "entries of the index under the referrers tag are listed whatever their subject"},
     .after =
         [](const Request& request, Response& response, Core& core) {
           auto list = list_of(request, response, Endpoint::kReferrers);
           if (!list) return;

           const auto index =
               stored_manifest(core, request.route.repository, oci::referrers_tag(request.route.reference));
           if (!index.is_object() || !index.contains("manifests")) return;
           for (const auto& entry : index["manifests"]) {
             if (!holds(*list, entry.value("digest", std::string()))) list->push_back(Json::parse(entry.dump()));
           }
           set_list(response, Endpoint::kReferrers, *list);
         }},
    {.info = {"r.ref.lists-fallback-index", kFault, "the index under the referrers tag is listed as a referrer"},
     .after =
         [](const Request& request, Response& response, Core& core) {
           auto list = list_of(request, response, Endpoint::kReferrers);
           if (!list) return;

           const auto index =
               core.store().find_manifest(request.route.repository, oci::referrers_tag(request.route.reference));
           if (!index) return;
           list->push_back({{"mediaType", index->media_type}, {"digest", index->digest}, {"size", index->size}});
           set_list(response, Endpoint::kReferrers, *list);
         }},
};

}  // namespace

std::span<const Deviation> descriptor_deviations() {
  return kDescriptorDeviations;
}

}  // namespace referee::registry
