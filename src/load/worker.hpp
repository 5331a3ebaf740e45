#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <vector>

#include "connection.hpp"
#include "referee/load/run.hpp"

namespace referee::load {

/// One thread's share of a run: its connections, and every `threads`-th operation.
class Worker : public Connection::Owner {
 public:
  /// What it refers to outlives it.
  Worker(const Plan& plan, const Schedule& schedule, const std::vector<std::unique_ptr<Kind>>& kinds,
         const boost::asio::ip::tcp::endpoint& server, unsigned index, const std::function<bool()>& interrupted);

  /// Connects, until all connections are open or have failed. Returns how many are open.
  unsigned prepare();
  /// Does its share; `start` is that of the warm-up. Returns when everything has ended.
  void work(Clock::time_point start);
  [[nodiscard]] const Outcome& outcome() const { return outcome_; }

 private:
  void ended(Connection& connection, const Ended& what) override;
  void connected(Connection& connection) override;
  void release(Connection& connection, bool rests);
  void send_due(Clock::time_point now, bool waited);
  bool next_job(Clock::time_point now, Job& job);
  void arm();
  void tick();
  void watch(Clock::time_point now);
  void give_up(Clock::time_point now);
  void record(const Ended& what);
  [[nodiscard]] bool counts(Clock::time_point planned) const { return planned >= from_ && planned < until_; }

  const Plan& plan_;
  const Schedule& schedule_;
  const std::function<bool()>& interrupted_;
  boost::asio::io_context context_;
  boost::asio::steady_timer timer_;
  boost::asio::steady_timer ticks_;
  std::vector<std::unique_ptr<Connection>> connections_;
  std::vector<Connection*> free_;     ///< open, the one used last at the end
  std::vector<Connection*> closed_;   ///< free, to be opened
  std::vector<Connection*> resting_;  ///< could not be opened: tried again after the next tick
  std::uint64_t next_;
  std::uint64_t armed_ = Schedule::kEndless;
  unsigned busy_ = 0;
  unsigned connecting_ = 0;
  bool working_ = false;
  bool over_ = false;
  Clock::time_point start_, from_, until_;
  double cpu_from_ = -1, cpu_until_ = -1;  ///< of this thread, seconds
  Outcome outcome_;
};

}  // namespace referee::load
