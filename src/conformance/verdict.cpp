#include "referee/conformance/verdict.hpp"

#include <array>
#include <utility>

namespace referee::conformance {
namespace {

constexpr std::array<std::pair<Verdict, std::string_view>, 8> kNames{{{Verdict::kPass, "pass"},
                                                                      {Verdict::kObserved, "observed"},
                                                                      {Verdict::kUnsupported, "unsupported"},
                                                                      {Verdict::kBlocked, "blocked"},
                                                                      {Verdict::kWarn, "warn"},
                                                                      {Verdict::kInconclusive, "inconclusive"},
                                                                      {Verdict::kError, "error"},
                                                                      {Verdict::kFail, "fail"}}};

Verdict judge_expectations(bool held, Level level) {
  switch (level) {
    case Level::kMust:
    case Level::kImpl:
      return held ? Verdict::kPass : Verdict::kFail;
    case Level::kShould:
      return held ? Verdict::kPass : Verdict::kWarn;
    case Level::kMay:
    case Level::kInfo:
    case Level::kClaim:
      break;
  }
  return Verdict::kObserved;
}

}  // namespace

std::string_view name(Verdict verdict) {
  for (const auto& [value, text] : kNames) {
    if (value == verdict) return text;
  }
  return "error";
}

std::optional<Verdict> parse_verdict(std::string_view text) {
  for (const auto& [value, known] : kNames) {
    if (known == text) return value;
  }
  return std::nullopt;
}

Verdict judge(Outcome outcome, std::optional<Level> level) {
  if (outcome == Outcome::kError) return Verdict::kError;
  // What the version does not ask for may not spoil a run's exit code; the reason still says that it was not decided.
  if (!level) return Verdict::kObserved;
  if (outcome == Outcome::kInconclusive) return Verdict::kInconclusive;
  return judge_expectations(outcome == Outcome::kHeld, *level);
}

bool worse_outcome(Outcome known, Outcome next) {
  const auto rank = [](Outcome outcome) {
    switch (outcome) {
      case Outcome::kHeld:
        return 0;
      case Outcome::kInconclusive:
        return 1;
      case Outcome::kError:
        return 2;
      case Outcome::kBroken:
        break;
    }
    return 3;
  };
  return rank(next) > rank(known);
}

}  // namespace referee::conformance
