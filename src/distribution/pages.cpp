#include <set>

#include "referee/distribution/registry.hpp"
#include "referee/http/url.hpp"

namespace referee::distribution {
namespace {

// A walk is held in memory as a whole.
constexpr std::size_t kMostBytes = 256UL * 1024 * 1024;

std::string next_page(const http::Response& response) {
  for (const std::string& link : response.headers.all("Link")) {
    const std::string target = http::link_next(link);
    if (!target.empty()) return http::resolve(response.url, target);
  }
  return "";
}

}  // namespace

tl::expected<Walk, http::Error> walk_pages(Registry& registry, Result first, const Options& options, int max_pages) {
  Walk walk;
  std::set<std::string> seen;
  std::size_t bytes = 0;
  Result current = std::move(first);
  while (true) {
    if (!current) return tl::unexpected(current.error());
    bytes += current->body.size();
    seen.insert(current->url);
    std::string next = current->status == 200 ? next_page(*current) : "";
    walk.pages.push_back({std::move(*current), next});
    if (next.empty()) return walk;
    // Remembered before the request too: a page that redirects has another URL than its link.
    if (!seen.insert(next).second) {
      walk.looped = true;
      return walk;
    }
    if (static_cast<int>(walk.pages.size()) >= max_pages || bytes > kMostBytes) {
      walk.too_many = true;
      return walk;
    }
    current = registry.get(next, options);
  }
}

}  // namespace referee::distribution
