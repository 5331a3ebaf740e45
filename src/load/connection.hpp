#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <vector>

#include "referee/http/answer_parser.hpp"
#include "referee/load/operation.hpp"
#include "referee/load/tally.hpp"

namespace referee::load {

using Clock = std::chrono::steady_clock;

/// An operation that is due.
struct Job {
  std::uint64_t number = 0;
  std::size_t kind = 0;
  Clock::time_point planned;
};

/// What became of it.
struct Ended {
  Job job;
  Clock::time_point sent;
  Clock::time_point ended;
  bool right = false;
  Cause cause = Cause::kClosed;  ///< of one that is not right
  int status = 0;                ///< the last one
  std::uint32_t requests = 0;
  std::uint64_t bytes_received = 0;
  std::uint64_t bytes_sent = 0;
  bool reconnected = false;
};

/// One connection, kept as long as the server keeps it, with one operation on it at a time. One thread; outlives the
/// handlers of its context.
class Connection {
 public:
  class Owner {
   public:
    virtual ~Owner() = default;
    /// The connection is free again.
    virtual void ended(Connection& connection, const Ended& what) = 0;
    /// connect() came to its end, in either way.
    virtual void connected(Connection& connection) = 0;
  };

  Connection(boost::asio::io_context& context, boost::asio::ip::tcp::endpoint server,
             std::chrono::milliseconds time_limit, std::size_t largest_body, std::vector<std::unique_ptr<Play>> plays,
             Owner& owner);

  /// Ahead of any operation.
  void connect();
  [[nodiscard]] bool open() const { return open_; }
  [[nodiscard]] bool busy() const { return busy_; }
  /// Begins the operation; connects first if that is needed, which is part of it. Must not be busy.
  void take(const Job& job, Clock::time_point now);
  /// Gives up what has taken too long.
  void expire(Clock::time_point now);
  /// Ends everything without a word.
  void shut();

 private:
  void open_socket();
  void on_connected(bool failed);
  void send(const Outgoing& what);
  void flush();
  void read();
  void judge(http::AnswerParser::State state);
  void answered();
  void lost();
  void fail(Cause cause, int status = 0);
  void finish(bool right);
  void close_socket();

  boost::asio::ip::tcp::socket socket_;
  boost::asio::ip::tcp::endpoint server_;
  std::chrono::milliseconds time_limit_;
  std::vector<std::unique_ptr<Play>> plays_;
  Owner& owner_;
  http::AnswerParser parser_;
  std::uint64_t generation_ = 0;  ///< handlers of a socket that was closed since are stale
  bool open_ = false;
  bool busy_ = false;
  bool connecting_ = false;
  bool kept_ = false;  ///< the connection is older than the operation, so that it may have ended long ago
  Clock::time_point deadline_;
  Outgoing out_;
  std::size_t written_ = 0;
  Ended now_;
};

}  // namespace referee::load
