#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "referee/conformance/result.hpp"

namespace referee::conformance {

/// A GoogleTest failure message taken apart.
struct FailureText {
  Failure failure;                      ///< without `exchange`
  std::optional<std::size_t> exchange;  ///< the number that an exchange mark named
};

/// Reads the message of a failed EXPECT or ASSERT. Everything in it may hold what a target sent: the fields are
/// printable and bounded, and name no source file.
FailureText read_failure(std::string_view message);

}  // namespace referee::conformance
