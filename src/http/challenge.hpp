#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "referee/http/message.hpp"

namespace referee::http {

/// One challenge of a WWW-Authenticate field (RFC 9110, section 11.6.1).
struct Challenge {
  std::string scheme;
  std::vector<std::pair<std::string, std::string>> parameters;
  std::string token68;

  /// The first parameter of that name (case-insensitive), or empty.
  [[nodiscard]] std::string parameter(std::string_view name) const;
};

/// All challenges of all WWW-Authenticate fields, in order, at most 32. A part that does not parse ends its own field.
std::vector<Challenge> parse_challenges(const Headers& headers);

}  // namespace referee::http
