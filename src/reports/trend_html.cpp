#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "referee/oci/words.hpp"
#include "referee/reports/trend.hpp"
#include "run_comparison_parts.hpp"
#include "text.hpp"
#include "trend_parts.hpp"

namespace referee::reports {
namespace {

using conformance::Verdict;

/// Runs that stand side by side: the newest.
constexpr std::size_t kMostStrip = 60;

constexpr std::array kStack{Verdict::kFail,     Verdict::kError,       Verdict::kInconclusive, Verdict::kWarn,
                            Verdict::kObserved, Verdict::kUnsupported, Verdict::kBlocked,      Verdict::kPass};

std::size_t total_of(const TrendRun& run) {
  std::size_t total = 0;
  for (const auto& [verdict, count] : run.counts) total += count;
  return total;
}

/// A bar for each run, what fails at its bottom; a dotted line where Referee is another version.
std::string bars(const Trend& trend, std::size_t from) {
  constexpr double kHeight = 160;
  const auto shown = trend.runs.size() - from;
  const double step = 880.0 / static_cast<double>(shown);
  std::size_t most = 1;
  for (std::size_t at = from; at < trend.runs.size(); ++at) most = std::max(most, total_of(trend.runs[at]));
  auto out = fmt::format(
      "<svg class=\"bars\" viewBox=\"0 0 900 190\" role=\"img\" aria-label=\"Checks of each verdict in {}; "
      "the numbers are in the table below\">\n",
      oci::counted(shown, "run"));
  for (std::size_t at = from; at < trend.runs.size(); ++at) {
    const auto& run = trend.runs[at];
    const double x = 10 + static_cast<double>(at - from) * step;
    const double width = std::min(step * 0.8, 60.0);
    double y = kHeight + 4;
    for (const auto verdict : kStack) {
      const auto found = run.counts.find(verdict);
      if (found == run.counts.end()) continue;
      const double height = kHeight * static_cast<double>(found->second) / static_cast<double>(most);
      y -= height;
      out += fmt::format(
          R"(<rect class="s-{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"><title>{}: {} {}</title></rect>)",
          verdict_class(verdict), x, y, width, height, html_text(run_time(trend, at)), found->second,
          conformance::name(verdict));
    }
    const bool other = at > 0 && trend.runs[at - 1].info.tool_version != run.info.tool_version;
    if (other) out += fmt::format(R"(<line x1="{0:.1f}" y1="0" x2="{0:.1f}" y2="{1}"/>)", x - step * 0.1, kHeight + 4);
    if (at == from || at + 1 == trend.runs.size()) {
      const bool end = at != from;
      out += fmt::format(R"(<text x="{:.1f}" y="180"{}>{}</text>)", end ? std::max(x + width, 260.0) : x,
                         end ? " text-anchor=\"end\"" : "", html_text(clip(run_time(trend, at), 40)));
    }
    out += "\n";
  }
  out += "</svg>\n";
  // For narrow screens, where the dates in the chart are too small to read.
  return out + fmt::format("<p class=\"ends\">{}{}</p>\n", html_text(clip(run_time(trend, from), 40)),
                           shown == 1 ? "" : " to " + html_text(clip(run_time(trend, trend.runs.size() - 1), 40)));
}

std::string ids_html(std::string_view label, const std::vector<std::string>& ids) {
  if (ids.empty()) return {};
  auto out = fmt::format("<details><summary>{} {}</summary>", ids.size(), label);
  for (const auto& id : ids) out += fmt::format("<code>{}</code><br>", html_text(id));
  return out + "</details>";
}

std::string runs_html(const Trend& trend) {
  std::string out =
      "<div class=\"scroll\"><table class=\"list counts\"><thead><tr><th scope=\"col\">run</th><th scope=\"col\">what "
      "changed</th>";
  for (const auto verdict : kStack) out += fmt::format("<th scope=\"col\">{}</th>", conformance::name(verdict));
  out += "</tr></thead><tbody>\n";
  for (std::size_t number = trend.runs.size(); number > 0; --number) {  // as the columns above are called
    const auto& run = trend.runs[number - 1];
    std::string what;
    for (const auto& mark : run.marks) what += html_text(mark) + "<br>";
    what += ids_html("broke", run.broke) + ids_html("fixed", run.fixed);
    out += fmt::format("<tr><th scope=\"row\"><b>{}</b> {}<small>{}</small></th><td>{}</td>", number,
                       html_text(run_time(trend, number - 1)), html_text(clip(run.path, 200)), what);
    for (const auto verdict : kStack) {
      const auto found = run.counts.find(verdict);
      const auto count = found == run.counts.end() ? std::size_t{0} : found->second;
      out +=
          fmt::format("<td{}>{}</td>", count == 0 ? "" : fmt::format(" class=\"{}\"", verdict_class(verdict)), count);
    }
    out += "</tr>\n";
  }
  return out + "</tbody></table></div>\n";
}

std::string history_html(const Trend& trend, std::size_t from) {
  auto out = fmt::format(
      "<div class=\"scroll wide\"><table class=\"matrix strip\"><thead><tr><th scope=\"col\">check</th><th "
      "scope=\"col\">fails since</th>");
  // The newest first: it is what a narrow screen shows.
  for (std::size_t at = trend.runs.size(); at-- > from;) {
    out += fmt::format(R"(<th scope="col" title="{}">{}</th>)", html_text(run_time(trend, at)), at + 1);
  }
  out += "</tr></thead><tbody>\n";
  for (const auto& check : trend.checks) {
    const auto since = check.since ? run_time(trend, *check.since) : std::string("–");
    const auto code = fmt::format("<code>{}</code>", html_text(check.id));
    out += fmt::format("<tr><th scope=\"row\">{}{}<small>{}</small></th><td>{}{}</td>",
                       check.link.empty() ? code : fmt::format(R"(<a href="{}">{}</a>)", html_text(check.link), code),
                       check.level.empty() ? "" : fmt::format(" <i>{}</i>", html_text(check.level)),
                       html_code(clip(check.title, 300)), html_text(since),
                       check.flips > 1 ? fmt::format("<br><small>changed {} times</small>", check.flips) : "");
    for (std::size_t at = trend.runs.size(); at-- > from;) {
      const auto& verdict = check.verdicts[at];
      if (!verdict) {
        out += "<td></td>";
        continue;
      }
      out += fmt::format(
          R"(<td class="{}" title="{}: {}"><span aria-hidden="true">{}</span><span class="unseen">{}</span></td>)",
          verdict_class(*verdict), html_text(run_time(trend, at)), conformance::name(*verdict), verdict_sign(*verdict),
          conformance::name(*verdict));
    }
    out += "</tr>\n";
  }
  return out + "</tbody></table></div>\n";
}

}  // namespace

std::string trend_html(const Trend& trend) {
  const auto from = trend.runs.size() > kMostStrip ? trend.runs.size() - kMostStrip : 0;
  const bool failing = std::ranges::any_of(trend.checks, &TrendCheck::failing);
  const bool cut = !trend.runs.empty() && !trend.runs.back().info.complete;
  auto out = table_page_head(clip(trend.target, 200) + " over time");
  out += fmt::format("<p class=\"verdict {}\">{}</p>\n",
                     failing ? "fail"
                     : cut   ? "undecided"
                             : "pass",
                     trend_sentence(trend));
  for (const auto& note : trend.notes) out += fmt::format("<p>{}</p>\n", html_text(clip(note, 500)));
  if (from > 0) out += fmt::format("<p>Charts show the newest {} runs.</p>\n", kMostStrip);
  if (!trend.runs.empty()) out += bars(trend, from);
  out +=
      "<ul class=\"legend\"><li class=\"fail\">✗ fail<li class=\"warn\">! warn<li class=\"undecided\">? inconclusive, "
      "error<li class=\"observed\">○ observed<li class=\"none\">– unsupported, ⊘ blocked<li class=\"pass\">✓ "
      "pass</ul>\n<p>A dotted line: another version of Referee, so that checks may have become others.</p>\n";
  if (!trend.checks.empty()) {
    out +=
        "<h2>Checks that fail or changed</h2>\n<p>A column is a run, the newest first; the list of runs below has its "
        "number.<span class=\"narrow\"> The table scrolls sideways.</span></p>\n" +
        history_html(trend, from);
  }
  return out + "<h2>Runs, the newest first</h2>\n" + runs_html(trend) + "</main></body></html>\n";
}

}  // namespace referee::reports
