#include "bench_draw.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "text.hpp"

namespace referee::reports {

std::string svg_head(double width, double height, const Panel& panel) {
  const auto what =
      fmt::format("{}{}{}{}{}; the numbers are in a table below", panel.chart->title, panel.name.empty() ? "" : ", ",
                  panel.name, panel.target.empty() ? "" : ", ", panel.target);
  return fmt::format(R"(<svg viewBox="0 0 {:.0f} {:.0f}" role="img" aria-label="{}">)", width, height,
                     html_text(clip(what, 300)));
}

double widest(const std::vector<std::string>& texts) {
  std::size_t columns = 0;
  for (const auto& text : texts) columns = std::max(columns, display_width(terminal_text(text)));
  return static_cast<double>(columns) * kCharacter;
}

std::string axis_name(const std::string& label) {
  constexpr std::string_view kSeconds = ", seconds";
  if (label == "seconds") return "time";
  return label.ends_with(kSeconds) ? "time, " + label.substr(0, label.size() - kSeconds.size()) : label;
}

std::string mark(std::size_t stroke, double x, double y) {
  static constexpr std::array<std::string_view, Looks::kStrokes> kSigns{
      "", "M-3 -3H3V3H-3Z", "M0 -4L4 3H-4Z", "M0 -4L4 0L0 4L-4 0Z", "M0 4L4 -3H-4Z", "M-3 -3L3 3M3 -3L-3 3"};
  if (stroke == 0) return fmt::format(R"(<circle cx="{:.1f}" cy="{:.1f}" r="2.8"/>)", x, y);
  return fmt::format(R"x(<path class="p" transform="translate({:.1f} {:.1f})" d="{}"/>)x", x, y,
                     kSigns.at(stroke % Looks::kStrokes));
}

std::string nothing(const Box& box) {
  return fmt::format(R"(<text x="{:.1f}" y="{:.1f}" class="m">nothing that can be drawn</text>)",
                     box.left + box.width / 2, box.top + box.height / 2);
}

std::vector<double> spread(const std::vector<double>& wanted, double gap, double low, double high) {
  // Without the gaps it is isotonic regression: neighbours in the wrong order are pooled to their mean.
  struct Pool {
    double sum = 0;
    std::size_t count = 0;
    [[nodiscard]] double mean() const { return sum / static_cast<double>(count); }
  };
  std::vector<Pool> pools;
  for (std::size_t at = 0; at < wanted.size(); ++at) {
    pools.push_back({wanted[at] - static_cast<double>(at) * gap, 1});
    while (pools.size() > 1 && pools[pools.size() - 2].mean() > pools.back().mean()) {
      const auto last = pools.back();
      pools.pop_back();
      pools.back().sum += last.sum;
      pools.back().count += last.count;
    }
  }
  const double most = std::max(high - static_cast<double>(wanted.empty() ? 0 : wanted.size() - 1) * gap, low);
  std::vector<double> places;
  for (const auto& pool : pools) {
    for (std::size_t one = 0; one < pool.count; ++one) {
      places.push_back(std::clamp(pool.mean(), low, most) + static_cast<double>(places.size()) * gap);
    }
  }
  return places;
}

}  // namespace referee::reports
