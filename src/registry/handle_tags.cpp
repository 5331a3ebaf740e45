#include <algorithm>
#include <limits>

#include "byte_range.hpp"
#include "handlers.hpp"
#include "problem.hpp"

namespace referee::registry {

Response handle_tags(const Request& request, Core& core) {
  const auto& repository = request.route.repository;
  std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
  const auto n = request.query.get("n");
  if (n && !parse_number(*n, most)) return problem(400, code::kUnsupported, "n is not a number");
  if (const auto cap = core.rules().features.tags_page; cap > 0) most = std::min(most, cap);

  const auto page = core.store().tags(repository, std::string(request.query.get("last").value_or("")), most);
  if (!page) return problem(404, code::kNameUnknown, "no such repository");

  Response response;
  response.headers.add("Content-Type", "application/json");
  response.body = R"({"name":)";
  append_json_string(response.body, repository);
  response.body += R"(,"tags":[)";
  for (const auto& tag : page->tags) {
    if (&tag != &page->tags.front()) response.body.push_back(',');
    append_json_string(response.body, tag);
  }
  response.body += "]}\n";
  // Nothing was asked for with n=0, and there is no last tag to go on from.
  if (page->more && !page->tags.empty()) {
    std::string next = "</v2/" + repository + "/tags/list?";
    if (n) next += "n=" + percent_encode(*n) + "&";
    response.headers.add("Link", next + "last=" + percent_encode(page->tags.back()) + ">; rel=\"next\"");
  }
  return response;
}

}  // namespace referee::registry
