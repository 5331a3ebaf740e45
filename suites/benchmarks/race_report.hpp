#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "sizes.hpp"

namespace referee::suites::benchmarks {

struct RaceTurn {
  std::size_t writers = 0;
  int window = 0;  ///< milliseconds
  bool conditions = false;
};

struct RaceCount {
  std::size_t rounds = 0;
  std::size_t lost = 0;    ///< told that it was attached, and not found
  std::size_t failed = 0;  ///< told that it was not
  std::size_t retries = 0;
  std::uint64_t requests = 0;
  std::vector<double> seconds;  ///< of each round, until the last has done
};

/// Table, charts and findings of races. A round that lost something, or in which somebody gave up, has no time that
/// counts: to do less is faster.
class RaceReport {
 public:
  RaceReport(Account& account, const RaceSizes& sizes) : account_(account), sizes_(sizes) {}
  void tell(const Contender& contender, const RaceTurn& turn, const RaceCount& race);
  void close();

 private:
  struct Sum {
    std::size_t lost = 0;
    std::size_t total = 0;
    std::size_t failed = 0;
    std::size_t retries = 0;  ///< of a round with the most writers, in the worst case
  };
  struct Sums {
    Sum without;
    Sum with;
  };

  /// The chart of what is lost in such turns.
  bench::Chart& lost_at(bool shares, const RaceTurn& turn);
  void sum_up(const Contender& contender, const RaceTurn& turn, const RaceCount& race);
  void say_losses();
  void say_costs();

  Account& account_;
  const RaceSizes& sizes_;
  std::map<std::string, Sums> sums_;
  bench::Table table_{
      "Writers at once; the window lies between reading and writing what is shared, ms; time of a round "
      "until all have done, median, ms",
      {"variant", "writers", "window", "conditions", "lost", "failed", "retries each", "requests each", "time"},
      {}};
  std::vector<bench::Chart> lost_;  ///< by conditions and window
  bench::Chart retries_{
      "Retries of conditional writes, widest window", "writers at once", "in a round, mean", true, true, {}, ""};
  bench::Chart times_{
      "Time until all are attached and none is lost", "writers at once", "median, seconds", true, true, {}, ""};
};

}  // namespace referee::suites::benchmarks
