// Legal but unusual lists and deletes, which no check may mind.
#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>

#include "byte_range.hpp"
#include "deviation_tools.hpp"
namespace referee::registry {

namespace {

using Json = nlohmann::ordered_json;

/// Tags sorted without regard to case; equal ones by ASCII.
bool folded_less(const std::string& left, const std::string& right) {
  const auto fold = [](std::string text) {
    for (auto& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return text;
  };
  const auto a = fold(left);
  const auto b = fold(right);
  return a == b ? left < right : a < b;
}

double seconds_now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// Deletes what was asked for at least 100 ms ago.
void delete_due(Core& core, const std::string& repository) {
  const auto key = "later: " + repository;
  std::string rest;
  for (const auto& line : note_lines(core, key)) {
    const auto space = line.find(' ');
    const auto reference = line.substr(space + 1);
    if (seconds_now() - std::stod(line.substr(0, space)) < 0.1) {
      rest += line + "\n";
    } else if (looks_like_digest(reference)) {
      (void)core.store().delete_manifest(repository, reference, {});
    } else {
      (void)core.store().delete_tag(repository, reference, {});
    }
  }
  core.remember(key, rest);
}

/// Proposal A sorts its list by date.
const std::vector<std::string> kUnordered = {
    "oci-1.1", "oci-1.0", "oci-1.0-strict-fields", "oci-1.0-no-nesting", "oci-1.0-immutable-tags", "conditional", "b",
    "c",       "e"};
/// Proposal E says that a registry should filter; in OCI 1.1 a target without is known by its lack of a header.
const std::vector<std::string> kFilterOptional = {"oci-1.1",
                                                  "oci-1.0",
                                                  "oci-1.0-strict-fields",
                                                  "oci-1.0-no-nesting",
                                                  "oci-1.0-immutable-tags",
                                                  "conditional",
                                                  "a",
                                                  "a-lenient",
                                                  "b",
                                                  "c"};

const Deviation kListVariants[] = {
    {.info = {"v.early-paging", kVariant, "at most two tags come in one answer, with a Link to the next"},
     .adjust = [](Rules& rules) { rules.features.tags_page = 2; }},
    {.info = {"v.early-paging-referrers", kVariant, "one descriptor comes in one answer, with a Link to the next"},
     .adjust = [](Rules& rules) { rules.features.referrers_page = 1; }},
    {.info = {"v.tags-no-link", kVariant, "the tag list has no Link"},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (reads(request, Endpoint::kTags)) response.headers.remove("Link");
         }},
    {.info = {"v.tags-case-insensitive", kVariant, "tags are sorted without regard to case"},
     .before = [](Request& request, Core&) -> std::optional<Response> {
       if (!reads(request, Endpoint::kTags)) return std::nullopt;
       for (const auto* name : {"n", "last"}) {
         const auto value = request.query.get(name);
         if (value) request.query.set(std::string("referee-") + name, std::string(*value));
         request.query.remove(name);
       }
       return std::nullopt;
     },
     .after =
         [](const Request& request, Response& response, Core&) {
           auto tags = list_of(request, response, Endpoint::kTags);
           if (!tags) return;

           auto names = tags->get<std::vector<std::string>>();
           std::ranges::sort(names, folded_less);
           if (const auto last = request.query.get("referee-last")) {
             std::erase_if(names, [&](const std::string& name) { return !folded_less(std::string(*last), name); });
           }
           std::uint64_t n = names.size();
           (void)parse_number(request.query.get("referee-n").value_or(""), n);
           if (n > 0 && n < names.size()) {
             names.resize(n);
             set_link(response, "/v2/" + request.route.repository + "/tags/list?n=" + std::to_string(n) +
                                    "&last=" + names.back());
           }
           if (n == 0) names.clear();
           set_list(response, Endpoint::kTags, names);
         }},
    {.info = {"v.empty-repo-tags-404", kVariant, "the tag list of a repository without tags is answered with 404"},
     .after =
         [](const Request& request, Response& response, Core& core) {
           auto tags = list_of(request, response, Endpoint::kTags);
           if (!tags) return;

           if (tags->empty() && all_tags(core, request.route.repository).empty())
             response = problem(404, code::kNameUnknown, "no tags");
         }},
    {.info = {"v.link-absolute", kVariant, "Link holds an absolute URL"},
     .after =
         [](const Request& request, Response& response, Core&) {
           const auto target = link_target(response);
           if (target.starts_with('/'))
             set_link(response, "http://" + std::string(request.headers.value("Host")) + target);
         }},
    {.info = {"v.link-extra", kVariant, "Link has further parameters, and rel without quotes"},
     .after =
         [](const Request&, Response& response, Core&) {
           const auto target = link_target(response);
           if (!target.empty()) response.headers.set("Link", "<" + target + ">; title=\"more\"; rel=next");
         }},
    {.info = {"v.delete-tag-405", kVariant, "a tag cannot be deleted: 405"},
     .before = [](Request& request, Core&) -> std::optional<Response> {
       if (on(request, Method::kDelete, Endpoint::kManifest) && by_tag(request))
         return problem(405, code::kUnsupported, "this cannot be deleted");
       return std::nullopt;
     }},
    {.info = {"v.delete-tag-400", kVariant, "a tag cannot be deleted: 400"},
     .before = [](Request& request, Core&) -> std::optional<Response> {
       if (on(request, Method::kDelete, Endpoint::kManifest) && by_tag(request))
         return problem(400, code::kUnsupported, "this cannot be deleted");
       return std::nullopt;
     }},
    {.info = {"v.delete-manifest-405", kVariant, "a manifest cannot be deleted: 405"},
     .before = [](Request& request, Core&) -> std::optional<Response> {
       if (on(request, Method::kDelete, Endpoint::kManifest) && !by_tag(request))
         return problem(405, code::kUnsupported, "this cannot be deleted");
       return std::nullopt;
     }},
    {.info = {"v.delete-manifest-400", kVariant, "a manifest cannot be deleted: 400"},
     .before = [](Request& request, Core&) -> std::optional<Response> {
       if (on(request, Method::kDelete, Endpoint::kManifest) && !by_tag(request))
         return problem(400, code::kUnsupported, "this cannot be deleted");
       return std::nullopt;
     }},
    {.info = {"v.delete-blob-405", kVariant, "a blob cannot be deleted: 405"},
     .before = [](Request& request, Core&) -> std::optional<Response> {
       if (on(request, Method::kDelete, Endpoint::kBlob))
         return problem(405, code::kUnsupported, "this cannot be deleted");
       return std::nullopt;
     }},
    {.info = {"v.delete-blob-400", kVariant, "a blob cannot be deleted: 400"},
     .before = [](Request& request, Core&) -> std::optional<Response> {
       if (on(request, Method::kDelete, Endpoint::kBlob))
         return problem(400, code::kUnsupported, "this cannot be deleted");
       return std::nullopt;
     }},
    {.info = {"v.delete-again-202", kVariant, "deleting an absent tag or manifest is answered with 202"},
     .after =
         [](const Request& request, Response& response, Core& core) {
           if (!on(request, Method::kDelete, Endpoint::kManifest) || response.status != 404 ||
               !core.store().has_repository(request.route.repository))
             return;
           response = Response{};
           response.status = 202;
         }},
    {.info = {"v.delete-later", kVariant, "what is deleted goes 100 ms later"},
     .before = [](Request& request, Core& core) -> std::optional<Response> {
       delete_due(core, request.route.repository);
       if (!on(request, Method::kDelete, Endpoint::kManifest)) return std::nullopt;
       if (!core.store().find_manifest(request.route.repository, request.route.reference)) return std::nullopt;
       add_note(core, "later: " + request.route.repository,
                std::to_string(seconds_now()) + " " + request.route.reference);
       Response response;
       response.status = 202;
       return response;
       return std::nullopt;
     }},
    {.info = {"v.delete-cascades-untagged", kVariant, "deleting a manifest deletes its untagged referrers"},
     .before = [](Request& request, Core& core) -> std::optional<Response> {
       if (!on(request, Method::kDelete, Endpoint::kManifest)) return std::nullopt;
       if (by_tag(request)) return std::nullopt;
       for (const auto& referrer : core.store().referrers(request.route.repository, request.route.reference)) {
         if (!is_tagged(core, request.route.repository, referrer->digest))
           (void)core.store().delete_manifest(request.route.repository, referrer->digest, {});
       }
       return std::nullopt;
     }},
    {.info = {"v.no-filter", kVariant, "the referrers list cannot be filtered", kFilterOptional},
     .before = [](Request& request, Core&) -> std::optional<Response> {
       if (reads(request, Endpoint::kReferrers)) request.query.remove("artifactType");
       return std::nullopt;
     }},
    {.info = {"v.no-referrers", kVariant, "there is no referrers API"},
     .adjust = [](Rules& rules) { rules.features.referrers = false; }},
    {.info = {"v.referrers-order-reversed", kVariant, "the referrers list comes in reverse order", kUnordered},
     .after =
         [](const Request& request, Response& response, Core&) {
           auto list = list_of(request, response, Endpoint::kReferrers);
           if (!list) return;

           std::reverse(list->begin(), list->end());
           set_list(response, Endpoint::kReferrers, *list);
         }},
    {.info = {"v.referrers-lag", kVariant, "a referrer is listed 100 ms after its push"},
     .adjust = [](Rules& rules) { rules.referrers_lag = std::chrono::milliseconds(100); }},
    {.info = {"v.tags-lag", kVariant, "a tag is listed 100 ms after its push"},
     .after =
         [](const Request& request, Response& response, Core& core) {
           const auto note = "tagged at: " + request.route.repository + ":";
           if (on(request, Method::kPut, Endpoint::kManifest) && response.status == 201 && by_tag(request)) {
             if (!core.recall(note + request.route.reference))
               core.remember(note + request.route.reference, std::to_string(seconds_now()));
           }
           auto tags = list_of(request, response, Endpoint::kTags);
           if (!tags) return;
           Json shown = Json::array();
           for (const auto& tag : *tags) {
             const auto since = core.recall(note + tag.get<std::string>());
             if (!since || seconds_now() - std::stod(*since) >= 0.1) shown.push_back(tag);
           }
           set_list(response, Endpoint::kTags, shown);
         }},
    {.info = {"v.referrers-absent-repository-404", kVariant,
              "the referrers list of an unknown repository is answered with 404"},
     .before = [](Request& request, Core& core) -> std::optional<Response> {
       if (reads(request, Endpoint::kReferrers) && !core.store().has_repository(request.route.repository) &&
           oci::Digest::parse(request.route.reference)) {
         return problem(404, code::kNameUnknown, "no such repository");
       }
       return std::nullopt;
     }},
};

}  // namespace

std::span<const Deviation> list_variants() {
  return kListVariants;
}

}  // namespace referee::registry
