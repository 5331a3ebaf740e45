#pragma once

#include <string>
#include <string_view>

namespace referee::reports {

/// For HTML text and double-quoted attributes.
std::string html_text(std::string_view text);

}  // namespace referee::reports
