#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "bench_axis.hpp"
#include "referee/bench/result.hpp"

/// From results to a page: which charts belong together, and what they look like.
namespace referee::reports {

/// A result and what it is called where there are several: its target, with a number if that occurs twice.
struct NamedResult {
  const bench::Result* result = nullptr;
  std::string target;
};

/// One chart in a figure.
struct Panel {
  std::string target;
  std::string name;  ///< what it shows of the figure; may be empty
  const bench::Chart* chart = nullptr;
  bool dots = false;  ///< there is one x alone: values in rows, instead of lines
};

/// Charts of one title, side by side with the same axes. Panels of one name follow each other, target by target.
struct Figure {
  std::string title;
  std::string x_label;
  std::string y_label;
  bool log_x = false;
  bool log_y = false;
  std::vector<Panel> panels;
  std::size_t left_out = 0;  ///< charts beyond the most that are shown
};

/// All results of one scenario.
struct Chapter {
  std::string scenario;
  std::string title;
  std::vector<NamedResult> results;
  std::vector<Figure> figures;
  std::size_t left_out = 0;  ///< charts of titles beyond the most that are shown
};

/// In the order of the documentation; scenarios that nobody knows at the end.
std::vector<Chapter> chapters_of(std::span<const bench::Result> results);

/// Whether a line of them is called like a proposal.
bool shows_proposals(std::span<const Chapter> chapters);

/// Of names that lines have, their classes of colour and of stroke: the same name looks the same on the whole page, and
/// variants of one proposal have one colour.
class Looks {
 public:
  struct Look {
    std::size_t colour = 0;  ///< below kColours
    std::size_t stroke = 0;  ///< below kStrokes
  };
  static constexpr std::size_t kColours = 8;
  static constexpr std::size_t kStrokes = 6;
  Look of(const std::string& name);

 private:
  std::map<std::string, Look, std::less<>> known_;
  std::map<std::string, std::size_t, std::less<>> members_;  ///< of each proposal
  std::size_t others_ = 0;
};

/// What panels of a figure share.
struct Frame {
  Axis x;
  Axis y;
  int columns = 1;   ///< panels side by side
  double width = 0;  ///< of a drawing, in units of its own, which are about pixels
  double height = 0;
};
/// `half`: a figure of one panel that stands beside another.
Frame frame_of(const Figure& figure, bool half);

/// An <svg> element.
std::string lines_svg(const Panel& panel, const Frame& frame, Looks& looks);
std::string dots_svg(const Panel& panel, const Frame& frame, Looks& looks);

/// Series that a chart draws at most; the others are in its table alone.
inline constexpr std::size_t kMostSeries = 24;
/// Why not everything of a chart can be seen in it; empty if it can.
std::string remark_on(const Panel& panel, const Frame& frame);

/// Rows that a table shows at most.
inline constexpr std::size_t kMostRows = 500;
struct Numbers {
  bench::Table table;
  std::size_t left_out = 0;  ///< rows beyond the most
};
/// The numbers of a figure: a row for each line, or, where there are too many x, for each point.
Numbers numbers_of(const Figure& figure, bool several_targets);

/// What makes numbers of a machine differ from those of another hour: sentences.
std::vector<std::string> disturbances(std::span<const bench::Result> results);
/// What was measured, by whom and where: a row for each result.
bench::Table sources_of(std::span<const Chapter> chapters);

}  // namespace referee::reports
