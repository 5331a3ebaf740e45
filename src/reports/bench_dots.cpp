#include <fmt/format.h>

#include <algorithm>

#include "bench_draw.hpp"
#include "text.hpp"

/// Values at one count: a row for each name.
namespace referee::reports {
namespace {

constexpr double kRow = 15;
/// Of one name: there should be one.
constexpr std::size_t kMostDots = 20;

}  // namespace

std::string dots_svg(const Panel& panel, const Frame& frame, Looks& looks) {
  const auto& series = panel.chart->series;
  const auto count = std::min(series.size(), kMostSeries);
  std::vector<std::string> names;
  for (std::size_t at = 0; at < count; ++at) names.push_back(clip(series[at].name, 80));
  Box box;
  box.left = std::min(widest(names) + 10, frame.width * 0.42);
  constexpr double kValues = 62;  // behind the largest dot
  box.width = frame.width - box.left - kValues;
  box.top = 8;
  box.height = static_cast<double>(std::max<std::size_t>(count, 2)) * kRow;
  const double bottom = box.top + box.height;
  auto text = svg_head(frame.width, bottom + 36, panel) + R"(<g class="axes">)";
  const auto most = static_cast<std::size_t>(std::max(box.width / 42, 2.0));
  for (const auto& tick : frame.y.ticks(most)) {
    const double x = box.left + tick.at * box.width;
    text += fmt::format(R"(<path d="M{:.1f} {:.1f}V{:.1f}"/><text x="{:.1f}" y="{:.1f}" class="m">{}</text>)", x,
                        box.top, bottom, x, bottom + 14, tick.text);
  }
  if (frame.y.has_gap()) {
    text += fmt::format(R"(<path class="gap" d="M{:.1f} {:.1f}V{:.1f}"/>)", box.left + Axis::kGap * box.width * 0.6,
                        box.top, bottom);
  }
  text += fmt::format(R"(<text x="{:.1f}" y="{:.1f}" class="m n">{}</text></g>)", box.left + box.width / 2, bottom + 29,
                      html_text(clip(axis_name(panel.chart->y_label), 60)));
  bool any = false;
  const auto room = static_cast<std::size_t>(std::max((box.left - 8) / kCharacter, 4.0));
  for (std::size_t at = 0; at < count; ++at) {
    const double y = box.top + (static_cast<double>(at) + 0.5) * kRow;
    const auto look = looks.of(series[at].name);
    text += fmt::format(R"(<g class="s c{} d{}"><title>{}</title><text x="{:.1f}" y="{:.1f}" class="e">{}</text>)",
                        look.colour, look.stroke, html_text(names[at]), box.left - 8, y + 3.5,
                        html_text(fit(names[at], room)));
    std::size_t drawn = 0;
    for (const auto& point : series[at].points) {
      if (++drawn > kMostDots) break;
      const auto place = frame.y.place(point.second);
      if (!place) continue;
      any = true;
      const double x = box.left + *place * box.width;
      text +=
          fmt::format(R"(<path class="k" d="M{:.1f} {:.1f}H{:.1f}"/>{}<text x="{:.1f}" y="{:.1f}">{}</text>)", box.left,
                      y, x, mark(look.stroke, x, y), x + 7, y + 3.5, value_text(point.second, frame.y.quantity()));
    }
    text += "</g>";
  }
  if (!any) text += nothing(box);
  return text + "</svg>";
}

}  // namespace referee::reports
