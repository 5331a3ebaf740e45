#include "selection.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "expression.hpp"
#include "referee/oci/digest.hpp"
#include "referee/oci/json_depth.hpp"
#include "referee/oci/layout.hpp"
#include "referee/oci/media_types.hpp"

namespace referee::runtimes {
namespace {

constexpr std::size_t kLongestLine = 2048;
constexpr std::size_t kMostGroups = 64;
constexpr std::uint64_t kLargestManifest = 64ULL << 20U;

std::string config_of(const oci::Content& manifest) {
  if (oci::is_deeper_than(manifest.bytes(), oci::kDeepestJson)) return "";
  const auto json = nlohmann::json::parse(manifest.bytes(), nullptr, false);
  if (!json.is_object() || !json.contains("config")) return "";
  const auto config = oci::descriptor_from_json(json["config"]);
  return config ? config->digest : "";
}

}  // namespace

std::vector<std::string> groups_in(std::string_view text, const std::string& match) {
  std::vector<std::string> groups;
  const Expression expression(match);
  if (expression.groups() < 1) return groups;
  while (!text.empty() && groups.size() < kMostGroups) {
    const auto end = text.find('\n');
    std::string line(text.substr(0, std::min(end, kLongestLine)));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.ends_with('\r')) line.pop_back();
    if (auto group = expression.first_group(line)) groups.push_back(std::move(*group));
  }
  return groups;
}

std::optional<std::string> as_digest(std::string_view text) {
  auto full = std::string(text);
  if (text.size() == 64) full = "sha256:" + full;
  if (text.size() == 128) full = "sha512:" + full;
  if (!oci::Digest::parse(full)) return std::nullopt;
  return full;
}

tl::expected<std::vector<std::string>, std::string> digests_of_layout(const std::string& folder) {
  std::vector<std::string> digests;
  const auto layout = oci::Layout::open(folder);
  if (!layout) return tl::unexpected(layout.error().message);
  const auto entries = layout->entries();
  if (!entries) return tl::unexpected(entries.error().message);
  const auto is_named = [](const oci::Descriptor& entry) { return !oci::ref_name(entry).empty(); };
  const bool some_named = std::ranges::any_of(*entries, is_named);
  for (const auto& entry : *entries) {
    if (some_named && !is_named(entry)) continue;
    digests.push_back(entry.digest);
    const auto content = layout->get(entry, kLargestManifest);
    if (!content) continue;
    if (const auto config = config_of(*content); !config.empty()) digests.push_back(config);
  }
  if (digests.empty()) return tl::unexpected(folder + " lists nothing");
  return digests;
}

}  // namespace referee::runtimes
