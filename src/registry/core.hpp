#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "deviations.hpp"
#include "message.hpp"
#include "rules.hpp"
#include "store.hpp"
#include "uploads.hpp"

namespace referee::registry {

/// The registry without its sockets. Thread-safe.
class Core {
 public:
  Core(Rules rules, std::vector<const Deviation*> deviations, std::unique_ptr<Store> store);

  [[nodiscard]] const Rules& rules() const { return rules_; }
  Store& store() { return *store_; }
  Uploads& uploads() { return uploads_; }
  [[nodiscard]] const std::vector<const Deviation*>& deviations() const { return deviations_; }

  /// A counter that deviations may use as memory: how often it was called with this key before. At most 10,000 keys.
  std::uint64_t count(const std::string& key);
  /// Housekeeping, about once a second.
  void tick();

 private:
  Rules rules_;
  std::vector<const Deviation*> deviations_;
  std::unique_ptr<Store> store_;
  Uploads uploads_;
  std::mutex mutex_;
  std::unordered_map<std::string, std::uint64_t> counts_;
};

/// Takes the body of a request that is streamed. One thread at a time; destroying it without finish() is what a lost
/// connection does.
class BodySink {
 public:
  virtual ~BodySink() = default;
  /// An answer ends the request early.
  virtual std::optional<Response> write(std::string_view piece) = 0;
  virtual Response finish() = 0;
};

/// One request from its header to its answer: deviations, routing, limits, handler. One thread at a time.
class Transaction {
 public:
  Transaction(Core& core, Request request);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  /// The header is complete. An answer means that the body does not matter any more.
  std::optional<Response> open();
  /// The next piece of the body.
  std::optional<Response> write(std::string_view piece);
  /// The body is complete.
  Response finish();

  [[nodiscard]] const Request& request() const { return request_; }

 private:
  std::optional<Response> check() const;
  std::optional<Response> start();
  std::optional<Response> run_before();
  Response done(Response response);
  [[nodiscard]] Response too_large() const;

  Core& core_;
  Request request_;
  bool routed_ = false;
  bool buffered_ = false;
  bool truncating_ = false;
  std::uint64_t received_ = 0;
  std::uint64_t limit_ = 0;  ///< bytes of a body that is not streamed
  std::unique_ptr<BodySink> sink_;
};

}  // namespace referee::registry
