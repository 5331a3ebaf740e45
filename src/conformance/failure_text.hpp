#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "referee/conformance/result.hpp"

namespace referee::conformance {

/// A GoogleTest failure message taken apart.
struct FailureText {
  Failure failure;                      ///< without `exchange`; `what` is the check's own text, often empty
  std::string traces;                   ///< where the check stood, in its own words
  std::optional<std::size_t> exchange;  ///< the number that an exchange mark named
};

/// Reads the message of a failed EXPECT or ASSERT. Everything in it may hold what a target sent: the fields are
/// printable and bounded, and name no source file.
FailureText read_failure(std::string_view message);

/// The failure with its headline: the check's own text, or what `shown` asked and got. The source's expressions are
/// for nobody who reads a report.
Failure with_headline(FailureText text, const std::optional<http::Exchange>& shown);

}  // namespace referee::conformance
