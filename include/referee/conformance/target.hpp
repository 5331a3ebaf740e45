#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

namespace referee::conformance {

/// What the user named.
struct Target {
  std::string text;     ///< as typed
  std::string url;      ///< scheme://host[:port]; empty for embedded targets until started
  std::string profile;  ///< of `embedded:PROFILE`; empty otherwise
};

/// Reads TARGET: a URL, `host:port` (plain HTTP on loopback, else HTTPS; `plain_http` forces HTTP), or
/// `embedded:PROFILE`.
tl::expected<Target, std::string> parse_target(std::string_view text, bool plain_http);

/// `referee serve` in a child process that dies with this one; its port is read from its first line.
class EmbeddedServer {
 public:
  /// What a check may know of the reference registry that it judges, so that it can do what an operator does, or start
  /// another one like it.
  struct Facts {
    std::string control_url;  ///< `POST /gc`, `POST /profile?name=NAME`; empty: the target is none
    std::string profile;
    std::vector<std::string> deviations;
    std::string executable;  ///< as in Options
  };
  struct Options {
    std::string executable;  ///< empty: this one (/proc/self/exe)
    std::string profile = "oci-1.1";
    std::vector<std::string> deviations;
    std::chrono::milliseconds delay{0};
  };
  static tl::expected<std::unique_ptr<EmbeddedServer>, std::string> start(const Options& options);
  ~EmbeddedServer();
  [[nodiscard]] const std::string& url() const { return url_; }
  [[nodiscard]] const Facts& facts() const { return facts_; }
  [[nodiscard]] int pid() const { return pid_; }

 private:
  EmbeddedServer(int pid, std::string url, Facts facts) : pid_(pid), url_(std::move(url)), facts_(std::move(facts)) {}
  int pid_;
  std::string url_;
  Facts facts_;
};

}  // namespace referee::conformance
