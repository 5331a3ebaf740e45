#pragma once

#include <functional>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "pull.hpp"
#include "referee/conformance/matrix.hpp"
#include "referee/conformance/requirement.hpp"
#include "referee/runtimes/description.hpp"
#include "referee/runtimes/session.hpp"
#include "shape.hpp"

namespace referee::suites::matrix {

struct MatrixOptions {
  std::vector<runtimes::Description> runtimes;
  std::vector<std::string> contents;  ///< globs on ids of shapes; empty: all
  oci::Platform platform{"amd64", "linux", "", ""};
  std::uint64_t seed = 1;
  bool full = false;
  int jobs = 2;  ///< runtimes tried at once
  std::chrono::seconds pull_limit{20};
  runtimes::Variables variables;      ///< more of them, for the descriptions
  std::function<bool()> interrupted;  ///< polled; may be empty
  /// Called with what is known so far, from one thread at a time, whenever a pull is done.
  std::function<void(const conformance::Matrix&)> progress;
  /// Called with what every cell was judged by, under the same lock; may be empty.
  std::function<void(const PullRecord&)> recorded;
};

/// The shapes that a run takes. A pattern that matches nothing is an error that offers the nearest id.
tl::expected<std::vector<Shape>, std::string> chosen_shapes(const MatrixOptions& options);

/// Tries every runtime with every shape, each runtime with a registry and a folder of its own. What a runtime does to
/// itself costs its own cells only. Fails with one line if there is no place to work in.
tl::expected<conformance::Matrix, std::string> run_matrix(const MatrixOptions& options,
                                                          const conformance::Ledger& ledger);

}  // namespace referee::suites::matrix
