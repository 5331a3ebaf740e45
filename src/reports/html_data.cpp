#include <fmt/format.h>

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

/// Escapes are the same text to JSON. `\u003c` is nothing to HTML, and whoever reads the page's source sees no text
/// that runs backwards, nor controls of terminals.
std::string without_markup(const std::string& json) {
  std::string out;
  out.reserve(json.size() + json.size() / 16);
  for (std::size_t at = 0; at < json.size();) {
    // Almost all of it is copied in runs.
    const auto rest = std::string_view(json).substr(at);
    const auto* const odd = std::ranges::find_if(
        rest, [](char c) { return c == '<' || c == 0x7f || (static_cast<unsigned char>(c) & 0x80U) != 0; });
    const auto run = static_cast<std::size_t>(odd - rest.begin());
    out.append(rest.substr(0, run));
    at += run;
    if (at == json.size()) break;
    const auto begin = at;
    const auto c = next_code_point(json, at);
    const bool control = c >= 0x7f && c <= 0x9f;
    if (c == '<' || control || turns_text(c)) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      out.append(json, begin, at - begin);
    }
  }
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

/// By run and check.
using Transcripts = std::vector<std::vector<Transcript>>;

Transcripts transcripts_of(const Report& report, std::size_t& used) {
  Transcripts all;
  for (const auto& part : report.runs) all.emplace_back(part.run->checks.size());
  for (const bool passed : {false, true}) {
    for (std::size_t at = 0; at < all.size(); ++at) {
      const auto& checks = report.runs[at].run->checks;
      for (std::size_t index = 0; index < checks.size(); ++index) {
        if ((checks[index].verdict == Verdict::kPass) == passed) {
          add_exchanges(checks[index], kTranscriptBudget, used, all[at][index]);
        }
      }
    }
  }
  return all;
}

ordered_json run_of_page(const conformance::Run& run, const std::string& label) {
  auto value = run_value(run.info);
  value["again"] = clip(conformance::check_command(run.info), kCommandBytes);
  value.erase("capabilities");
  value["label"] = label;
  value["summary"] = summary_value(run);
  return value;
}

/// The checks of one run, each with the number of its element of exchanges.
void add_checks(std::string& out, const RunPart& part, std::size_t at, const std::vector<Transcript>& texts,
                std::size_t first, std::size_t& used) {
  const auto& run = *part.run;
  const auto blocked = blocked_under(run);
  for (std::size_t index = 0; index < run.checks.size(); ++index) {
    const auto& check = run.checks[index];
    auto value = check_value(check, part.book, run.info.spec, used < kTotalBudget ? kFullCaps : kTightCaps);
    const auto suite = split_id(check.raw.id).suite;
    value["section"] = valid_utf8(suite.empty() ? heading(check, part.book) : suite + ": " + heading(check, part.book));
    auto& blocks = value["blocks"] = ordered_json::array();
    if (const auto found = blocked.find(check.raw.id); found != blocked.end() && is_root_cause(check.verdict)) {
      for (const auto& id : found->second) blocks.push_back(clip(id, 256));
    }
    if (reason_beside(check).empty()) value["reason"] = nullptr;
    value["run"] = at;
    value["exchanges"] = check.raw.exchanges.size() - texts[index].omitted;
    value["exchanges_omitted"] = texts[index].omitted;
    value["transcript"] = first + index;
    const auto piece = without_markup(dump(value));
    used += piece.size();
    out += (out.ends_with('[') ? "\n" : ",\n") + piece;
  }
}

}  // namespace

PageData html_data(const Report& report) {
  std::size_t used = 0;
  const auto texts = transcripts_of(report, used);
  const auto labels = run_labels(report);
  auto runs = ordered_json::array();
  for (std::size_t at = 0; at < labels.size(); ++at) runs.push_back(run_of_page(*report.runs[at].run, labels[at]));
  PageData page;
  page.checks = "{\"runs\":" + without_markup(dump(runs)) + ",\"checks\":[";
  std::size_t first = 0;
  for (std::size_t at = 0; at < texts.size(); ++at) {
    add_checks(page.checks, report.runs[at], at, texts[at], first, used);
    for (std::size_t index = 0; index < texts[at].size(); ++index) {
      if (texts[at][index].text.empty()) continue;
      page.transcripts += fmt::format(R"(<script type="application/json" id="t{}">[)", first + index);
      page.transcripts += texts[at][index].text;
      page.transcripts += "]</script>\n";
    }
    first += texts[at].size();
  }
  page.checks += "]}";
  return page;
}

}  // namespace referee::reports
