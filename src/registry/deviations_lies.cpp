// What clients are put in front of: refusals, redirects and Links that a registry for judging clients sends.
#include "authorization.hpp"
#include "byte_range.hpp"
#include "deviation_tools.hpp"

namespace referee::registry {

namespace {

/// Long enough to be told from a retry at once, short enough to be waited for.
constexpr std::string_view kRetryAfter = "2";

/// This server by the name that makes it another host.
std::string other_host(const Request& request) {
  const auto host = request.headers.value("Host");
  const auto colon = host.rfind(':');
  return "http://localhost" + (colon == std::string_view::npos ? std::string() : std::string(host.substr(colon)));
}

Response redirect_to(std::string location) {
  Response response;
  response.status = 307;
  response.headers.add("Location", std::move(location));
  return response;
}

std::optional<Response> refuse_list(const Request& request, int status, std::string_view error_code) {
  if (!reads(request, Endpoint::kReferrers)) return std::nullopt;
  return problem(status, error_code, "the list cannot be had");
}

/// Links to one page more, for ever.
void link_onward(const Request& request, Response& response, Endpoint endpoint) {
  if (!lists(request, response, endpoint)) return;
  std::uint64_t page = 0;
  (void)parse_number(request.query.get("page").value_or("0"), page);
  const auto target = without_parameter(request.target, "page");
  set_link(response, target + (target.find('?') == std::string::npos ? "?" : "&") + "page=" + std::to_string(page + 1));
}

void link_elsewhere(const Request& request, Response& response, Endpoint endpoint) {
  const auto target = link_target(response);
  if (reads(request, endpoint) && target.starts_with('/')) set_link(response, other_host(request) + target);
}

void open_other_name(Rules& rules) {
  rules.open_by_other_name = true;
}

const Deviation kLies[] = {
    {.info = {"l.manifest.429-once", kLie,
              "the first read of a manifest of a repository is answered with 429 and Retry-After: 2"},
     .before = [](Request& request, Core& core) -> std::optional<Response> {
       if (!reads(request, Endpoint::kManifest) || core.count("429: " + request.route.repository) > 0) {
         return std::nullopt;
       }
       auto response = problem(429, code::kTooManyRequests, "too many requests");
       response.headers.add("Retry-After", std::string(kRetryAfter));
       return response;
     }},
    {.info = {"l.ref.status-500", kLie, "the referrers list is answered with 500"},
     .before = [](Request& request, Core&) { return refuse_list(request, 500, code::kUnsupported); }},
    {.info = {"l.ref.status-401", kLie, "the referrers list is answered with 401, whoever asks"},
     .before = [](Request& request, Core&) -> std::optional<Response> {
       auto response = refuse_list(request, 401, code::kUnauthorized);
       if (response) response->headers.add("WWW-Authenticate", R"(Basic realm="referee")");
       return response;
     }},
    {.info = {"l.ref.status-403", kLie, "the referrers list is answered with 403"},
     .before = [](Request& request, Core&) { return refuse_list(request, 403, code::kDenied); }},
    {.info = {"l.ref.status-429", kLie, "the referrers list is always answered with 429"},
     .before = [](Request& request, Core&) -> std::optional<Response> {
       auto response = refuse_list(request, 429, code::kTooManyRequests);
       if (response) response->headers.add("Retry-After", "1");
       return response;
     }},
    {.info = {"l.ref.link-endless", kLie, "every page of the referrers list links to one more"},
     .after = [](const Request& request, Response& response,
                 Core&) { link_onward(request, response, Endpoint::kReferrers); }},
    {.info = {"l.tags.link-endless", kLie, "every page of the tag list links to one more"},
     .after = [](const Request& request, Response& response,
                 Core&) { link_onward(request, response, Endpoint::kTags); }},
    {.info = {"l.ref.link-elsewhere", kLie, "further pages of the referrers list are on another host"},
     .adjust = open_other_name,
     .after = [](const Request& request, Response& response,
                 Core&) { link_elsewhere(request, response, Endpoint::kReferrers); }},
    {.info = {"l.tags.link-elsewhere", kLie, "further pages of the tag list are on another host"},
     .adjust = open_other_name,
     .after = [](const Request& request, Response& response,
                 Core&) { link_elsewhere(request, response, Endpoint::kTags); }},
    {.info = {"l.blob.elsewhere", kLie, "a blob is redirected to another host, which wants no credentials"},
     .adjust = open_other_name,
     .before = [](Request& request, Core& core) -> std::optional<Response> {
       if (!on(request, Method::kGet, Endpoint::kBlob) || came_by_other_name(request) ||
           !core.store().has_blob(request.route.repository, request.route.reference)) {
         return std::nullopt;
       }
       return redirect_to(other_host(request) + request.target);
     }},
    {.info = {"l.blob.redirect-endless", kLie, "a blob is redirected for ever"},
     .before = [](Request& request, Core&) -> std::optional<Response> {
       if (!on(request, Method::kGet, Endpoint::kBlob)) return std::nullopt;
       std::uint64_t turn = 0;
       (void)parse_number(request.query.get("turn").value_or("0"), turn);
       return redirect_to(without_parameter(request.target, "turn") + "?turn=" + std::to_string(turn + 1));
     }},
};

}  // namespace

std::span<const Deviation> lies() {
  return kLies;
}

}  // namespace referee::registry
