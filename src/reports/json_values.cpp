#include "json_values.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "text.hpp"

namespace referee::reports {

using nlohmann::ordered_json;

namespace {

ordered_json text_or_null(const std::string& text, std::size_t bytes = kTextBytes) {
  return text.empty() ? ordered_json(nullptr) : ordered_json(clip(text, bytes));
}

ordered_json level_or_null(const std::optional<conformance::Level>& level) {
  return level ? ordered_json(std::string(conformance::name(*level))) : ordered_json(nullptr);
}

/// JSON has no infinities, and microseconds are all that a clock here means.
double seconds(double value) {
  return std::isfinite(value) && value > 0 ? std::round(value * 1e6) / 1e6 : 0.0;
}

ordered_json failure_value(const conformance::CheckResult& check, const conformance::Failure& failure,
                           std::size_t text) {
  ordered_json value;
  value["what"] = clip(failure.what, text);
  value["expected"] = clip(failure.expected, text);
  value["actual"] = clip(failure.actual, text);
  value["exchange"] = nullptr;
  if (const auto* shown = evidence(check, failure); shown != nullptr) {
    auto& exchange = value["exchange"] = ordered_json::object();
    exchange["number"] = shown->number;
    exchange["method"] = clip(shown->method, kTextBytes);
    exchange["url"] = clip(shown->url, kTextBytes);
    exchange["status"] = shown->status;
    exchange["curl"] = valid_utf8(http::curl_command(*shown));
  }
  return value;
}

/// One text for each key; a key that was observed several times keeps every value, in order.
ordered_json observations_value(const std::vector<conformance::Observation>& observations, const TextCaps& caps) {
  std::vector<std::string> keys;
  std::map<std::string, std::string, std::less<>> joined;
  for (const auto& [raw_key, value] : observations) {
    const auto key = clip(raw_key, 256);
    const auto [place, fresh] = joined.try_emplace(key, value);
    if (fresh) {
      if (keys.size() == caps.observations) break;
      keys.push_back(key);
    } else if (place->second.size() < caps.text) {
      place->second += "; " + value;
    }
  }
  auto object = ordered_json::object();
  for (const auto& key : keys) object[key] = clip(joined[key], caps.text);
  return object;
}

const char* purpose_name(http::Purpose purpose) {
  switch (purpose) {
    case http::Purpose::kRetry:
      return "retry";
    case http::Purpose::kRedirect:
      return "redirect";
    case http::Purpose::kToken:
      return "token";
    case http::Purpose::kRequest:
      break;
  }
  return "request";
}

ordered_json headers_value(const http::Headers& headers, const ExchangeCaps& caps) {
  auto list = ordered_json::array();
  for (const auto& [header, value] : headers) {
    if (list.size() == caps.headers) break;
    list.push_back(ordered_json::array({clip(header, caps.text), clip(value, caps.text)}));
  }
  return list;
}

}  // namespace

std::string dump(const ordered_json& value, int indent) {
  return value.dump(indent, ' ', false, ordered_json::error_handler_t::replace);
}

ordered_json run_value(const conformance::RunInfo& info) {
  ordered_json value;
  value["tool"] = "referee";
  value["tool_version"] = info.tool_version;
  value["target"] = clip(info.target, kTextBytes);
  value["url"] = clip(info.url, kTextBytes);
  value["namespace"] = clip(info.name_space, kTextBytes);
  auto& repositories = value["repositories"] = ordered_json::array();
  for (const auto& repository : info.repositories) repositories.push_back(clip(repository, kTextBytes));
  value["spec"] = std::string(conformance::name(info.spec));
  value["strict"] = info.strict;
  // A text: 64 bits do not survive in readers that hold numbers as doubles.
  value["seed"] = std::to_string(info.seed);
  value["jobs"] = info.jobs;
  value["complete"] = info.complete;
  value["selected"] = info.selected;
  value["requests"] = info.requests;
  auto& capabilities = value["capabilities"] = ordered_json::object();
  for (const auto& [capability, finding] : info.capabilities) {
    auto& entry = capabilities[std::string(distribution::name(capability))];
    entry["present"] = finding.present;
    entry["evidence"] = clip(finding.evidence, kTextBytes);
  }
  auto& timing = value["timing"] = ordered_json::object();
  timing["started"] = iso_time(info.started);
  timing["seconds"] = seconds(info.seconds);
  return value;
}

ordered_json summary_value(const conformance::Run& run) {
  const auto counts = count(run);
  ordered_json value;
  for (const auto verdict : kReadingOrder) value[std::string(conformance::name(verdict))] = counts.of(verdict);
  value["total"] = counts.total();
  return value;
}

ordered_json check_value(const conformance::CheckResult& check, const Book& book, conformance::Spec spec,
                         const TextCaps& caps) {
  ordered_json value;
  value["id"] = clip(check.raw.id, 256);
  value["verdict"] = std::string(conformance::name(check.verdict));
  value["level"] = level_or_null(check.level);
  value["title"] = title(check, book);
  auto& cited = value["requirements"] = ordered_json::array();
  for (const auto& requirement : requirements(check, book, spec)) {
    ordered_json entry;
    entry["id"] = requirement.id;
    entry["level"] = level_or_null(requirement.level);
    entry["section"] = requirement.section;
    entry["text"] = requirement.text;
    entry["link"] = requirement.link;
    cited.push_back(std::move(entry));
  }
  value["reason"] = text_or_null(check.reason, caps.text);
  value["blocked_by"] = text_or_null(check.blocked_by);
  auto& failures = value["failures"] = ordered_json::array();
  const auto kept = std::min(check.raw.failures.size(), caps.failures);
  for (std::size_t index = 0; index < kept; ++index) {
    failures.push_back(failure_value(check, check.raw.failures[index], caps.text));
  }
  value["failures_omitted"] = check.raw.failures.size() - kept + check.raw.failures_omitted;
  value["observations"] = observations_value(check.raw.observations, caps);
  value["requests"] = check.raw.requests;
  auto& timing = value["timing"] = ordered_json::object();
  timing["started"] = iso_time(check.raw.started);
  timing["seconds"] = seconds(check.raw.seconds);
  return value;
}

ordered_json exchange_value(const http::Exchange& exchange, const ExchangeCaps& caps) {
  ordered_json value;
  value["number"] = exchange.number;
  value["purpose"] = purpose_name(exchange.purpose);
  value["method"] = clip(exchange.method, 64);
  value["url"] = clip(exchange.url, caps.text);
  auto& request = value["request"] = ordered_json::object();
  request["headers"] = headers_value(exchange.request_headers, caps);
  request["body"] = clip(exchange.request_body, caps.text);
  // A target may answer before it has read all of a body.
  if (exchange.request_size != exchange.request_bytes) request["size"] = exchange.request_size;
  request["bytes"] = exchange.request_bytes;
  auto& response = value["response"] = ordered_json::object();
  response["status"] = exchange.status;
  response["version"] = clip(exchange.version, 16);
  response["headers"] = headers_value(exchange.response_headers, caps);
  response["body"] = clip(exchange.response_body, caps.text);
  response["bytes"] = exchange.response_bytes;
  value["error"] = text_or_null(exchange.error);
  auto& timing = value["timing"] = ordered_json::object();
  timing["started"] = iso_time(exchange.started);
  timing["connect_seconds"] = seconds(exchange.connect_seconds);
  timing["first_byte_seconds"] = seconds(exchange.first_byte_seconds);
  timing["total_seconds"] = seconds(exchange.total_seconds);
  return value;
}

}  // namespace referee::reports
