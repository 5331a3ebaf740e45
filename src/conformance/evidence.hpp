#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace referee::conformance {

/// A mark in a failure's text that names an exchange. It is made of control characters, which printable() takes out of
/// everything that a target sent: a target cannot forge one.
std::string exchange_mark(std::size_t exchange);

/// Takes every mark out of `text`; the last one's exchange, if there was any.
std::optional<std::size_t> take_exchange_mark(std::string& text);

}  // namespace referee::conformance
