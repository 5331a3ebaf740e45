// Faults of pages of the tag list (end-8b).
#include <nlohmann/json.hpp>

#include "byte_range.hpp"
#include "deviation_tools.hpp"
namespace referee::registry {

namespace {

using Json = nlohmann::ordered_json;

const Deviation kTagPageDeviations[] = {
    {.info = {"r.tags.n-ignored", kFault, "n has no effect"},
     .before = [](Request& request, Core&) -> std::optional<Response> {
       if (!reads(request, Endpoint::kTags)) return std::nullopt;
       if (request.query.get("n") != "0") request.query.remove("n");
       return std::nullopt;
     }},
    {.info = {"r.tags.n-short", kFault, "n gives one tag less and no Link"},
     .before = [](Request& request, Core&) -> std::optional<Response> {
       if (!reads(request, Endpoint::kTags)) return std::nullopt;
       std::uint64_t n = 0;
       if (parse_number(request.query.get("n").value_or("0"), n) && n > 1) {
         request.query.set("n", std::to_string(n - 1));
         request.query.set("referee-short", "1");
       }
       return std::nullopt;
     },
     .after =
         [](const Request& request, Response& response, Core&) {
           if (request.query.has("referee-short")) response.headers.remove("Link");
         }},
    {.info = {"r.tags.n-malformed-500", kFault, "an n that is no number is answered with 500"},
     .after = answer_as<Method::kGet, Endpoint::kTags, 400, 500>},
    {.info = {"r.tags.n-takes-last", kFault, "n takes tags from the end of the list"},
     .before = [](Request& request, Core&) -> std::optional<Response> {
       if (!reads(request, Endpoint::kTags)) return std::nullopt;
       const auto n = request.query.get("n");
       if (!n) return std::nullopt;
       request.query.set("referee-n", std::string(*n));
       request.query.remove("n");
       return std::nullopt;
     },
     .after =
         [](const Request& request, Response& response, Core&) {
           auto tags = list_of(request, response, Endpoint::kTags);
           if (!tags) return;

           std::uint64_t n = 0;
           if (!parse_number(request.query.get("referee-n").value_or(""), n)) return;
           while (tags->size() > n) tags->erase(0);
           set_list(response, Endpoint::kTags, *tags);
         }},
    {.info = {"r.tags.n-zero-all", kFault, "n=0 gives every tag"},
     .before = [](Request& request, Core&) -> std::optional<Response> {
       if (!reads(request, Endpoint::kTags)) return std::nullopt;
       if (request.query.get("n") == "0") request.query.remove("n");
       return std::nullopt;
     }},
    {.info = {"r.tags.n-zero-link", kFault, "n=0 gives a Link"},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (lists(request, response, Endpoint::kTags) && request.query.get("n") == "0") {
             set_link(response, "/v2/" + request.route.repository + "/tags/list?n=0");
           }
         }},
    {.info = {"r.tags.n-larger-400", kFault, "n above the number of tags is refused"},
     .after =
         [](const Request& request, Response& response, Core&) {
           auto tags = list_of(request, response, Endpoint::kTags);
           if (!tags) return;

           std::uint64_t n = 0;
           if (request.query.has("last") || response.headers.has("Link") ||
               !parse_number(request.query.get("n").value_or(""), n))
             return;
           if (n > tags->size()) response = problem(400, code::kUnsupported, "n is too large");
         }},
    {.info = {"r.tags.last-inclusive", kFault, "last is part of the answer"},
     .after =
         [](const Request& request, Response& response, Core& core) {
           auto tags = list_of(request, response, Endpoint::kTags);
           if (!tags) return;

           const std::string last(request.query.get("last").value_or(""));
           if (!core.store().find_manifest(request.route.repository, last)) return;
           tags->insert(tags->begin(), last);
           set_list(response, Endpoint::kTags, *tags);
         }},
    {.info = {"r.tags.last-ignored", kFault, "last has no effect"},
     .before = [](Request& request, Core&) -> std::optional<Response> {
       if (!reads(request, Endpoint::kTags)) return std::nullopt;
       request.query.remove("last");
       return std::nullopt;
     }},
    {.info = {"r.tags.last-wraps", kFault, "the list begins anew after its end"},
     .after =
         [](const Request& request, Response& response, Core& core) {
           auto tags = list_of(request, response, Endpoint::kTags);
           if (!tags) return;

           if (!request.query.has("last") || !tags->empty()) return;
           std::uint64_t n = UINT64_MAX;
           (void)parse_number(request.query.get("n").value_or(""), n);
           if (const auto page = core.store().tags(request.route.repository, "", n))
             set_list(response, Endpoint::kTags, page->tags);
         }},
    {.info = {"r.tags.last-must-exist", kFault, "last must be a tag of the repository"},
     .before = [](Request& request, Core& core) -> std::optional<Response> {
       if (!reads(request, Endpoint::kTags)) return std::nullopt;
       const auto last = request.query.get("last");
       if (last && !core.store().find_manifest(request.route.repository, std::string(*last))) {
         return problem(404, code::kManifestUnknown, "no such tag");
       }
       return std::nullopt;
     }},
    {.info = {"r.tags.last-skips", kFault, "with n and last the first tag after last is left out"},
     .after =
         [](const Request& request, Response& response, Core&) {
           auto tags = list_of(request, response, Endpoint::kTags);
           if (!tags) return;

           if (!request.query.has("last") || !request.query.has("n") || tags->empty()) return;
           tags->erase(0);
           set_list(response, Endpoint::kTags, *tags);
         }},
    {.info = {"r.tags.link-unbracketed", kFault, "the Link of the tag list has no brackets"},
     .after =
         [](const Request& request, Response& response, Core&) {
           const auto target = link_target(response);
           if (reads(request, Endpoint::kTags) && !target.empty())
             response.headers.set("Link", target + "; rel=\"next\"");
         }},
    {.info = {"r.tags.link-no-rel", kFault, "the Link of the tag list has no rel"},
     .after =
         [](const Request& request, Response& response, Core&) {
           const auto target = link_target(response);
           if (reads(request, Endpoint::kTags) && !target.empty()) response.headers.set("Link", "<" + target + ">");
         }},
    {.info = {"r.tags.link-loop", kFault, "each Link of the tag list leads to the first page"},
     .after =
         [](const Request& request, Response& response, Core&) {
           const auto target = link_target(response);
           if (reads(request, Endpoint::kTags) && !target.empty())
             set_link(response, without_parameter(target, "last"));
         }},
    {.info = {"r.tags.link-skips", kFault, "each Link of the tag list loses a tag"},
     .after =
         [](const Request& request, Response& response, Core& core) {
           auto tags = list_of(request, response, Endpoint::kTags);
           if (!tags) return;

           const auto target = link_target(response);
           if (target.empty() || tags->empty()) return;
           const auto next = core.store().tags(request.route.repository, tags->back().get<std::string>(), 1);
           if (next && !next->tags.empty()) {
             const auto base = without_parameter(target, "last");
             set_link(response, base + (base.find('?') == std::string::npos ? "?" : "&") +
                                    "last=" + percent_encode(next->tags.front()));
           }
         }},
    {.info = {"r.tags.link-repeats", kFault, "each Link of the tag list repeats a tag"},
     .after =
         [](const Request& request, Response& response, Core&) {
           auto tags = list_of(request, response, Endpoint::kTags);
           if (!tags) return;

           const auto target = link_target(response);
           if (target.empty() || tags->size() < 2) return;
           const auto base = without_parameter(target, "last");
           const auto before = (*tags)[tags->size() - 2].get<std::string>();
           set_link(response,
                    base + (base.find('?') == std::string::npos ? "?" : "&") + "last=" + percent_encode(before));
         }},
};

}  // namespace

std::span<const Deviation> tag_page_deviations() {
  return kTagPageDeviations;
}

}  // namespace referee::registry
