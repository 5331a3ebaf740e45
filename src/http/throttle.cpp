#include "throttle.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <cstdint>

namespace referee::http {
namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::system_clock;

constexpr seconds kFarAway{365L * 24 * 3600};

std::optional<milliseconds> parse(const std::string& value, const Clock& clock) {
  if (value.empty()) return std::nullopt;
  if (value.find_first_not_of("0123456789") == std::string::npos) {
    constexpr std::size_t kDigits = 9;
    return value.size() > kDigits ? kFarAway : seconds(std::stol(value));
  }
  const std::time_t date = curl_getdate(value.c_str(), nullptr);
  if (date < 0) return std::nullopt;
  const auto wait = duration_cast<milliseconds>(system_clock::from_time_t(date) - clock.wall());
  return std::clamp<milliseconds>(wait, milliseconds(0), kFarAway);
}

}  // namespace

bool throttled(const Response& response) {
  return response.status == 429 || response.status == 503;
}

milliseconds retry_delay(const Response& response, int retry, const Clock& clock) {
  if (const auto header = response.header("Retry-After")) {
    if (const auto wait = parse(*header, clock)) return *wait;
  }
  constexpr milliseconds kFirst{200};
  constexpr int kMostDoublings = 16;
  return kFirst * (1L << std::clamp(retry, 0, kMostDoublings));
}

}  // namespace referee::http
