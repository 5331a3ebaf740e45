#pragma once

#include <cstddef>

namespace referee::oci {

/// Bytes of a file of results that is read again, the same for every command: results.json, rubric.json, matrix.json,
/// transcript.jsonl, load.json, benchmarks and comparisons. Runs of the whole suite write a tenth of it at most. In
/// memory such a file takes many times as much. Recordings have a limit of their own (http/recording.hpp).
inline constexpr std::size_t kLargestResult = std::size_t{64} << 20U;

}  // namespace referee::oci
