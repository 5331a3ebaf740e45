#include "referee/oci/strict_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <vector>

namespace referee::oci {

std::optional<std::string> repeated_name(std::string_view text) {
  std::vector<std::set<std::string, std::less<>>> open;
  std::optional<std::string> repeated;
  const auto see = [&](int /*depth*/, nlohmann::json::parse_event_t event, const nlohmann::json& parsed) {
    if (event == nlohmann::json::parse_event_t::object_start) open.emplace_back();
    if (event == nlohmann::json::parse_event_t::object_end) open.pop_back();
    if (event == nlohmann::json::parse_event_t::key) {
      auto name = parsed.get<std::string>();
      if (!open.back().insert(name).second && !repeated) repeated = std::move(name);
    }
    return true;
  };
  return nlohmann::json::parse(text, see, false).is_discarded() ? std::nullopt : repeated;
}

std::string name_in_words(std::string_view name) {
  constexpr std::size_t kLongest = 200;
  if (name.empty()) return "an empty name";
  const bool plain = std::ranges::all_of(name, [](char c) { return c >= ' ' && c <= '~' && c != '`'; });
  if (plain && name.size() <= kLongest) return fmt::format("`{}`", name);
  return fmt::format("a name of {} bytes{}", name.size(), plain ? "" : " that cannot be shown");
}

}  // namespace referee::oci
