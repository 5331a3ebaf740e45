#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <tl/expected.hpp>

namespace referee::load {

struct NullServerOptions {
  std::uint16_t port = 0;  ///< 0: the system chooses
  std::size_t body = 2;    ///< bytes of every answer's body
  /// Once in each of these periods, counted from the start of the server, it stands still for `stall`. 0: never.
  std::chrono::milliseconds stall_every{0};
  std::chrono::milliseconds stall{0};
};

/// A server on 127.0.0.1 that answers every request with the same 200, as fast as one thread can: what a client is
/// measured against. Understands nothing of a request but where its head and, by Content-Length, its body end. One
/// thread of its own; the functions may be called from any.
class NullServer {
 public:
  /// Fails with one line if nothing can listen.
  static tl::expected<std::unique_ptr<NullServer>, std::string> start(const NullServerOptions& options);
  virtual ~NullServer() = default;
  NullServer(const NullServer&) = delete;
  NullServer& operator=(const NullServer&) = delete;

  [[nodiscard]] virtual std::uint16_t port() const = 0;
  [[nodiscard]] virtual std::uint64_t requests() const = 0;
  /// The body of every answer.
  [[nodiscard]] virtual const std::string& body() const = 0;
  /// When the first period began.
  [[nodiscard]] virtual std::chrono::steady_clock::time_point started() const = 0;

 protected:
  NullServer() = default;
};

}  // namespace referee::load
