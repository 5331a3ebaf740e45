#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

#include "referee/bench/host.hpp"

/// What a benchmark found, whichever it is: the one form that files keep and the comparison reads.
namespace referee::bench {

/// One measurement, repeated. `referee compare` compares those in seconds by name.
struct Measurement {
  std::string name;  ///< `verify/oci-1.1/api/n:1000`: the same for the same thing in every run
  std::string unit;  ///< `s`, `B`, `1/s`, or `1` for counts
  bool more_is_better = false;
  std::vector<double> values;
};

struct Table {
  std::string title;
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;  ///< as many cells as columns
};

struct Series {
  std::string name;
  std::vector<std::pair<double, double>> points;  ///< rising in x
  std::string note;                               ///< a few words beside the name in a legend; mostly empty
};
struct Chart {
  std::string title;
  std::string x_label;
  std::string y_label;
  bool log_x = false;
  bool log_y = false;
  std::vector<Series> series;
  std::string panel;  ///< of several charts with one title, which share their axes: what this one shows
};

struct Result {
  std::string scenario;  ///< `growth`, `rebuild`, ...; `protocol` for the grid of protocol costs
  std::string about;     ///< one sentence: what was asked
  std::string target;    ///< as typed
  std::string tool_version;
  std::uint64_t seed = 0;
  double started = 0;      ///< seconds since the Unix epoch
  double seconds = 0;      ///< that it took
  std::string incomplete;  ///< why it is not whole; empty if it is
  Host host;
  std::vector<std::string> findings;  ///< sentences, each with the numbers it rests on
  std::vector<Table> tables;
  std::vector<Chart> charts;
  std::vector<Measurement> samples;
};

/// reports/schemas/benchmark.schema.json.
std::string result_json(const Result& result);
/// Reads what `referee bench` writes: a scenario's file, growth.json, or protocol.json, whose benchmarks become charts
/// against the number of attachments. Mostly one result; a run with `--compare` is two. Fails with one line, also if it
/// is larger than oci::kLargestResult.
tl::expected<std::vector<Result>, std::string> read_results(std::string_view json);

/// What was found, in sentences and tables, for a terminal.
std::string result_text(const Result& result);

}  // namespace referee::bench
