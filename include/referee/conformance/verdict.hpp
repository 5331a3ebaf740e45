#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "referee/conformance/requirement.hpp"

namespace referee::conformance {

/// Ordered from harmless to worst: the worse of two is the larger.
enum class Verdict : std::uint8_t { kPass, kObserved, kUnsupported, kBlocked, kWarn, kInconclusive, kError, kFail };

std::string_view name(Verdict verdict);
std::optional<Verdict> parse_verdict(std::string_view text);

/// What a check's body did, before any level is applied.
enum class Outcome : std::uint8_t { kHeld, kBroken, kInconclusive, kError };

/// The verdict of an outcome under a level. nullopt stands for "this version does not ask for it": observed.
/// A failed expectation is fail for MUST and IMPL, warn for SHOULD; MAY, INFO and CLAIM end observed.
Verdict judge(Outcome outcome, std::optional<Level> level);

/// Whether `next` is worse than `known`, for a check that ran twice: a broken expectation is worse than an error of the
/// harness, that is worse than an inconclusive run.
bool worse_outcome(Outcome known, Outcome next);

inline Verdict worse(Verdict a, Verdict b) {
  return a < b ? b : a;
}

}  // namespace referee::conformance
