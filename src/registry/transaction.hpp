#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "message.hpp"

namespace referee::registry {

class Core;

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
  /// `control`: the request came in on the control port.
  Transaction(Core& core, Request request, bool control = false);
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
  [[nodiscard]] std::optional<Response> check() const;
  std::optional<Response> start();
  std::optional<Response> run_before();
  Response done(Response response);
  [[nodiscard]] Response too_large() const;

  Core& core_;
  Request request_;
  const bool control_;
  bool routed_ = false;
  bool buffered_ = false;
  bool truncating_ = false;
  std::uint64_t received_ = 0;
  std::uint64_t limit_ = 0;  ///< bytes of a body that is not streamed
  std::unique_ptr<BodySink> sink_;
};

}  // namespace referee::registry
