#include "read_transcript.hpp"

#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>

#include "json_values.hpp"
#include "run_file_parts.hpp"

namespace referee::reports {
namespace {

constexpr std::size_t kMostExchanges = 1'000'000;
constexpr std::uint64_t kLargestStatus = 999;

http::Headers headers_of(JsonFields& fields, const Json& part) {
  const ExchangeCaps caps;
  http::Headers headers;
  for (const auto& pair : fields.list(part, "headers", caps.headers)) {
    if (!pair.is_array() || pair.size() != 2 || !pair[0].is_string() || !pair[1].is_string()) {
      fields.wrong("headers", "holds what is no pair of texts");
      break;
    }
    headers.add(pair[0].get<std::string>(), pair[1].get<std::string>());
  }
  return headers;
}

http::Purpose purpose_of(std::string_view name) {
  return name == "retry"      ? http::Purpose::kRetry
         : name == "redirect" ? http::Purpose::kRedirect
         : name == "token"    ? http::Purpose::kToken
                              : http::Purpose::kRequest;
}

http::Exchange exchange_of(JsonFields& fields, const Json& line) {
  const ExchangeCaps caps;
  http::Exchange made;
  fields.choice(line, "schema", {"referee.transcript/1"});
  made.number = fields.count(line, "number");
  made.purpose = purpose_of(fields.choice(line, "purpose", {"request", "retry", "redirect", "token"}));
  made.method = fields.text(line, "method");
  made.url = fields.text(line, "url", caps.text);
  const auto& request = fields.object(line, "request");
  made.request_headers = headers_of(fields, request);
  made.request_body = fields.text(request, "body", caps.text);
  made.request_bytes = fields.count(request, "bytes");
  made.request_size = request.contains("size") ? fields.count(request, "size") : made.request_bytes;
  const auto& response = fields.object(line, "response");
  made.status = static_cast<int>(fields.count(response, "status", kLargestStatus));
  made.version = fields.text(response, "version");
  made.response_headers = headers_of(fields, response);
  made.response_body = fields.text(response, "body", caps.text);
  made.response_bytes = fields.count(response, "bytes");
  made.error = fields.text_or_empty(line, "error");
  const auto& timing = fields.object(line, "timing");
  made.started = fields.time(timing, "started");
  made.connect_seconds = fields.number(timing, "connect_seconds");
  made.first_byte_seconds = fields.number(timing, "first_byte_seconds");
  made.total_seconds = fields.number(timing, "total_seconds");
  return made;
}

using Checks = std::map<std::string, conformance::CheckResult*, std::less<>>;

/// What is wrong with a line, or empty.
std::string add_line(const Checks& checks, std::string_view line) {
  const auto document = parse_document(line);
  if (!document) return document.error();
  JsonFields fields;
  const auto check = fields.text(document->value, "check");
  auto exchange = exchange_of(fields, document->value);
  if (const auto whole = sound(fields, *document); !whole) return whole.error();
  if (const auto found = checks.find(check); found != checks.end()) {
    found->second->raw.exchanges.push_back(std::move(exchange));
  }
  return "";
}

}  // namespace

tl::expected<void, std::string> add_transcript(conformance::Run& run, std::string_view lines) {
  Checks checks;
  for (auto& check : run.checks) checks[check.raw.id] = &check;
  std::string wrong;
  std::size_t number = 0;
  while (!lines.empty() && wrong.empty()) {
    const auto end = lines.find('\n');
    // The last line of a run that is still going, or was cut.
    const bool cut = end == std::string_view::npos;
    ++number;
    wrong = number > kMostExchanges ? "is one too many" : add_line(checks, lines.substr(0, end));
    if (cut) break;
    lines.remove_prefix(end + 1);
    if (!wrong.empty()) {
      for (auto& check : run.checks) check.raw.exchanges.clear();
      return broken(fmt::format("line {}: {}", number, wrong));
    }
  }
  return {};
}

}  // namespace referee::reports
