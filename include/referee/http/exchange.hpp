#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "referee/http/message.hpp"

namespace referee::http {

/// Why an exchange took place: only kRequest counts as a protocol request; the others are its overhead. kRetry is a
/// repetition after 429, 503 or 401; kToken is anything sent to a token server.
enum class Purpose : std::uint8_t { kRequest, kRetry, kRedirect, kToken };

/// One request and what came back, on the wire, after redaction: Authorization, Cookie, Set-Cookie, token response
/// bodies, passwords in URLs and secret query values never appear, and bodies are cut to `kBodyExcerpt` bytes.
struct Exchange {
  static constexpr std::size_t kBodyExcerpt = 2048;

  std::size_t number = 0;  ///< position in its recorder, from 0
  Purpose purpose = Purpose::kRequest;
  std::string method;
  std::string url;
  Headers request_headers;
  std::string request_body;         ///< excerpt, always valid UTF-8 (binary bodies are hex-described)
  std::uint64_t request_size = 0;   ///< body size, of which a target that answers early may not have read all
  std::uint64_t request_bytes = 0;  ///< body size sent
  int status = 0;                   ///< 0: no response
  std::string version;
  Headers response_headers;
  std::string response_body;         ///< excerpt, valid UTF-8
  std::uint64_t response_bytes = 0;  ///< body size received
  std::string error;                 ///< empty, or Error::message
  double started = 0;                ///< seconds since the Unix epoch
  double connect_seconds = 0;
  double first_byte_seconds = 0;
  double total_seconds = 0;
};

void to_json(nlohmann::json& json, const Exchange& exchange);
void from_json(const nlohmann::json& json, Exchange& exchange);

/// A curl command line that repeats the request; credentials are placeholders, kCurlBasic or kCurlBearer. The URL is
/// its last word.
std::string curl_command(const Exchange& exchange);
inline constexpr std::string_view kCurlBasic = R"( -u "$REFEREE_USER:$REFEREE_PASSWORD")";
inline constexpr std::string_view kCurlBearer = R"( -H "Authorization: Bearer $REFEREE_TOKEN")";
/// A word for a POSIX shell: nothing inside single quotes is special but the quote itself.
std::string shell_quoted(std::string_view text);
/// The same for a command that people copy: quoted only where it has to be, and without control characters.
std::string shell_word(std::string_view text);

/// Called once for each exchange, from the thread that made it, one call at a time and in the order of the numbers.
using ExchangeSink = std::function<void(const Exchange&)>;

}  // namespace referee::http
