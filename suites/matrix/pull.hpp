#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "referee/runtimes/session.hpp"
#include "stage.hpp"

namespace referee::suites::matrix {

/// What was seen of one pull: all that it is judged by, valid UTF-8, and nothing of the machine, so that it can be
/// written down and judged again elsewhere.
struct Pull {
  struct Request {
    std::string method;
    std::string target;
    int status = 0;
    friend bool operator==(const Request&, const Request&) = default;
  };
  static constexpr std::size_t kMostRequests = 20'000;

  int exit_code = 0;  ///< -1: a signal ended it
  bool timed_out = false;
  std::string words;                 ///< the client's own, one line; empty if it succeeded
  std::vector<std::string> digests;  ///< runtimes::PullResult
  std::string unreadable;            ///< runtimes::PullResult
  bool unread = false;               ///< runtimes::PullResult
  std::string create;                ///< of a container: empty: not tried, `created`, or the client's words
  std::vector<Request> requests;     ///< the first kMostRequests of them
  std::uint64_t all_requests = 0;
  std::uint64_t bytes = 0;  ///< of response bodies
  double seconds = 0;

  [[nodiscard]] bool ok() const { return exit_code == 0 && !timed_out; }
  /// Digests of the blobs that it fetched, each once, as the paths of GET requests name them.
  [[nodiscard]] std::vector<std::string> blobs() const;
};

/// `folder` and `registry` (`127.0.0.1:PORT`) of this run are written as DIR and REGISTRY; empty: there are none.
Pull seen(const runtimes::PullResult& result, const Traffic& traffic, const std::string& folder = "",
          const std::string& registry = "");

/// One cell's, in a record of a run.
struct PullRecord {
  std::string runtime;
  std::string content;
  std::optional<Pull> pull;  ///< none: it was not tried
  bool installed = true;     ///< without a pull: the runtime is there, but cannot be tried any more
  std::string reason;        ///< without a pull: why
};

}  // namespace referee::suites::matrix
