#include "referee/load/run.hpp"

#include <fmt/format.h>

#include <barrier>
#include <thread>

#include "worker.hpp"

namespace referee::load {
namespace {

namespace asio = boost::asio;

/// Between the moment when all are ready and the first operation.
constexpr std::chrono::milliseconds kLead{20};

double unix_seconds() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

/// The first address that takes a connection.
tl::expected<asio::ip::tcp::endpoint, std::string> find_server(const Plan& plan) {
  asio::io_context context;
  boost::system::error_code error;
  const auto addresses = asio::ip::tcp::resolver(context).resolve(plan.host, std::to_string(plan.port), error);
  if (error) return tl::unexpected(fmt::format("the host {} has no address: {}", plan.host, error.message()));
  error = asio::error::not_found;
  for (const auto& address : addresses) {
    asio::ip::tcp::socket socket(context);
    bool done = false;
    socket.async_connect(address.endpoint(), [&](const boost::system::error_code& failed) {
      done = true;
      error = failed;
    });
    context.restart();
    context.run_for(plan.time_limit);
    if (done && !error) return address.endpoint();
    if (!done) error = asio::error::timed_out;
    boost::system::error_code ignored;
    (void)socket.close(ignored);
    context.restart();
    context.run();
    if (!error) error = asio::error::timed_out;
  }
  return tl::unexpected(fmt::format("{}:{} takes no connection: {}", plan.host, plan.port, error.message()));
}

}  // namespace

Tally Outcome::total() const {
  Tally all;
  for (const auto& kind : kinds) all.merge(kind);
  return all;
}

tl::expected<Outcome, std::string> run(const Plan& plan, const std::vector<std::unique_ptr<Kind>>& kinds,
                                       const std::function<bool()>& interrupted) {
  const auto server = find_server(plan);
  if (!server) return tl::unexpected(server.error());
  const Schedule schedule(plan);
  std::vector<std::unique_ptr<Worker>> workers;
  for (unsigned index = 0; index < std::max(1U, plan.threads); ++index) {
    workers.push_back(std::make_unique<Worker>(plan, schedule, kinds, *server, index, interrupted));
  }
  Clock::time_point start;
  double started = 0;
  std::barrier ready(static_cast<std::ptrdiff_t>(workers.size()), [&]() noexcept {
    start = Clock::now() + kLead;
    started = unix_seconds() + std::chrono::duration<double>(kLead + plan.warm_up).count();
  });
  std::vector<std::thread> threads;
  threads.reserve(workers.size());
  for (const auto& worker : workers) {
    threads.emplace_back([&ready, &start, &worker] {
      worker->prepare();
      ready.arrive_and_wait();
      worker->work(start);
    });
  }
  for (auto& thread : threads) thread.join();
  Outcome all;
  all.kinds.resize(kinds.size());
  all.seconds = std::chrono::duration<double>(plan.duration).count();
  all.started = started;
  for (const auto& worker : workers) {
    const auto& one = worker->outcome();
    for (std::size_t kind = 0; kind < kinds.size(); ++kind) all.kinds[kind].merge(one.kinds[kind]);
    all.lag.merge(one.lag);
    all.waited += one.waited;
    all.reconnects += one.reconnects;
    all.cpu_seconds += one.cpu_seconds;
    all.interrupted = all.interrupted || one.interrupted;
  }
  return all;
}

}  // namespace referee::load
