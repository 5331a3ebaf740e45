#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "referee/distribution/registry.hpp"

namespace referee::distribution {

struct FakeRequest {
  std::string method;
  std::string target;
  std::map<std::string, std::string> headers;  ///< names in lower case
  std::string body;

  [[nodiscard]] std::string header(const std::string& name) const;
  /// "PUT /v2/x"
  [[nodiscard]] std::string line() const { return method + " " + target; }
};

struct FakeResponse {
  int status = 200;  ///< 0: the connection is closed without an answer
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
};

/// A real HTTP server on a loopback socket whose answers a test writes: for what no honest registry would do. One
/// request at a time, one connection each.
class FakeServer {
 public:
  using Handler = std::function<FakeResponse(const FakeRequest&)>;
  explicit FakeServer(Handler handler);
  ~FakeServer();
  FakeServer(const FakeServer&) = delete;
  FakeServer& operator=(const FakeServer&) = delete;

  [[nodiscard]] std::string url() const;
  [[nodiscard]] std::vector<FakeRequest> requests() const;
  /// How many requests had this method and a target that holds `part`.
  [[nodiscard]] std::size_t count(std::string_view method, std::string_view part = "") const;

 private:
  void serve();
  void answer(int connection);

  Handler handler_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<bool> stopping_ = false;
  mutable std::mutex mutex_;
  std::vector<FakeRequest> requests_;
  std::thread thread_;
};

/// A client without retries that wait, for tests.
std::shared_ptr<http::Client> test_client();

}  // namespace referee::distribution
