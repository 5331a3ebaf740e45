#pragma once

#include <string>

#include "referee/reports/writers.hpp"

namespace referee::selftest {

inline constexpr const char* kSampleVersion = "98.76.54-sample";

/// A small catalogue and ledger, and one run over them that never changes: every verdict, hostile text from the target,
/// several writing systems.
class Sample {
 public:
  Sample();
  [[nodiscard]] const conformance::Run& run() const { return run_; }
  [[nodiscard]] conformance::Run copy() const { return run_; }
  [[nodiscard]] reports::Book book() const { return {catalogue_, ledger_}; }
  [[nodiscard]] conformance::CheckResult& check(std::string_view id);

 private:
  void add(conformance::CheckResult result, std::string title, std::vector<std::string> requirements);

  conformance::Catalogue catalogue_;
  conformance::Ledger ledger_;
  conformance::Run run_;
};

/// A run of `checks` checks with `exchanges` exchanges each, `body` bytes of `fill` in each body; every fifth check
/// fails.
conformance::Run large_run(std::size_t checks, std::size_t exchanges, std::size_t body, char fill);

/// Text that tries everything: markup, script ends, terminal escapes, forbidden characters, invalid UTF-8, reversed
/// text.
extern const std::string kHostile;

}  // namespace referee::selftest
