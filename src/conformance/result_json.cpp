#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "referee/conformance/result.hpp"

namespace referee::conformance {
namespace {

constexpr std::array<std::pair<Outcome, const char*>, 4> kOutcomes{{{Outcome::kHeld, "held"},
                                                                    {Outcome::kBroken, "broken"},
                                                                    {Outcome::kInconclusive, "inconclusive"},
                                                                    {Outcome::kError, "error"}}};

const char* outcome_name(Outcome outcome) {
  for (const auto& [value, text] : kOutcomes) {
    if (value == outcome) return text;
  }
  return "error";
}

Outcome parse_outcome(const std::string& name) {
  for (const auto& [value, text] : kOutcomes) {
    if (name == text) return value;
  }
  return Outcome::kError;
}

}  // namespace

void to_json(nlohmann::json& json, const Failure& failure) {
  json = {{"what", failure.what}, {"expected", failure.expected}, {"actual", failure.actual}};
  if (failure.exchange) json["exchange"] = *failure.exchange;
}

void from_json(const nlohmann::json& json, Failure& failure) {
  json.at("what").get_to(failure.what);
  json.at("expected").get_to(failure.expected);
  json.at("actual").get_to(failure.actual);
  failure.exchange.reset();
  if (json.contains("exchange")) failure.exchange = json.at("exchange").get<std::size_t>();
}

void to_json(nlohmann::json& json, const Observation& observation) {
  json = {{"key", observation.key}, {"value", observation.value}};
}

void from_json(const nlohmann::json& json, Observation& observation) {
  json.at("key").get_to(observation.key);
  json.at("value").get_to(observation.value);
}

void to_json(nlohmann::json& json, const RawResult& result) {
  json = {{"id", result.id},
          {"outcome", outcome_name(result.outcome)},
          {"reason", result.reason},
          {"failures", result.failures},
          {"observations", result.observations},
          {"exchanges", result.exchanges},
          {"requests", result.requests},
          {"started", result.started},
          {"seconds", result.seconds}};
}

void from_json(const nlohmann::json& json, RawResult& result) {
  json.at("id").get_to(result.id);
  result.outcome = parse_outcome(json.at("outcome").get<std::string>());
  json.at("reason").get_to(result.reason);
  json.at("failures").get_to(result.failures);
  json.at("observations").get_to(result.observations);
  json.at("exchanges").get_to(result.exchanges);
  json.at("requests").get_to(result.requests);
  json.at("started").get_to(result.started);
  json.at("seconds").get_to(result.seconds);
}

}  // namespace referee::conformance
