#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <vector>

#include "referee/http/client.hpp"
#include "test_server.hpp"

namespace referee::http::test {

using std::chrono::milliseconds;

/// Time that passes only when someone sleeps or a test says so.
class FakeClock final : public Clock {
 public:
  [[nodiscard]] std::chrono::steady_clock::time_point now() const override {
    const std::lock_guard lock(mutex_);
    return std::chrono::steady_clock::time_point(elapsed_);
  }
  /// 2026-01-01 00:00:00 UTC at the start.
  [[nodiscard]] std::chrono::system_clock::time_point wall() const override {
    const std::lock_guard lock(mutex_);
    return std::chrono::system_clock::from_time_t(1767225600) + elapsed_;
  }
  void sleep(milliseconds duration) override {
    const std::lock_guard lock(mutex_);
    sleeps_.push_back(duration);
    elapsed_ += duration;
  }
  void advance(milliseconds duration) {
    const std::lock_guard lock(mutex_);
    elapsed_ += duration;
  }
  [[nodiscard]] std::vector<milliseconds> sleeps() const {
    const std::lock_guard lock(mutex_);
    return sleeps_;
  }

 private:
  mutable std::mutex mutex_;
  milliseconds elapsed_{1000};
  std::vector<milliseconds> sleeps_;
};

/// Options with limits that end a hanging test soon, a fake clock and a record of all exchanges.
struct Bench {
  std::shared_ptr<FakeClock> clock = std::make_shared<FakeClock>();
  std::vector<Exchange> exchanges;

  ClientOptions options() {
    ClientOptions options;
    options.first_byte_timeout = milliseconds(5000);
    options.silence_timeout = milliseconds(5000);
    options.total_timeout = milliseconds(10000);
    options.clock = clock;
    options.sink = [this](const Exchange& exchange) { exchanges.push_back(exchange); };
    return options;
  }
};

inline Request get(std::string url) {
  Request request;
  request.url = std::move(url);
  return request;
}

inline Request with_body(std::string method, std::string url, std::string body) {
  Request request;
  request.method = std::move(method);
  request.url = std::move(url);
  request.body = std::move(body);
  request.has_body = true;
  return request;
}

}  // namespace referee::http::test
