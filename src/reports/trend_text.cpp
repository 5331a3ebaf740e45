#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "json_values.hpp"
#include "model.hpp"
#include "referee/oci/words.hpp"
#include "referee/reports/trend.hpp"
#include "run_comparison_parts.hpp"
#include "text.hpp"
#include "trend_parts.hpp"

namespace referee::reports {
namespace {

using conformance::Verdict;
using nlohmann::ordered_json;

constexpr std::size_t kIdsEach = 10;
constexpr std::size_t kToMinutes = 16, kToSeconds = 19;  // of `2026-11-24T18:04:48.125Z`

std::string ids_text(const std::vector<std::string>& ids) {
  std::string text;
  for (std::size_t at = 0; at < std::min(ids.size(), kIdsEach); ++at) text += (at > 0 ? ", " : "") + ids[at];
  return ids.size() > kIdsEach ? fmt::format("{} and {} more", text, ids.size() - kIdsEach) : text;
}

/// Lines of whole ids, however long: whoever reads one copies it.
std::vector<std::string> id_lines(const std::vector<std::string>& ids, std::size_t columns) {
  std::vector<std::string> words;
  for (std::size_t at = 0; at < std::min(ids.size(), kIdsEach); ++at) {
    words.push_back(terminal_text(ids[at]) + (at + 1 < std::min(ids.size(), kIdsEach) ? "," : ""));
  }
  if (ids.size() > kIdsEach) words.push_back(fmt::format("and {} more", ids.size() - kIdsEach));
  std::vector<std::string> lines;
  for (auto& word : words) {
    if (!lines.empty() && display_width(lines.back()) + 1 + display_width(word) <= columns) {
      lines.back() += " " + word;
    } else {
      lines.push_back(std::move(word));
    }
  }
  return lines;
}

/// The shortest start of its time that the runs beside it do not have.
std::string label_of(const std::string& time, const std::vector<std::string>& beside) {
  for (const auto length : {kToMinutes, kToSeconds}) {
    const auto start = time.substr(0, length);
    if (std::ranges::none_of(beside, [&](const std::string& other) { return other.starts_with(start); })) {
      return start + "Z";
    }
  }
  return time;
}

std::string counts_text(const TrendRun& run) {
  std::string text;
  for (const auto verdict : kReadingOrder) {
    const auto found = run.counts.find(verdict);
    if (found != run.counts.end())
      text += fmt::format("{}{} {}", text.empty() ? "" : ", ", found->second, conformance::name(verdict));
  }
  return text.empty() ? "no check" : text;
}

std::string since_text(const Trend& trend, const TrendCheck& check) {
  if (!check.since) return "";
  auto text = fmt::format("since {}", run_time(trend, *check.since));
  if (check.last_good)
    text += fmt::format(", last good {}", run_time(trend, *check.last_good));
  else
    text += ", as far back as the results go";
  if (check.flips > 1) text += fmt::format(", changed {} times", check.flips);
  return text;
}

ordered_json verdict_or_null(const std::optional<Verdict>& verdict) {
  return verdict ? ordered_json(std::string(conformance::name(*verdict))) : ordered_json(nullptr);
}

ordered_json trend_run_json(const TrendRun& run) {
  ordered_json counts = ordered_json::object();
  for (const auto& [verdict, count] : run.counts) counts[std::string(conformance::name(verdict))] = count;
  return {{"path", valid_utf8(run.path)},
          {"started", run.info.started > 0 ? iso_time(run.info.started) : std::string()},
          {"tool_version", run.info.tool_version},
          {"spec", conformance::name(run.info.spec)},
          {"seed", std::to_string(run.info.seed)},
          {"complete", run.info.complete},
          {"counts", counts},
          {"marks", run.marks},
          {"broke", run.broke},
          {"fixed", run.fixed}};
}

ordered_json trend_check_json(const TrendCheck& check) {
  ordered_json verdicts = ordered_json::array();
  for (const auto& verdict : check.verdicts) verdicts.push_back(verdict_or_null(verdict));
  const auto place = [](const std::optional<std::size_t>& at) {
    return at ? ordered_json(*at) : ordered_json(nullptr);
  };
  return {{"id", check.id},           {"title", check.title},        {"level", check.level},
          {"failing", check.failing}, {"since", place(check.since)}, {"last_good", place(check.last_good)},
          {"flips", check.flips},     {"verdicts", verdicts}};
}

}  // namespace

std::string run_time(const Trend& trend, std::size_t at) {
  const auto& run = trend.runs[at];
  if (run.info.started <= 0) return clip(run.path, 60);
  std::vector<std::string> beside;
  if (at > 0) beside.push_back(iso_time(trend.runs[at - 1].info.started));
  if (at + 1 < trend.runs.size()) beside.push_back(iso_time(trend.runs[at + 1].info.started));
  return label_of(iso_time(run.info.started), beside);
}

std::string trend_sentence(const Trend& trend) {
  const auto failing = static_cast<std::size_t>(std::ranges::count_if(trend.checks, &TrendCheck::failing));
  const bool cut = !trend.runs.empty() && !trend.runs.back().info.complete;
  auto text = failing == 0   ? std::string(cut ? "Nothing fails so far" : "Nothing fails")
              : failing == 1 ? std::string("One check fails")
                             : fmt::format("{} checks fail", failing);
  text += trend.runs.size() == 1 ? std::string(" as of the only run")
                                 : fmt::format(" as of the last of {} runs", trend.runs.size());
  if (trend.runs.empty()) return text;
  const auto& last = trend.runs.back();
  if (cut) {
    std::size_t judged = 0;
    for (const auto& [verdict, count] : last.counts) judged += count;
    text += fmt::format(", which is not complete ({} of {})", judged, oci::counted(last.info.selected, "check"));
  }
  if (!last.broke.empty()) text += fmt::format(", {} of them new", last.broke.size());
  return text + fmt::format("; {} never changed and never failed", trend.steady);
}

std::string trend_text(const Trend& trend, std::size_t width) {
  auto text = fmt::format("{}: {}\n", terminal_text(trend.target), trend_sentence(trend));
  for (const auto& note : trend.notes) text += fmt::format("note    {}\n", terminal_text(note));
  text += "\n";
  const auto room = width > 40 ? width - 30 : 20;
  for (std::size_t at = 0; at < trend.runs.size(); ++at) {
    const auto& run = trend.runs[at];
    text += fmt::format("{}  {}\n", terminal_text(run_time(trend, at)), counts_text(run));
    const auto add = [&](std::string_view label, const std::vector<std::string>& lines) {
      for (const auto& line : lines) {
        text += fmt::format("{:19}{:<8}{}\n", "", label, line);
        label = "";
      }
    };
    for (const auto& mark : run.marks) add("note", wrap(terminal_text(mark), room, 5));
    add("broke", id_lines(run.broke, room));
    add("fixed", id_lines(run.fixed, room));
  }
  bool head = false;
  for (const auto& check : trend.checks) {
    if (!check.failing) continue;
    if (!head) text += "\nFailing\n";
    head = true;
    text += fmt::format("  {}{}\n      {}\n", terminal_text(check.id),
                        check.level.empty() ? "" : " (" + check.level + ")", since_text(trend, check));
  }
  return text;
}

std::string trend_json(const Trend& trend) {
  ordered_json runs = ordered_json::array();
  for (const auto& run : trend.runs) runs.push_back(trend_run_json(run));
  ordered_json checks = ordered_json::array();
  for (const auto& check : trend.checks) checks.push_back(trend_check_json(check));
  ordered_json notes = ordered_json::array();
  for (const auto& note : trend.notes) notes.push_back(valid_utf8(note));
  return dump({{"schema", "referee.trend/1"},
               {"target", trend.target},
               {"runs", runs},
               {"checks", checks},
               {"steady", trend.steady},
               {"notes", notes}},
              2) +
         "\n";
}

std::string trend_markdown(const Trend& trend) {
  auto text = fmt::format("# {} over time\n\n**{}.**\n\n", markdown_text(trend.target), trend_sentence(trend));
  for (const auto& note : trend.notes) text += fmt::format("- {}\n", markdown_text(note));
  if (!trend.notes.empty()) text += "\n";
  text += "| run | fail | warn | pass | other | what changed |\n|---|---:|---:|---:|---:|---|\n";
  for (std::size_t at = 0; at < trend.runs.size(); ++at) {
    const auto& run = trend.runs[at];
    std::size_t other = 0;
    for (const auto& [verdict, count] : run.counts) {
      if (verdict != Verdict::kFail && verdict != Verdict::kWarn && verdict != Verdict::kPass) other += count;
    }
    const auto of = [&](Verdict verdict) {
      const auto found = run.counts.find(verdict);
      return found == run.counts.end() ? std::size_t{0} : found->second;
    };
    std::vector<std::string> parts;
    for (const auto& mark : run.marks) parts.push_back(markdown_text(mark));
    if (!run.broke.empty()) parts.push_back("broke: " + markdown_text(ids_text(run.broke)));
    if (!run.fixed.empty()) parts.push_back("fixed: " + markdown_text(ids_text(run.fixed)));
    text += fmt::format("| {} | {} | {} | {} | {} | {} |\n", markdown_text(run_time(trend, at)), of(Verdict::kFail),
                        of(Verdict::kWarn), of(Verdict::kPass), other, fmt::join(parts, "<br>"));
  }
  text += "\n| check | level | fails |\n|---|---|---|\n";
  for (const auto& check : trend.checks) {
    if (!check.failing) continue;
    text += fmt::format("| {} | {} | {} |\n", markdown_text(check.id), check.level.empty() ? "–" : check.level,
                        markdown_text(since_text(trend, check)));
  }
  return text;
}

}  // namespace referee::reports
