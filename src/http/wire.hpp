#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "referee/http/client.hpp"

namespace referee::http {

/// One request as it goes on the wire: no redirects, no retries, no authentication of its own.
struct WireRequest {
  std::string method = "GET";
  std::string url;
  Headers headers;
  std::string body;
  bool has_body = false;
  bool chunked = false;
  std::optional<std::uint64_t> claimed_length;
  std::uint64_t max_body = 0;                                     ///< cap for a body that is kept, bytes
  std::optional<std::chrono::steady_clock::time_point> deadline;  ///< of the whole client
  std::chrono::milliseconds more_time{0};                         ///< beyond the client's limit
  BodySink into;                                                  ///< for the body of a 2xx
  std::uint64_t max_passed = 0;                                   ///< cap for what goes to `into`, bytes
  BodyRoom* room = nullptr;                                       ///< see Request
};

/// Everything that could be observed about it, whether it ended in a response or not.
struct WireResult {
  std::optional<Error> error;
  Response response;        ///< as far as it came; status 0 when nothing came
  Headers request_headers;  ///< those that were sent, libcurl's own included
  std::uint64_t request_bytes = 0;
  double started = 0;  ///< seconds since the Unix epoch
  double connect_seconds = 0;
  double first_byte_seconds = 0;
  double total_seconds = 0;
  bool reused_connection = false;
  bool lost = false;  ///< a reused connection ended before anything was answered
};

/// RFC 9110, 9.2.1: to send it again changes nothing. (PUT and DELETE are idempotent, but their second answer is
/// another.)
bool is_safe(std::string_view method);

class WireSlot;

/// Sends single requests over pooled libcurl handles; each handle keeps its connections open. Thread-safe.
class Wire {
 public:
  explicit Wire(const ClientOptions& options);
  ~Wire();
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;

  /// `fresh`: on a new connection, even if one is idle. Nothing is sent twice: see WireResult::lost.
  WireResult perform(const WireRequest& request, bool fresh = false);

 private:
  struct Pool;
  const ClientOptions& options_;
  std::unique_ptr<Pool> pool_;
};

}  // namespace referee::http
