#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "contenders.hpp"
#include "scenario.hpp"

/// The scenarios and their sizes, for whoever wants others than those of `referee bench`. Each stops when it is
/// interrupted, with what it has; a variant whose content was not right is left out and named.
namespace referee::suites::benchmarks {

using Found = tl::expected<bench::Result, std::string>;

/// Images that are built reproducibly: each build changes one of them, in turn, and signs all of them again.
struct RebuildSizes {
  std::size_t images = 12;  ///< at least 2: the first never changes
  std::size_t builds = 50;
};
Found run_rebuild(Grounds& grounds, const ScenarioOptions& options, std::span<const RebuildSizes> sizes);

/// Several clients attach to one image at once.
struct RaceSizes {
  std::vector<std::size_t> writers{2, 8, 32};
  std::vector<int> windows{0, 50};  ///< between read and write of a shared document, milliseconds
  /// Called instead of waiting, the first time that each of `writers` clients is between read and write; empty: wait.
  std::function<void(std::size_t writers)> meet;
};
Found run_race(Grounds& grounds, const ScenarioOptions& options, const RaceSizes& sizes);

/// Pulls of images of which some are signed.
struct SignedFractionSizes {
  std::size_t images = 100;
  std::vector<double> shares{0, 0.01, 0.5, 0.9, 1};  ///< rising
};
Found run_signed_fraction(Grounds& grounds, const ScenarioOptions& options, const SignedFractionSizes& sizes);

/// An image that is built reproducibly and signed every night.
Found run_stability(Grounds& grounds, const ScenarioOptions& options, std::size_t days);

/// Decisions under a policy, with so many attachments.
struct AdmissionSizes {
  std::vector<std::size_t> counts{0, 1, 10, 100};
  std::size_t decisions = 30;  ///< of each
};
Found run_admission(Grounds& grounds, const ScenarioOptions& options, const AdmissionSizes& sizes);

/// Pulls of blobs whose bytes are checked.
struct BlobSizes {
  std::vector<std::uint64_t> sizes;  ///< bytes
  std::size_t repetitions = 10;
};
Found run_blob(Grounds& grounds, const ScenarioOptions& options, const BlobSizes& sizes);

// With the sizes of `referee bench`.
Found rebuild(Grounds& grounds, const ScenarioOptions& options);
Found race(Grounds& grounds, const ScenarioOptions& options);
Found signed_fraction(Grounds& grounds, const ScenarioOptions& options);
Found stability(Grounds& grounds, const ScenarioOptions& options);
Found admission(Grounds& grounds, const ScenarioOptions& options);
Found blob(Grounds& grounds, const ScenarioOptions& options);

}  // namespace referee::suites::benchmarks
