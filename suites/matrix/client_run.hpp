#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "client_check.hpp"
#include "referee/conformance/requirement.hpp"

namespace referee::suites::clients {

struct ClientOptions {
  std::vector<runtimes::Description> clients;
  std::vector<std::string> checks;  ///< globs on ids of checks; empty: all
  oci::Platform platform{"amd64", "linux", "", ""};
  std::uint64_t seed = 1;
  int jobs = 2;                       ///< clients tried at once
  std::chrono::seconds limit{20};     ///< of one pull or operation
  runtimes::Variables variables;      ///< more of them, for the descriptions
  std::function<bool()> interrupted;  ///< polled; may be empty
  /// Called with what is known so far, from one thread at a time, whenever a check is done.
  std::function<void(const conformance::Matrix&)> progress;
};

/// The checks that a run takes. A pattern that matches nothing is an error.
tl::expected<std::vector<ClientCheck>, std::string> chosen_checks(const ClientOptions& options);

/// Puts every check to every client. The matrix has the kind `clients`: its columns are clients, its rows checks. What
/// a client does to itself costs its own cells only. Fails with one line if there is no place to work in.
tl::expected<conformance::Matrix, std::string> run_clients(const ClientOptions& options,
                                                           const conformance::Ledger& ledger);

}  // namespace referee::suites::clients
