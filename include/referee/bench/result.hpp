#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

/// What a benchmark found, whichever it is: the one form that the report shows and the comparison reads.
namespace referee::bench {

/// The machine that measured. What is not known is empty or 0.
struct Host {
  int cpus = 0;
  std::string cpu;          ///< model name
  std::string governor;     ///< of the first CPU's frequency: `performance`
  std::string virtualized;  ///< `kvm`; empty on bare metal or where it is not known
  std::string kernel;       ///< name and release
  double load = 0;          ///< average of a minute, before the benchmark began
};
/// Asks the system.
Host this_host();

/// One measurement, repeated. What `referee compare` compares by name.
struct Samples {
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
};
struct Chart {
  std::string title;
  std::string x_label;
  std::string y_label;
  bool log_x = false;
  bool log_y = false;
  std::vector<Series> series;
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
  std::vector<Samples> samples;
};

/// reports/schemas/benchmark.schema.json.
std::string result_json(const Result& result);
/// Reads what result_json() wrote, or Google Benchmark's JSON (`benchmarks`), of at most 256 MiB. Fails with one line.
tl::expected<Result, std::string> read_result(std::string_view json);

}  // namespace referee::bench
