#pragma once

#include <curl/curl.h>

#include <chrono>

#include "wire.hpp"

namespace referee::http {

/// What libcurl's callbacks gather during one transfer, and the limits they enforce. One transfer, one thread.
class Transfer {
 public:
  using Instant = std::chrono::steady_clock::time_point;
  static constexpr std::size_t kMaxHeaderLines = 1000;

  Transfer(const ClientOptions& options, const WireRequest& request);

  enum class Observe : std::uint8_t { kBoth, kAnswer };  ///< kAnswer: take_request_headers() gives none; cheaper
  /// Points the handle's callbacks here.
  void attach(CURL* easy, Observe observe = Observe::kBoth);

  /// The next instant at which a time limit can run out.
  [[nodiscard]] Instant next_limit() const;
  /// The limit that has run out by `now`, as an error without a host; empty when none has.
  [[nodiscard]] std::string expired(Instant now) const;
  /// Tells that the connection is up and the request is on its way.
  void connected(Instant now);
  /// Tells of a connection that libcurl does not know: when its first byte came, and when anything last happened.
  void progressed(std::optional<Instant> first_byte, Instant last);

  [[nodiscard]] bool connecting() const { return !connected_; }
  [[nodiscard]] bool answered() const { return first_byte_.has_value(); }
  [[nodiscard]] bool headers_complete() const { return headers_complete_; }
  [[nodiscard]] bool too_large() const { return !too_large_.empty(); }
  [[nodiscard]] const std::string& what_is_too_large() const { return too_large_; }
  [[nodiscard]] bool abandoned() const { return abandoned_; }
  [[nodiscard]] Instant started() const { return started_; }
  [[nodiscard]] std::optional<Instant> first_byte() const { return first_byte_; }
  [[nodiscard]] std::uint64_t sent() const { return offset_; }
  /// The authority, and the proxy through which it was asked.
  [[nodiscard]] std::string peer(std::string_view authority) const;
  /// Without the proxy's user name and password.
  [[nodiscard]] std::string without_proxy_credentials(std::string text) const;
  /// The response as far as it came. Call once, at the end.
  Response take_response();
  Headers take_request_headers() { return std::move(request_headers_); }

 private:
  static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* self);
  static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self);
  static std::size_t on_read(char* data, std::size_t size, std::size_t count, void* self);
  static int on_seek(void* self, curl_off_t offset, int origin);
  static int on_debug(CURL* easy, curl_infotype type, char* data, std::size_t size, void* self);

  bool header_line(std::string_view line);
  bool take_body(std::string_view piece);
  [[nodiscard]] std::chrono::milliseconds total_timeout() const;
  void sent_headers(std::string_view text);
  void note(std::string_view text);
  void alive();

  const ClientOptions& options_;
  const WireRequest& request_;
  Instant started_;
  Instant last_activity_;
  std::optional<Instant> first_byte_;
  bool connected_ = false;
  bool headers_complete_ = false;
  std::uint64_t header_bytes_ = 0;
  std::size_t header_lines_ = 0;
  std::uint64_t offset_ = 0;
  std::string too_large_;
  bool abandoned_ = false;
  Response response_;
  std::vector<std::pair<std::string, std::string>> fields_;
  Headers request_headers_;
  std::string proxy_variable_;
  std::string proxy_;  ///< as the variable has it
};

}  // namespace referee::http
