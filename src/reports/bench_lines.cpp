#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "bench_draw.hpp"
#include "text.hpp"

/// Lines against an axis of counts, each with its name at its right end.
namespace referee::reports {
namespace {

/// Points of one line, before they are thinned out: beyond, a pixel has several.
constexpr std::size_t kMostPoints = 400;
/// Marks of one panel: more are a smear.
constexpr std::size_t kMostMarks = 600;

/// Signs of one line that are seen.
constexpr std::size_t kMostSigns = 14;

struct Spot {
  double x = 0;
  double y = 0;
  double n = 0;  ///< what it stands for
  double value = 0;
  bool apart = false;  ///< zero on an axis that has no room for it
};

/// Of each pixel's column the first, the last, the lowest and the highest.
std::vector<Spot> thinned(const std::vector<Spot>& spots) {
  if (spots.size() <= kMostPoints) return spots;
  std::vector<Spot> kept;
  for (auto first = spots.begin(); first != spots.end();) {
    const auto last =
        std::find_if(first, spots.end(), [&](const Spot& spot) { return std::floor(spot.x) != std::floor(first->x); });
    const auto [low, high] = std::minmax_element(first, last, [](const Spot& a, const Spot& b) { return a.y < b.y; });
    std::vector<std::vector<Spot>::const_iterator> chosen{first, low, high, std::prev(last)};
    std::ranges::sort(chosen);
    const auto same = std::ranges::unique(chosen);
    chosen.erase(same.begin(), same.end());
    for (const auto& one : chosen) kept.push_back(*one);
    first = last;
  }
  return kept;
}

std::string path_of(const std::vector<Spot>& spots) {
  std::string line;
  std::string bridge;
  bool open = false;
  for (std::size_t at = 0; at + 1 < spots.size(); ++at) {
    const auto& a = spots[at];
    const auto& b = spots[at + 1];
    if (a.apart || b.apart) {
      bridge += fmt::format("M{:.1f} {:.1f}L{:.1f} {:.1f}", a.x, a.y, b.x, b.y);
      open = false;
      continue;
    }
    if (!open) line += fmt::format("M{:.1f} {:.1f}", a.x, a.y);
    line += fmt::format("L{:.1f} {:.1f}", b.x, b.y);
    open = true;
  }
  std::string text;
  if (!line.empty()) text += fmt::format(R"(<path class="l" d="{}"/>)", line);
  if (!bridge.empty()) text += fmt::format(R"(<path class="z" d="{}"/>)", bridge);
  return text;
}

class Lines {
 public:
  Lines(const Panel& panel, const Frame& frame, Looks& looks) : panel_(panel), frame_(frame), looks_(looks) {
    const auto& series = panel.chart->series;
    count_ = std::min(series.size(), kMostSeries);
    std::vector<std::string> names;
    std::vector<std::string> ticks;
    for (std::size_t at = 0; at < count_; ++at) names.push_back(label(series[at]));
    for (const auto& tick : frame.y.ticks(kTicks)) ticks.push_back(tick.text);
    box_.left = widest(ticks) + 22;
    box_.width = frame.width - box_.left - std::min(widest(names) + 26, frame.width * 0.42);
    box_.top = 12;
    box_.height = frame.height;
  }

  std::string svg() {
    const double height = box_.top + box_.height + 36;
    auto text = svg_head(frame_.width, height, panel_) + axes();
    collect();
    place_names();
    std::size_t marks = 0;
    for (const auto& line : lines_) marks += line.spots.size();
    for (const auto& line : lines_) text += drawn(line, marks <= kMostMarks);
    if (lines_.empty()) text += nothing(box_);
    return text + "</svg>";
  }

 private:
  struct Line {
    const bench::Series* series = nullptr;
    std::vector<Spot> spots;
    double name_at = 0;
  };
  static constexpr std::size_t kTicks = 7;

  static std::string label(const bench::Series& series) {
    return clip(series.note.empty() ? series.name : series.name + ", " + series.note, 80);
  }
  [[nodiscard]] double right() const { return box_.left + box_.width; }
  [[nodiscard]] double bottom() const { return box_.top + box_.height; }

  [[nodiscard]] std::string axes() const {
    std::string text = R"(<g class="axes">)";
    for (const auto& tick : frame_.y.ticks(kTicks)) {
      const double y = bottom() - tick.at * box_.height;
      text += fmt::format(R"(<path d="M{:.1f} {:.1f}H{:.1f}"/><text x="{:.1f}" y="{:.1f}" class="e">{}</text>)",
                          box_.left, y, right(), box_.left - 5, y + 3.5, tick.text);
    }
    // Names of ticks have to fit beside each other.
    const auto most = static_cast<std::size_t>(std::max(box_.width / 48, 2.0));
    for (const auto& tick : frame_.x.ticks(most, box_.width / kCharacter)) {
      const double x = box_.left + tick.at * box_.width;
      text += fmt::format(R"(<path d="M{:.1f} {:.1f}V{:.1f}"/><text x="{:.1f}" y="{:.1f}" class="m">{}</text>)", x,
                          box_.top, bottom(), x, bottom() + 14, tick.text);
    }
    if (frame_.x.has_gap()) {
      text += fmt::format(R"(<path class="gap" d="M{:.1f} {:.1f}V{:.1f}"/>)", box_.left + Axis::kGap * box_.width * 0.6,
                          box_.top, bottom());
    }
    if (frame_.y.has_gap()) {
      text += fmt::format(R"(<path class="gap" d="M{:.1f} {:.1f}H{:.1f}"/>)", box_.left,
                          bottom() - Axis::kGap * box_.height * 0.6, right());
    }
    return text +
           fmt::format(R"(<text x="{:.1f}" y="{:.1f}" class="m n">{}</text>)", box_.left + box_.width / 2,
                       bottom() + 29, html_text(clip(panel_.chart->x_label, 60))) +
           fmt::format(R"x(<text transform="translate(10 {:.1f}) rotate(-90)" class="m n">{}</text></g>)x",
                       box_.top + box_.height / 2, html_text(clip(axis_name(panel_.chart->y_label), 60)));
  }

  void collect() {
    for (std::size_t at = 0; at < count_; ++at) {
      const auto& series = panel_.chart->series[at];
      Line line{&series, {}, 0};
      for (const auto& [n, value] : series.points) {
        const auto x = frame_.x.place(n);
        const auto y = frame_.y.place(value);
        if (!x || !y) continue;
        line.spots.push_back({box_.left + *x * box_.width, bottom() - *y * box_.height, n, value,
                              (frame_.x.has_gap() && n == 0) || (frame_.y.has_gap() && value == 0)});
      }
      if (line.spots.empty()) continue;
      std::ranges::stable_sort(line.spots, {}, &Spot::x);
      line.spots = thinned(line.spots);
      lines_.push_back(std::move(line));
    }
  }

  /// Names stand at the ends of their lines, as close as they can without touching each other.
  void place_names() {
    std::vector<std::size_t> order(lines_.size());
    for (std::size_t at = 0; at < order.size(); ++at) order[at] = at;
    std::ranges::stable_sort(order, {}, [&](std::size_t at) { return lines_[at].spots.back().y; });
    std::vector<double> wanted;
    for (const auto at : order) wanted.push_back(lines_[at].spots.back().y);
    const auto places = spread(wanted, kLabelLine, box_.top + 2, bottom());
    for (std::size_t at = 0; at < order.size(); ++at) lines_[order[at]].name_at = places[at];
  }

  [[nodiscard]] std::string drawn(const Line& line, bool with_marks) const {
    const auto look = looks_.of(line.series->name);
    auto text = fmt::format(R"(<g class="s c{} d{}"><title>{}</title>)", look.colour, look.stroke,
                            html_text(label(*line.series)));
    text += path_of(line.spots);
    if (with_marks || line.spots.size() == 1) {
      // Many in a row hide the line: they show when they are pointed at.
      const auto* const kind = line.spots.size() > kMostSigns ? " class=\"q\"" : "";
      for (const auto& spot : line.spots) {
        text += fmt::format("<g{}><title>{}, {}: {}</title>{}</g>", kind, html_text(clip(line.series->name, 80)),
                            value_text(spot.n, frame_.x.quantity()), value_text(spot.value, frame_.y.quantity()),
                            mark(look.stroke, spot.x, spot.y));
      }
    }
    const auto& end = line.spots.back();
    const double x = right() + 18;
    const auto room = static_cast<std::size_t>(std::max((frame_.width - x) / kCharacter, 4.0));
    text += fmt::format(R"(<path class="k" d="M{:.1f} {:.1f}L{:.1f} {:.1f}H{:.1f}"/>)", end.x + 4, end.y,
                        std::max(right() + 12, end.x + 5), line.name_at, x - 2);
    return text + fmt::format(R"(<text x="{:.1f}" y="{:.1f}">{}</text></g>)", x, line.name_at + 3.5,
                              html_text(fit(label(*line.series), room)));
  }

  const Panel& panel_;
  const Frame& frame_;
  Looks& looks_;
  Box box_;
  std::size_t count_ = 0;
  std::vector<Line> lines_;
};

}  // namespace

std::string lines_svg(const Panel& panel, const Frame& frame, Looks& looks) {
  return Lines(panel, frame, looks).svg();
}

}  // namespace referee::reports
