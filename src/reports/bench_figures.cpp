#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <string_view>

#include "bench_parts.hpp"

namespace referee::reports {
namespace {

constexpr std::size_t kMostFigures = 60;
constexpr std::size_t kMostPanels = 400;

struct KnownScenario {
  std::string_view name;
  std::string_view title;
};
constexpr std::array<KnownScenario, 8> kScenarios{{{"protocol", "The grid: what each operation costs"},
                                                   {"growth", "Requests as a repository fills"},
                                                   {"rebuild", "Reproducible images, signed again by every build"},
                                                   {"race", "Several clients attach at once"},
                                                   {"signed-fraction", "Pulls where some images are signed"},
                                                   {"stability", "Thirty nights of an image that never changes"},
                                                   {"admission", "Time to a decision under a policy"},
                                                   {"load", "A load at a constant rate"}}};

Chapter& chapter_at(std::vector<Chapter>& chapters, const std::string& scenario) {
  auto found = std::ranges::find(chapters, scenario, &Chapter::scenario);
  if (found == chapters.end()) {
    const auto* const known = std::ranges::find(kScenarios, scenario, &KnownScenario::name);
    found =
        chapters.insert(found, {scenario, known == kScenarios.end() ? scenario : std::string(known->title), {}, {}, 0});
  }
  return *found;
}

void add_chart(Chapter& chapter, const bench::Chart& chart, const std::string& target) {
  auto& figures = chapter.figures;
  auto found = std::ranges::find_if(figures, [&](const Figure& figure) {
    return figure.title == chart.title && figure.log_x == chart.log_x && figure.log_y == chart.log_y;
  });
  if (found == figures.end()) {
    if (figures.size() >= kMostFigures) {
      ++chapter.left_out;
      return;
    }
    found = figures.insert(found, {chart.title, chart.x_label, chart.y_label, chart.log_x, chart.log_y, {}, 0});
  }
  if (found->panels.size() >= kMostPanels) {
    ++found->left_out;
    return;
  }
  // Behind the last of its name, so that targets stand side by side.
  const auto last = std::find_if(found->panels.rbegin(), found->panels.rend(),
                                 [&](const Panel& panel) { return panel.name == chart.panel; });
  found->panels.insert(last == found->panels.rend() ? found->panels.end() : last.base(),
                       {target, chart.panel, &chart, false});
}

/// What has one x for all targets is told in rows.
void choose_dots(Figure& figure) {
  for (auto first = figure.panels.begin(); first != figure.panels.end();) {
    const auto last =
        std::find_if(first, figure.panels.end(), [&](const Panel& panel) { return panel.name != first->name; });
    std::set<double> places;
    for (auto panel = first; panel != last; ++panel) {
      for (const auto& series : panel->chart->series) {
        for (const auto& [x, y] : series.points) {
          if (std::isfinite(x) && places.size() < 2) places.insert(x);
        }
      }
    }
    for (; first != last; ++first) first->dots = places.size() == 1;
  }
}

/// `oci-1.1` of `oci-1.1/api`, `D` of `D/index inlined`, if that is a proposal; otherwise nothing.
std::string_view proposal_of(std::string_view name) {
  static constexpr std::array<std::string_view, Looks::kColours> kProposals{"A", "B", "C",       "D",
                                                                            "E", "F", "oci-1.1", "cosign"};
  const auto head = name.substr(0, name.find_first_of("/ ,"));
  const auto* const found = std::ranges::find(kProposals, head);
  return found == kProposals.end() ? std::string_view() : *found;
}

}  // namespace

std::vector<Chapter> chapters_of(std::span<const bench::Result> results) {
  std::vector<Chapter> chapters;
  for (const auto& known : kScenarios) {
    if (std::ranges::find(results, known.name, &bench::Result::scenario) != results.end()) {
      chapter_at(chapters, std::string(known.name));
    }
  }
  for (const auto& result : results) {
    auto& chapter = chapter_at(chapters, result.scenario);
    const auto same = std::ranges::count_if(
        chapter.results, [&](const NamedResult& one) { return one.result->target == result.target; });
    chapter.results.push_back({&result, same == 0 ? result.target : fmt::format("{} ({})", result.target, same + 1)});
  }
  for (auto& chapter : chapters) {
    for (const auto& one : chapter.results) {
      for (const auto& chart : one.result->charts) add_chart(chapter, chart, one.target);
    }
    for (auto& figure : chapter.figures) choose_dots(figure);
  }
  return chapters;
}

bool shows_proposals(std::span<const Chapter> chapters) {
  const auto in_panel = [](const Panel& panel) {
    return std::ranges::any_of(panel.chart->series,
                               [](const bench::Series& series) { return !proposal_of(series.name).empty(); });
  };
  return std::ranges::any_of(chapters, [&](const Chapter& chapter) {
    return std::ranges::any_of(chapter.figures,
                               [&](const Figure& figure) { return std::ranges::any_of(figure.panels, in_panel); });
  });
}

Looks::Look Looks::of(const std::string& name) {
  if (const auto found = known_.find(name); found != known_.end()) return found->second;
  static constexpr std::string_view kOrder = "ABCDEFoc";
  Look look;
  if (const auto proposal = proposal_of(name); !proposal.empty()) {
    look.colour = kOrder.find(proposal.front());
    look.stroke = members_[std::string(proposal)]++ % kStrokes;
  } else {
    look = {others_ % kColours, others_ / kColours % kStrokes};
    ++others_;
  }
  return known_.emplace(name, look).first->second;
}

Frame frame_of(const Figure& figure, bool half) {
  std::vector<double> x;
  std::vector<double> y;
  std::size_t most = 0;
  std::size_t targets = 0;
  std::size_t longest = 0;
  for (const auto& panel : figure.panels) {
    targets += panel.name == figure.panels.front().name ? 1 : 0;
    const auto shown = std::min(panel.chart->series.size(), kMostSeries);
    most = std::max(most, shown);
    for (std::size_t at = 0; at < shown; ++at) {
      longest = std::max(longest, panel.chart->series[at].name.size() + panel.chart->series[at].note.size());
      for (const auto& [n, value] : panel.chart->series[at].points) {
        if (!panel.dots) x.push_back(n);
        y.push_back(value);
      }
    }
  }
  // Of three panels side by side none has room for long names beside its lines.
  constexpr std::size_t kLongName = 27;
  const bool pairs = figure.panels.size() == 2 || targets == 2 || targets == 4 || longest > kLongName;
  const int columns = figure.panels.size() == 1 ? 1 : pairs ? 2 : 3;
  constexpr std::array<double, 3> kWidths{880, 650, 430};
  constexpr std::array<double, 3> kHeights{320, 280, 230};
  constexpr double kLine = 12;
  const auto at = static_cast<std::size_t>(half ? 1 : columns - 1);
  const double height = std::max(kHeights.at(at), static_cast<double>(most) * kLine);
  return {Axis(x, figure.log_x, quantity_of(figure.x_label), Axis::Ends::kTight),
          Axis(y, figure.log_y, quantity_of(figure.y_label)), columns, kWidths.at(at), height};
}

std::string remark_on(const Panel& panel, const Frame& frame) {
  std::string remark;
  const auto& all = panel.chart->series;
  if (all.size() > kMostSeries) {
    remark = fmt::format("{} of {} lines are drawn; the others are in the numbers.", kMostSeries, all.size());
  }
  std::size_t missing = 0;
  for (const auto& series : all) {
    missing += static_cast<std::size_t>(std::ranges::count_if(series.points, [&](const auto& point) {
      return (!panel.dots && !frame.x.place(point.first)) || !frame.y.place(point.second);
    }));
  }
  if (missing > 0) {
    remark += fmt::format("{}{} {} no place on the axes and {} left out.", remark.empty() ? "" : " ", missing,
                          missing == 1 ? "value has" : "values have", missing == 1 ? "is" : "are");
  }
  return remark;
}

}  // namespace referee::reports
