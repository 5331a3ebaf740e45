#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "model.hpp"

/// The parts that results.json, report.html and transcript.jsonl share. Keys keep the order in which they are written
/// here; what differs between two runs with one seed stands in objects named `timing`.
namespace referee::reports {

/// Bounds on what a target can put into a report, for each text and each check.
inline constexpr std::size_t kTextBytes = 4096;
inline constexpr std::size_t kFailuresEach = 100;
inline constexpr std::size_t kObservationsEach = 200;
struct TextCaps {
  std::size_t failures = kFailuresEach;
  std::size_t observations = kObservationsEach;
  std::size_t text = kTextBytes;  ///< bytes
};

nlohmann::ordered_json run_value(const conformance::RunInfo& info);
nlohmann::ordered_json summary_value(const conformance::Run& run);
nlohmann::ordered_json check_value(const conformance::CheckResult& check, const Book& book, conformance::Spec spec,
                                   const TextCaps& caps = {});

struct ExchangeCaps {
  std::size_t headers = 1000;  ///< for each direction
  std::size_t text = 8192;     ///< bytes of a header value, URL or body excerpt
};
nlohmann::ordered_json exchange_value(const http::Exchange& exchange, const ExchangeCaps& caps);

/// Text of a value; invalid UTF-8 is replaced, never thrown. `indent` -1: one line.
std::string dump(const nlohmann::ordered_json& value, int indent = -1);

}  // namespace referee::reports
