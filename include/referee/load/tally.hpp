#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string_view>

#include "referee/bench/histogram.hpp"

namespace referee::load {

/// Why an operation came to nothing.
enum class Cause : std::uint8_t {
  kConnect,    ///< no connection could be made
  kTimeout,    ///< not answered within the time limit
  kClosed,     ///< the connection ended before an answer began
  kTruncated,  ///< it ended within an answer
  kMalformed,  ///< what came is no HTTP, or more came than belongs to the answer
  kTooLarge,   ///< a head or body above the limit
  kStatus,     ///< another status than that of success
  kBody,       ///< the body is not what had to come
  kUnsent,     ///< still waiting for a connection when its time limit after the end of the run had passed
};
inline constexpr std::size_t kCauses = 9;
/// `connect`, `timeout`, `closed`, `truncated`, `malformed`, `too-large`, `status`, `body`, `unsent`.
std::string_view name(Cause cause);

/// What became of the operations of one kind. Merging loses nothing.
struct Tally {
  std::uint64_t planned = 0;   ///< operations that count: due after the warm-up
  std::uint64_t right = 0;     ///< of these, those that were whole and right
  std::uint64_t finished = 0;  ///< right ones that ended while it was measured, whenever they began: the rate achieved
  std::array<std::uint64_t, kCauses> errors{};  ///< planned = right + all of these
  std::map<int, std::uint64_t> statuses;        ///< of those with kStatus
  std::uint64_t requests = 0;                   ///< that were answered, of right operations
  std::uint64_t bytes_received = 0;             ///< of right operations, heads and bodies
  std::uint64_t bytes_sent = 0;
  /// From the planned time to the end of the last answer, in ns: right ones, and those that took too long (kTimeout,
  /// kUnsent) with the time until they were given up.
  bench::Histogram corrected;
  /// The same from the time when the first byte was sent; without kUnsent.
  bench::Histogram uncorrected;

  [[nodiscard]] std::uint64_t wrong() const;
  void merge(const Tally& other);
};

}  // namespace referee::load
