#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <tl/expected.hpp>

namespace referee::bench {

struct RelayOptions {
  std::string host = "127.0.0.1";  ///< an address or a name, of the target
  std::uint16_t port = 0;
  /// What a request and its answer take on the way, and what a connection takes to be set up; 0 passes bytes at once.
  std::chrono::microseconds round_trip{0};
  std::size_t most_held = std::size_t{64} << 20U;  ///< bytes on the way in one direction of a connection
};

struct RelayTotals {
  std::uint64_t connections = 0;
  std::uint64_t refused = 0;  ///< connections that the target did not take; they are closed
  std::uint64_t to_target = 0;
  std::uint64_t from_target = 0;
};

/// A longer way to a server: listens on 127.0.0.1 and passes bytes on, each half a round trip after it came, in both
/// directions, as many as come. What a client sends before its connection could have been set up waits for a round trip
/// more. Bandwidth is not limited. One thread of its own; the functions may be called from any.
class Relay {
 public:
  /// Fails with one line if nothing can listen or the host has no address.
  static tl::expected<std::unique_ptr<Relay>, std::string> start(const RelayOptions& options);
  virtual ~Relay() = default;
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;

  [[nodiscard]] virtual std::uint16_t port() const = 0;
  [[nodiscard]] virtual RelayTotals totals() const = 0;

 protected:
  Relay() = default;
};

}  // namespace referee::bench
