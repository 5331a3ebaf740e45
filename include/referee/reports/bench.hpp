#pragma once

#include <span>
#include <string>

#include "referee/bench/result.hpp"

/// What `referee bench` measured, for people: one page with the charts of one or several results, of one or several
/// targets. Everything in a result is taken as hostile: text is clipped and escaped for the format, and of charts and
/// tables that are too large a part is shown, which says so. Pure functions; none fails.
namespace referee::reports {

/// A page with benchmarks alone, readable without its script. For each scenario its findings, its charts and, below
/// each chart, its numbers. Charts of one title share their axes, over all targets. A value that has no place on an
/// axis (not finite, or below zero on a logarithmic one) is left out and counted; zero has a place of its own on those.
std::string bench_html(std::span<const bench::Result> results);

/// The same findings and tables as Markdown.
std::string bench_markdown(std::span<const bench::Result> results);

}  // namespace referee::reports
