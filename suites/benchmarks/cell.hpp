#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "referee/proposals/proposal.hpp"
#include "verification.hpp"

/// The grid of what a protocol costs: which benchmarks there are.
namespace referee::suites::benchmarks {

enum class Operation : std::uint8_t {
  kAttach,    ///< one more to a subject that has `count`
  kDiscover,  ///< the list of `count`
  kVerify,    ///< discovery, payloads and signatures, as the policy asks
  kPull,      ///< the image by its tag, its config and layers, and verification
  kCopy,      ///< the image with all that is attached into another repository
};
/// `attach`, `discover`, ...
std::string_view name(Operation operation);

/// The ids of all variants, with commas.
std::string variant_names();
/// What is said of one that is none.
std::string no_variant(std::string_view id);

/// One benchmark.
struct Cell {
  Operation operation = Operation::kVerify;
  const proposals::Variant* variant = nullptr;
  std::size_t count = 0;         ///< attachments that the image has
  Wanted wanted = Wanted::kAll;  ///< of verify and pull
  bool inlined = false;
  std::chrono::milliseconds round_trip{0};
  std::size_t parallel = 8;  ///< requests in flight at most; of verify and pull

  /// `verify/oci-1.1/api/n:100/policy:all/by:reference/rtt:5/parallel:8`; what an operation does not have is left out.
  [[nodiscard]] std::string name() const;
};

/// The whole grid, those of the default one first. Names are unique.
struct Grid {
  std::vector<Cell> cells;
  std::size_t default_count = 0;
};
const Grid& grid();

/// Those that a run takes: the default ones, or with `full` all; of them those that a pattern (glob on names) matches,
/// if there is one. A pattern without wildcards takes its cell from the whole grid. An error says which pattern matches
/// nothing. `variants` are ids; empty: all.
tl::expected<std::vector<Cell>, std::string> chosen_cells(const std::vector<std::string>& patterns, bool full,
                                                          const std::vector<std::string>& variants);

}  // namespace referee::suites::benchmarks
