#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

namespace referee::bench {

/// One measurement, repeated.
struct Samples {
  std::string name;  ///< the same for the same thing in every run
  std::vector<double> seconds;
};

/// What a run of benchmarks measured.
struct SampleFile {
  std::vector<Samples> samples;                ///< in the order of the file; names are unique
  std::vector<std::string> wrong;              ///< names of those that do not count
  std::map<std::string, std::string> context;  ///< of the machine and the run: `num_cpus`, `cpu`, `target`, `seed` ...
};

/// Reads what `referee bench` writes: protocol.json, which is Google Benchmark's JSON (any program's), growth.json or a
/// scenario's file.
/// Aggregates are passed over: they are computed anew. Fails with one line, also if it is larger than
/// oci::kLargestResult.
tl::expected<SampleFile, std::string> read_samples(std::string_view json);

}  // namespace referee::bench
