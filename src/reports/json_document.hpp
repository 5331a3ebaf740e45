#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

namespace referee::reports {

/// Members of an object that are read: they keep their order, and are found one by one.
inline constexpr std::size_t kMostMembers = 300;

struct JsonDocument {
  nlohmann::ordered_json value;
  /// What no file of ours has, empty if nothing: an object with more than kMostMembers (its first are kept), or with
  /// one name twice. A file of another kind may have it.
  std::string odd;
};

/// Fails with one line: too large, no JSON, too deep.
tl::expected<JsonDocument, std::string> parse_document(std::string_view text);

}  // namespace referee::reports
