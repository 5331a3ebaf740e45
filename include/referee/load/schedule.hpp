#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace referee::load {

/// What a run is to do.
struct Plan {
  std::string host = "127.0.0.1";  ///< an address or a name
  std::uint16_t port = 0;
  double rate = 0;                             ///< operations per second; 0: each connection as fast as it can
  std::chrono::nanoseconds warm_up{0};         ///< at the same rate; what is planned in it does not count
  std::chrono::nanoseconds duration{0};        ///< of what counts
  std::chrono::milliseconds time_limit{5000};  ///< of one operation, from its sending
  unsigned connections = 32;                   ///< of all threads together, at least one a thread
  unsigned threads = 1;
  std::uint64_t seed = 1;
  std::vector<unsigned> weights;                     ///< of the kinds, in their order
  std::size_t largest_body = std::size_t{1} << 20U;  ///< bytes; more is an error
};

/// When which operation is due: number i at i/rate after the start, its kind from a deck that holds each kind as often
/// as its weight says, in lowest terms, shuffled by the seed. The same plan gives the same operations, however many
/// threads share them. Immutable.
class Schedule {
 public:
  static constexpr std::uint64_t kEndless = std::numeric_limits<std::uint64_t>::max();

  explicit Schedule(const Plan& plan);

  /// How many there are; kEndless without a rate.
  [[nodiscard]] std::uint64_t count() const { return count_; }
  /// From the start of the warm-up.
  [[nodiscard]] std::chrono::nanoseconds due(std::uint64_t number) const;
  [[nodiscard]] std::size_t kind(std::uint64_t number) const { return deck_[number % deck_.size()]; }

 private:
  double period_ = 0;  ///< nanoseconds
  std::uint64_t count_ = kEndless;
  std::vector<std::size_t> deck_;
};

}  // namespace referee::load
