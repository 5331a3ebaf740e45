#include "worker.hpp"

#include <algorithm>
#include <ctime>

namespace referee::load {
namespace {

namespace asio = boost::asio;

constexpr std::chrono::milliseconds kTick{10};

double thread_seconds() {
  timespec now{};
  (void)::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + (static_cast<double>(now.tv_nsec) / 1e9);
}

std::uint64_t nanoseconds(Clock::duration duration) {
  return duration.count() < 0 ? 0 : static_cast<std::uint64_t>(std::chrono::nanoseconds(duration).count());
}

}  // namespace

Worker::Worker(const Plan& plan, const Schedule& schedule, const std::vector<std::unique_ptr<Kind>>& kinds,
               const asio::ip::tcp::endpoint& server, unsigned index, const std::function<bool()>& interrupted)
    : plan_(plan),
      schedule_(schedule),
      interrupted_(interrupted),
      context_(BOOST_ASIO_CONCURRENCY_HINT_UNSAFE),
      timer_(context_),
      ticks_(context_),
      next_(index) {
  outcome_.kinds.resize(kinds.size());
  for (unsigned number = index; number < std::max(plan.connections, plan.threads); number += plan.threads) {
    std::vector<std::unique_ptr<Play>> plays;
    plays.reserve(kinds.size());
    for (const auto& kind : kinds) plays.push_back(kind->play());
    connections_.push_back(
        std::make_unique<Connection>(context_, server, plan.time_limit, plan.largest_body, std::move(plays), *this));
  }
}

unsigned Worker::prepare() {
  for (const auto& connection : connections_) {
    ++connecting_;
    connection->connect();
  }
  while (connecting_ > 0 && !(interrupted_ && interrupted_())) {
    context_.run_one_for(kTick);
    const auto now = Clock::now();
    for (const auto& connection : connections_) connection->expire(now);
  }
  return static_cast<unsigned>(free_.size());
}

void Worker::connected(Connection& connection) {
  --connecting_;
  release(connection, false);
}

void Worker::release(Connection& connection, bool rests) {
  if (rests) {
    resting_.push_back(&connection);
  } else {
    (connection.open() ? free_ : closed_).push_back(&connection);
  }
}

void Worker::work(Clock::time_point start) {
  start_ = start;
  from_ = start + plan_.warm_up;
  until_ = from_ + plan_.duration;
  working_ = true;
  tick();
  timer_.expires_at(start_);
  timer_.async_wait([this](const auto& cancelled) {
    if (!cancelled) send_due(Clock::now(), false);
  });
  context_.restart();
  context_.run();
  if (cpu_from_ >= 0 && cpu_until_ >= 0) outcome_.cpu_seconds = cpu_until_ - cpu_from_;
}

bool Worker::next_job(Clock::time_point now, Job& job) {
  if (over_) return false;
  const bool endless = schedule_.count() == Schedule::kEndless;
  if (endless ? now >= until_ : next_ >= schedule_.count()) return false;
  job.planned = endless ? now : start_ + schedule_.due(next_);
  if (job.planned > now) return false;
  job.number = next_;
  job.kind = schedule_.kind(next_);
  next_ += plan_.threads;
  return true;
}

/// `waited`: no connection was free until now.
void Worker::send_due(Clock::time_point now, bool waited) {
  Job job;
  while (!free_.empty() || !closed_.empty()) {
    if (!next_job(now, job)) break;
    auto& from = free_.empty() ? closed_ : free_;
    auto& connection = *from.back();
    from.pop_back();
    if (counts(job.planned)) {
      if (waited) {
        ++outcome_.waited;
      } else {
        outcome_.lag.record(nanoseconds(now - job.planned));
      }
    }
    ++busy_;
    connection.take(job, now);
    now = Clock::now();
  }
  arm();
}

void Worker::arm() {
  if (over_ || (free_.empty() && closed_.empty()) || next_ >= schedule_.count() || armed_ == next_ || plan_.rate <= 0) {
    return;
  }
  armed_ = next_;
  timer_.expires_at(start_ + schedule_.due(next_));
  timer_.async_wait([this](const auto& cancelled) {
    if (cancelled) return;
    armed_ = Schedule::kEndless;
    send_due(Clock::now(), false);
  });
}

void Worker::ended(Connection& connection, const Ended& what) {
  --busy_;
  record(what);
  const bool waited = free_.empty() && closed_.empty();
  release(connection, what.cause == Cause::kConnect && !what.right);
  if (working_ && !over_) send_due(what.ended, waited);
}

void Worker::record(const Ended& what) {
  auto& tally = outcome_.kinds[what.job.kind];
  if (what.right && what.ended >= from_ && what.ended < until_) ++tally.finished;
  if (over_ || !counts(what.job.planned)) return;
  ++tally.planned;
  outcome_.reconnects += what.reconnected ? 1 : 0;
  if (what.right) {
    ++tally.right;
    tally.requests += what.requests;
    tally.bytes_received += what.bytes_received;
    tally.bytes_sent += what.bytes_sent;
  } else {
    ++tally.errors.at(static_cast<std::size_t>(what.cause));
    if (what.cause == Cause::kStatus) ++tally.statuses[what.status];
    if (what.cause != Cause::kTimeout) return;
  }
  tally.corrected.record(nanoseconds(what.ended - what.job.planned));
  tally.uncorrected.record(nanoseconds(what.ended - what.sent));
}

void Worker::tick() {
  const auto now = Clock::now();
  for (const auto& connection : connections_) connection->expire(now);
  closed_.insert(closed_.end(), resting_.begin(), resting_.end());
  const bool rested = !resting_.empty();
  resting_.clear();
  watch(now);
  if (over_) return;
  if (rested && now >= start_) send_due(now, true);
  ticks_.expires_at(now + kTick);
  ticks_.async_wait([this](const auto& cancelled) {
    if (!cancelled) tick();
  });
}

/// Reads the clocks where measuring begins and ends, and ends what is over.
void Worker::watch(Clock::time_point now) {
  if (cpu_from_ < 0 && now >= from_) cpu_from_ = thread_seconds();
  if (cpu_until_ < 0 && now >= until_) cpu_until_ = thread_seconds();
  const bool stopped = interrupted_ && interrupted_();
  if (stopped) outcome_.interrupted = true;
  if (now > until_ + plan_.time_limit && plan_.rate > 0) give_up(now);
  const bool all_sent = plan_.rate > 0 ? next_ >= schedule_.count() : now >= until_;
  if (!stopped && (!all_sent || busy_ > 0 || now < until_)) return;
  over_ = true;
  timer_.cancel();
  for (const auto& connection : connections_) connection->shut();
}

/// What is still waiting after its time has waited in vain.
void Worker::give_up(Clock::time_point now) {
  for (; next_ < schedule_.count(); next_ += plan_.threads) {
    const auto planned = start_ + schedule_.due(next_);
    if (!counts(planned)) continue;
    auto& tally = outcome_.kinds[schedule_.kind(next_)];
    ++tally.planned;
    ++tally.errors.at(static_cast<std::size_t>(Cause::kUnsent));
    tally.corrected.record(nanoseconds(now - planned));
  }
}

}  // namespace referee::load
