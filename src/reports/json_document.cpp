#include "json_document.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "referee/oci/json_depth.hpp"
#include "referee/oci/limits.hpp"

namespace referee::reports {

using nlohmann::ordered_json;

tl::expected<JsonDocument, std::string> parse_document(std::string_view text) {
  if (text.size() > oci::kLargestResult) {
    return tl::unexpected(fmt::format("it is larger than {} bytes", oci::kLargestResult));
  }
  if (oci::is_deeper_than(text, oci::kDeepestJson)) return tl::unexpected(std::string("it is nested too deeply"));
  JsonDocument document;
  std::vector<std::size_t> members(oci::kDeepestJson + 3);
  const auto keep = [&](int depth, ordered_json::parse_event_t event, const ordered_json& value) {
    using Event = ordered_json::parse_event_t;
    const auto at = std::min(static_cast<std::size_t>(depth), members.size() - 2);
    if (event == Event::object_start) members[at + 1] = 0;
    // A name that is there already takes no new place.
    if (event == Event::object_end && value.size() < std::min(members[at + 1], kMostMembers) && document.odd.empty()) {
      document.odd = "an object in it has one name twice";
    }
    if (event != Event::key || ++members[at] <= kMostMembers) return true;
    if (document.odd.empty()) document.odd = fmt::format("an object in it has more than {} members", kMostMembers);
    return false;
  };
  document.value = ordered_json::parse(text, keep, false);
  // The parser takes a zero byte for the end of the text.
  if (document.value.is_discarded() || text.find('\0') != std::string_view::npos) {
    return tl::unexpected(std::string("it is no JSON"));
  }
  return document;
}

}  // namespace referee::reports
