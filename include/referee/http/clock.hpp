#pragma once

#include <chrono>

namespace referee::http {

/// Time as the client sees it, so that retries and token expiry are tested without waiting. Implementations are
/// thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual std::chrono::steady_clock::time_point now() const = 0;
  [[nodiscard]] virtual std::chrono::system_clock::time_point wall() const = 0;
  virtual void sleep(std::chrono::milliseconds duration) = 0;
};

/// The machine's clock. Lives as long as the program.
Clock& system_clock();

}  // namespace referee::http
