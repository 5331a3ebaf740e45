#pragma once

#include <string>
#include <string_view>

#include "referee/conformance/verdict.hpp"

namespace referee::reports {

inline std::string_view colour_of(conformance::Verdict verdict) {
  using conformance::Verdict;
  switch (verdict) {
    case Verdict::kPass:
      return "\x1b[32m";
    case Verdict::kFail:
      return "\x1b[1;31m";
    case Verdict::kError:
    case Verdict::kInconclusive:
      return "\x1b[35m";
    case Verdict::kWarn:
      return "\x1b[33m";
    case Verdict::kObserved:
      return "\x1b[36m";
    case Verdict::kUnsupported:
    case Verdict::kBlocked:
      break;
  }
  return "\x1b[2m";
}

inline std::string painted(std::string_view text, std::string_view colour, bool on) {
  return on ? std::string(colour) + std::string(text) + "\x1b[0m" : std::string(text);
}

}  // namespace referee::reports
