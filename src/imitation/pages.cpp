#include "pages.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <set>

#include "referee/http/url.hpp"
#include "referee/oci/json_depth.hpp"

namespace referee::imitation {
namespace {

/// More than any list needs, and few enough not to be kept busy by a registry whose list has no end.
constexpr std::size_t kMostPages = 300;
/// After so many, whoever goes on for ever has shown it.
constexpr std::size_t kRunawayPages = 1000;

std::string next_of(const http::Response& page) {
  for (const auto& link : page.headers.all("Link")) {
    const auto target = http::link_next(link);
    if (!target.empty()) return http::resolve(page.url, target);
  }
  return "";
}

}  // namespace

Done<std::vector<http::Response>> read_pages(Session& session, http::Result first) {
  const bool unbounded = session.has(Defect::kLinkUnbounded);
  std::vector<http::Response> pages;
  std::set<std::string> seen;
  auto page = std::move(first);
  while (true) {
    if (!page) return tl::unexpected(page.error().message);
    const auto next = page->status == 200 && !session.has(Defect::kNoLink) ? next_of(*page) : std::string();
    const auto host = http::authority(page->url);
    seen.insert(page->url);
    pages.push_back(std::move(*page));
    if (next.empty()) return pages;
    if (pages.size() >= (unbounded ? kRunawayPages : kMostPages)) {
      return tl::unexpected(fmt::format("the list does not end: stopped after {} pages", pages.size()));
    }
    if (!unbounded && seen.contains(next))
      return tl::unexpected("the list leads back to a page that was read: " + next);
    if (!unbounded && http::authority(next) != host) return tl::unexpected("the list leads to another host: " + next);
    page = session.registry().get(next);
  }
}

Done<std::vector<std::string>> read_tags(Session& session) {
  const auto pages = read_pages(session, session.registry().list_tags(session.repository()));
  if (!pages) return tl::unexpected("the tags: " + pages.error());
  std::vector<std::string> tags;
  for (const auto& page : *pages) {
    if (page.status == 404 && pages->size() == 1) return tags;
    if (page.status != 200) return tl::unexpected(fmt::format("the tags: the registry answered {}", page.status));
    const bool sane = !oci::is_deeper_than(page.body, oci::kDeepestJson);
    const auto json = sane ? nlohmann::json::parse(page.body, nullptr, false) : nlohmann::json();
    if (!json.is_object() || !json.contains("tags")) return tl::unexpected(std::string("the tags: that is no list"));
    if (json["tags"].is_null()) continue;
    for (const auto& tag : json["tags"]) {
      if (!tag.is_string()) return tl::unexpected(std::string("the tags: one of them is no text"));
      tags.push_back(tag.get<std::string>());
    }
  }
  return tags;
}

}  // namespace referee::imitation
