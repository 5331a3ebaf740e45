#pragma once

#include <netinet/in.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "referee/http/answer_parser.hpp"

namespace referee::http {

/// One connection over which GETs go in plain HTTP/1.1, one after another, without libcurl. Its socket never blocks: it
/// is driven by an epoll that tells of changes (edge-triggered). One thread.
class PlainConnection {
 public:
  using Instant = std::chrono::steady_clock::time_point;
  enum class State : std::uint8_t {
    kMore,
    kWhole,
    kCut,      ///< the connection ended within the answer
    kOdd,      ///< no answer that is read here
    kTooMuch,  ///< nor this, since it is too large
    kStopped,  ///< the destination wants no more
    kLost,     ///< no connection, or it ended before an answer began
  };

  /// `name` is what the epoll calls it.
  PlainConnection(int epoll, std::uint64_t name, const sockaddr_in& peer);
  ~PlainConnection();
  PlainConnection(const PlainConnection&) = delete;
  PlainConnection& operator=(const PlainConnection&) = delete;

  /// What the body of an answer may have, bytes, and where it goes.
  struct Limits {
    std::size_t kept;
    BodyRoom* into;        ///< for that of a 2xx; may be null
    std::uint64_t passed;  ///< to `into`
  };

  /// Sends a request, on a new connection if there is none that can be used.
  State send(std::string request, const Limits& limits);
  /// Another peer, from the next request on. Not while an answer is waited for.
  void turn_to(const sockaddr_in& peer);
  /// Takes up what the epoll told of.
  State ready(std::uint32_t events);
  /// Whether more may be there to be read, of which the epoll will not tell: read on with resume(), after others have
  /// had their turn.
  [[nodiscard]] bool unread() const { return unread_; }
  State resume() { return read(); }
  /// The answer has been used, or is not waited for any more (`whole` is false then). Closes what cannot be used again.
  void rest(bool whole);

  [[nodiscard]] const AnswerParser& answer() const { return parser_; }
  [[nodiscard]] const sockaddr_in& peer() const { return peer_; }
  /// When the connection that this exchange opened was ready; nullopt: it was there already, or is not yet.
  [[nodiscard]] std::optional<Instant> connected() const { return connected_; }
  [[nodiscard]] bool reused() const { return reused_; }
  [[nodiscard]] bool request_is_out() const { return written_ == request_.size(); }
  [[nodiscard]] std::optional<Instant> first_byte() const { return first_byte_; }
  [[nodiscard]] Instant last_byte() const { return last_byte_; }

 private:
  [[nodiscard]] bool usable() const;
  State open();
  State flush();
  State read();
  void close();

  int epoll_;
  std::uint64_t name_;
  sockaddr_in peer_;
  int socket_ = -1;
  bool busy_ = false;
  bool reused_ = false;
  bool unread_ = false;
  bool ends_ = false;  ///< the peer says no more on this connection
  AnswerParser parser_;
  std::string request_;
  std::size_t written_ = 0;
  std::optional<Instant> connected_, first_byte_;
  Instant last_byte_;
};

}  // namespace referee::http
