#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "html_parts.hpp"
#include "json_values.hpp"
#include "text.hpp"

namespace referee::reports {
namespace {

using conformance::CheckResult;
using conformance::Verdict;
using nlohmann::ordered_json;

constexpr std::size_t kPassExchanges = 10;
constexpr std::size_t kCommandBytes = 16384;
constexpr std::size_t kTranscriptBudget = std::size_t{10} << 20U;  ///< what did not pass comes first
constexpr std::size_t kTotalBudget = std::size_t{14} << 20U;
constexpr ExchangeCaps kExchangeCaps{60, 2400};
constexpr TextCaps kFullCaps{20, 40, 1024};
constexpr TextCaps kTightCaps{1, 2, 160};

/// `\u003c` is the same text to JSON and nothing to HTML.
std::string without_markup(const std::string& json) {
  std::string out;
  out.reserve(json.size() + json.size() / 16);
  std::size_t from = 0;
  for (auto at = json.find('<'); at != std::string::npos; at = json.find('<', from)) {
    out.append(json, from, at - from);
    out += "\\u003c";
    from = at + 1;
  }
  out.append(json, from);
  return out;
}

struct Transcript {
  std::string text;
  std::size_t omitted = 0;
};

void add_exchanges(const CheckResult& check, std::size_t budget, std::size_t& used, Transcript& transcript) {
  const bool quiet = check.verdict == Verdict::kPass;
  for (const auto& exchange : check.raw.exchanges) {
    const auto index = static_cast<std::size_t>(&exchange - check.raw.exchanges.data());
    if ((quiet && index >= kPassExchanges) || used >= budget) {
      transcript.omitted = check.raw.exchanges.size() - index;
      return;
    }
    auto value = exchange_value(exchange, kExchangeCaps);
    value["curl"] = clip(http::curl_command(exchange), kCommandBytes);
    const auto piece = without_markup(dump(value));
    used += piece.size();
    if (!transcript.text.empty()) transcript.text += ',';
    transcript.text += piece;
  }
}

std::vector<Transcript> transcripts(const conformance::Run& run, std::size_t& used) {
  std::vector<Transcript> all(run.checks.size());
  for (const bool passed : {false, true}) {
    for (std::size_t index = 0; index < run.checks.size(); ++index) {
      const auto& check = run.checks[index];
      if ((check.verdict == Verdict::kPass) == passed) add_exchanges(check, kTranscriptBudget, used, all[index]);
    }
  }
  return all;
}

}  // namespace

std::string html_data(const conformance::Run& run, const Book& book) {
  std::size_t used = 0;
  const auto texts = transcripts(run, used);
  const auto blocked = blocked_under(run);
  ordered_json top;
  top["run"] = run_value(run.info);
  top["summary"] = summary_value(run);
  std::string out = without_markup(dump(top));
  out.pop_back();  // reopened: the checks are appended as text, the transcripts are large
  out += ",\"checks\":[";
  for (std::size_t index = 0; index < run.checks.size(); ++index) {
    const auto& check = run.checks[index];
    auto value = check_value(check, book, run.info.spec, used < kTotalBudget ? kFullCaps : kTightCaps);
    const auto suite = split_id(check.raw.id).suite;
    value["section"] = valid_utf8(suite.empty() ? heading(check, book) : suite + ": " + heading(check, book));
    auto& blocks = value["blocks"] = ordered_json::array();
    if (const auto found = blocked.find(check.raw.id); found != blocked.end() && is_root_cause(check.verdict)) {
      for (const auto& id : found->second) blocks.push_back(valid_utf8(id));
    }
    value["exchanges_omitted"] = texts[index].omitted;
    auto piece = without_markup(dump(value));
    piece.pop_back();
    used += piece.size();
    if (index > 0) out += ",\n";
    out += piece + ",\"exchanges\":[" + texts[index].text + "]}";
  }
  return out + "]}";
}

}  // namespace referee::reports
