#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "referee/conformance/runner.hpp"

namespace referee::conformance {

/// What the parent tells a worker, as one JSON document on the worker's standard input: the only way that secrets
/// travel.
struct Assignment {
  struct Item {
    std::string id;
    std::string suffix;  ///< Context::Options::suffix
  };
  int parent = 0;         ///< process id; a worker whose parent is another one ends at once
  int descriptor = 3;     ///< where the worker writes its lines
  Connection connection;  ///< without credential sources
  std::string host;       ///< that `credential` is for
  std::optional<http::Credential> credential;
  std::string name_space;
  std::vector<std::string> fixed_repositories;
  std::uint64_t seed = 0;
  std::chrono::milliseconds check_timeout{60000};
  std::string journal;
  std::string record;  ///< path of the recording that is being made
  std::string replay;  ///< path of the one that answers
  bool keep_exchanges = true;
  std::string scale = "default";
  bool fresh_registries = false;
  std::string executable;  ///< that checks start registries with
  distribution::Capabilities capabilities;
  std::vector<Item> checks;           ///< prerequisites first
  std::map<std::string, bool> known;  ///< checks that an earlier worker finished, and whether they held
};

std::string write_assignment(const Assignment& assignment);
tl::expected<Assignment, std::string> read_assignment(const std::string& text);

/// A client for the target, the same in parent and workers.
http::ClientOptions client_options(const Connection& connection, std::chrono::milliseconds check_timeout);

}  // namespace referee::conformance
