#include "lists.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "referee/oci/json_depth.hpp"
#include "referee/oci/listing.hpp"

namespace referee::suites::load {
namespace {

constexpr int kDeepest = 32;

}  // namespace

std::vector<std::string> digests_in(std::string_view list) {
  std::vector<std::string> digests;
  if (const auto entries = oci::read_plain_list(list, "manifests")) {
    for (const auto& entry : *entries) digests.push_back(entry.digest);
  }
  std::ranges::sort(digests);
  return digests;
}

std::vector<std::string> tags_in(std::string_view list) {
  std::vector<std::string> tags;
  if (oci::is_deeper_than(list, kDeepest)) return tags;
  const auto document = nlohmann::json::parse(list, nullptr, false);
  if (!document.is_object()) return tags;
  const auto found = document.find("tags");
  if (found == document.end() || !found->is_array()) return tags;
  for (const auto& tag : *found) {
    if (tag.is_string()) tags.push_back(tag.get<std::string>());
  }
  std::ranges::sort(tags);
  return tags;
}

std::function<bool(std::string_view)> same_list(std::string seen,
                                                std::vector<std::string> (*entries)(std::string_view list)) {
  auto wanted = entries(seen);
  return [seen = std::move(seen), wanted = std::move(wanted), entries](std::string_view got) {
    return got == seen || (!wanted.empty() && entries(got) == wanted);
  };
}

}  // namespace referee::suites::load
