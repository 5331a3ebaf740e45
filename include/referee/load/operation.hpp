#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

/// Operations: what a load is made of. An operation is one or more requests, each sent when the one before is answered.
namespace referee::load {

/// A whole answer. The views live until the next request goes out on the same connection. Everything in them is
/// untrusted; its size is bounded (Plan::largest_body).
struct Answer {
  int status = 0;
  std::string_view location;  ///< the header's value; empty if there is none
  std::string_view body;
};

/// A request: its head with the empty line that ends it, and its body. What they view stays as it is until it has been
/// answered.
struct Outgoing {
  std::string_view head;
  std::string_view body;
};

enum class After : std::uint8_t {
  kSend,    ///< there is another request
  kDone,    ///< the operation is whole and everything that came was right
  kStatus,  ///< the status was not the one of success
  kBody,    ///< what came was not what had to come
};

/// The operations of one kind on one connection, one at a time. Used by one thread.
class Play {
 public:
  Play() = default;
  Play(const Play&) = delete;
  Play& operator=(const Play&) = delete;
  virtual ~Play() = default;

  /// The first request of the operation with that number, from which everything random follows.
  virtual Outgoing begin(std::uint64_t number) = 0;
  /// Judges the answer; with kSend it sets `next`.
  virtual After answered(const Answer& answer, Outgoing& next) = 0;
  /// The operation that was begun comes to nothing.
  virtual void abandoned() {}
};

/// A kind of operation. Immutable; threads share it.
class Kind {
 public:
  Kind() = default;
  Kind(const Kind&) = delete;
  Kind& operator=(const Kind&) = delete;
  virtual ~Kind() = default;

  [[nodiscard]] virtual std::string name() const = 0;
  /// For one connection; the kind outlives it.
  [[nodiscard]] virtual std::unique_ptr<Play> play() const = 0;
  /// Bytes of the largest body that can be right.
  [[nodiscard]] virtual std::size_t largest_body() const = 0;
};

}  // namespace referee::load
