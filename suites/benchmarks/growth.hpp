#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "referee/bench/growth.hpp"
#include "referee/bench/host.hpp"
#include "referee/distribution/registry.hpp"

/// What one request costs as a repository fills with manifests, tags and referrers.
namespace referee::suites::benchmarks {

struct GrowthOptions {
  std::string repository;  ///< nobody else's: it is filled
  /// Rising: how many images, tags and referrers there are.
  std::vector<int> counts{10, 32, 100, 316, 1000, 3162, 10'000};
  int repetitions = 15;  ///< of each request at each count
  int writers = 8;       ///< threads that fill the repository
  std::uint64_t seed = 1;
  std::function<bool()> interrupted;                    ///< polled; may be empty
  std::function<void(std::string_view line)> progress;  ///< one line at each count; may be empty
};

struct EndpointCosts {
  std::string endpoint;                      ///< `manifest by tag`
  std::string unmeasured;                    ///< what the registry answered instead; empty if every answer was right
  bool answer_grows = false;                 ///< the answer gets longer with the count, so its cost has to
  std::vector<std::vector<double>> seconds;  ///< for each count, in the order of measuring
  bench::Growth growth;
  /// The cost has to be the same, or nearly so, however full the repository is, and is not.
  [[nodiscard]] bool is_worse() const { return unmeasured.empty() && !answer_grows && growth.worse_than_logarithmic(); }
};

struct GrowthReport {
  std::string repository;
  std::vector<int> counts;  ///< those that were reached
  std::vector<EndpointCosts> endpoints;
  std::string incomplete;  ///< why it ended early; empty if it did not
  double load = 0;         ///< the machine's load average of a minute, before it began
  int repetitions = 0;

  /// Every endpoint was measured at every count.
  [[nodiscard]] bool whole() const;
};

/// Fills the repository step by step, and at each count sends every request as often as asked, one kind after another
/// in turn, so that what disturbs the machine disturbs all alike. An answer that is not the right one makes its
/// endpoint unmeasured: a wrong answer may be fast. Fails if nothing can be pushed.
tl::expected<GrowthReport, std::string> run_growth(referee::distribution::Registry& registry,
                                                   const GrowthOptions& options);

struct GrowthSource {
  std::string target;
  std::string tool_version;
  std::uint64_t seed = 0;
  double started = 0;  ///< seconds since the Unix epoch
  double seconds = 0;  ///< that it took
  bench::Host host;
};
/// Everything that was measured: reports/schemas/growth.schema.json.
std::string growth_json(const GrowthReport& report, const GrowthSource& source);

/// A table of medians in milliseconds, the law of each endpoint, and those that are worse than logarithmic by name.
std::string growth_table(const GrowthReport& report);

}  // namespace referee::suites::benchmarks
