#pragma once

#include <string>
#include <vector>

#include "bench_parts.hpp"

/// What both kinds of charts draw with.
namespace referee::reports {

/// Where the axes stand in a drawing.
struct Box {
  double left = 0;
  double top = 0;
  double width = 0;
  double height = 0;
};

inline constexpr double kCharacter = 5.7;   ///< width of a character of a label, more or less
inline constexpr double kLabelLine = 11.5;  ///< from one label to the next

/// `<svg ...>` with a text for those who do not see it.
std::string svg_head(double width, double height, const Panel& panel);
/// Columns of the longest of some texts, as a width.
double widest(const std::vector<std::string>& texts);
/// The label of an axis whose ticks have units: without its own.
std::string axis_name(const std::string& label);
/// A sign at a place; another one for each stroke.
std::string mark(std::size_t stroke, double x, double y);
/// Says that there is nothing to see.
std::string nothing(const Box& box);

/// Rising places that are at least `gap` apart and, if there is room, within bounds: the nearest ones to the wanted
/// places, which rise, by least squares.
std::vector<double> spread(const std::vector<double>& wanted, double gap, double low, double high);

}  // namespace referee::reports
