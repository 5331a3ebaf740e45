#include "referee/registry/server.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <csignal>
#include <exception>
#include <thread>

#include "core.hpp"
#include "journal.hpp"
#include "manifest_document.hpp"
#include "session.hpp"

namespace referee::registry {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr auto kAwaitAccept = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t kMostConnections = 8192;

using Chosen = std::vector<const Deviation*>;

tl::expected<Chosen, std::string> choose(const ServerOptions& options) {
  Chosen chosen;
  for (const auto& name : options.deviations) {
    const auto& all = all_deviations();
    const auto found = std::ranges::find(all, name, [](const Deviation* deviation) { return deviation->info.name; });
    if (found == all.end()) return tl::unexpected("unknown fault: " + name);
    chosen.push_back(*found);
  }
  return chosen;
}

/// Of every profile: which one is in force may change while the server runs.
RulesByProfile make_rules(const ServerOptions& options, const Chosen& chosen) {
  RulesByProfile all;
  for (const auto& profile : profiles()) {
    auto& rules = all[profile.name];
    rules.features = profile.features;
    if (options.manifest_limit > 0) rules.features.manifest_limit = options.manifest_limit;
    for (const auto* deviation : chosen) {
      if (deviation->adjust != nullptr) deviation->adjust(rules);
    }
  }
  return all;
}

/// The kernel sends files without MSG_NOSIGNAL: a client that leaves would otherwise end the program.
void outlive_broken_pipes() {
  struct sigaction current{};
  if (::sigaction(SIGPIPE, nullptr, &current) != 0 || current.sa_handler != SIG_DFL) return;
  current.sa_handler = SIG_IGN;
  (void)::sigaction(SIGPIPE, &current, nullptr);
}

tl::expected<std::unique_ptr<Core>, std::string> make_core(const ServerOptions& options) {
  if (find_profile(options.profile) == nullptr) return tl::unexpected("unknown profile: " + options.profile);
  auto chosen = choose(options);
  if (!chosen) return tl::unexpected(chosen.error());
  auto rules = make_rules(options, *chosen);
  std::unique_ptr<Store> store;
  if (options.store.empty()) {
    store = std::make_unique<Store>(make_memory_store(options.memory));
  } else {
    outlive_broken_pipes();
    auto journal = Journal::open(options.store);
    if (!journal) return tl::unexpected(journal.error());
    auto restored =
        Store::restore(make_disk_store(options.store), std::move(*journal), parse_options(rules.at(options.profile)));
    if (!restored) return tl::unexpected(restored.error());
    store = std::move(*restored);
  }
  if (options.auth && options.auth->scheme == AuthOptions::Scheme::kBasic && options.auth->username.empty()) {
    return tl::unexpected(std::string("Basic authentication needs a name"));
  }
  return std::make_unique<Core>(std::move(rules), options.profile, std::move(*chosen), std::move(store), options.auth);
}

/// What this process starts must not hold a port or a connection open after the server is gone.
void keep_from_children(int descriptor) {
  (void)::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
}

/// Opens `acceptor`. One line if it fails.
std::string listen_on(tcp::acceptor& acceptor, const std::string& host, std::uint16_t port, bool loopback_only) {
  error_code error;
  const auto address = asio::ip::make_address(host, error);
  if (error) return "not an IP address: " + host;
  if (loopback_only && !address.is_loopback()) return "not a loopback address: " + host;
  const tcp::endpoint endpoint(address, port);
  (void)acceptor.open(endpoint.protocol(), error);
  if (!error) keep_from_children(acceptor.native_handle());
  if (!error) (void)acceptor.set_option(asio::socket_base::reuse_address(true), error);
  if (!error) (void)acceptor.bind(endpoint, error);
  if (!error) (void)acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) return "cannot listen on " + host + ":" + std::to_string(port) + ": " + error.message();
  return {};
}

}  // namespace

/// One thread and what it does. Had all threads one io_context together, each event would wake another one to wait for
/// the next.
struct Lane {
  asio::io_context io{1};
  std::atomic<std::size_t> connections{0};
  std::thread thread;

  void run() {
    thread = std::thread([this] {
      const auto stays = asio::make_work_guard(io);
      io.run();
    });
  }

  void join() {
    if (thread.joinable()) thread.join();
  }
};

struct Server::Impl {
  explicit Impl(ServerOptions given, std::unique_ptr<Core> made)
      : options(std::move(given)),
        core(std::move(made)),
        context{*core, options.delay, options.idle_timeout, options.access_log},
        control_context{*core, {}, options.idle_timeout, {}, true},
        lanes(std::max(1U, options.threads)),
        acceptor(door.io),
        control_acceptor(door.io),
        housekeeping(door.io) {}

  /// One line if it fails.
  std::string listen() {
    auto problem = listen_on(acceptor, options.address, options.port, false);
    if (problem.empty() && !options.control_address.empty()) {
      problem = listen_on(control_acceptor, options.control_address, options.control_port, true);
    }
    if (!problem.empty()) return problem;
    error_code ignored;
    port = acceptor.local_endpoint(ignored).port();
    if (control_acceptor.is_open()) control_port = control_acceptor.local_endpoint(ignored).port();
    return {};
  }

  asio::awaitable<void> accept(tcp::acceptor& from, SessionContext& shared) {
    while (true) {
      auto [error, socket] = co_await from.async_accept(kAwaitAccept);
      if (error == asio::error::operation_aborted) co_return;
      if (error) {  // out of file descriptors: wait for some to come back
        asio::steady_timer pause(from.get_executor(), std::chrono::milliseconds(50));
        co_await pause.async_wait(kAwaitAccept);
        continue;
      }
      keep_from_children(socket.native_handle());
      welcome(std::move(socket), shared);
    }
  }

  /// To the lane with the fewest connections.
  void welcome(tcp::socket guest, SessionContext& shared) {
    const auto count = [](const Lane& lane) { return lane.connections.load(); };
    auto& lane = *std::ranges::min_element(lanes, {}, count);
    if (count(lane) >= kMostConnections / lanes.size()) return;
    error_code error;
    const auto protocol = guest.local_endpoint(error).protocol();
    if (error) return;
    const auto descriptor = guest.release(error);
    if (error) return;
    tcp::socket socket(lane.io);
    (void)socket.assign(protocol, descriptor, error);
    if (error) {
      ::close(descriptor);
      return;
    }
    ++lane.connections;
    asio::co_spawn(lane.io, serve_connection(std::move(socket), shared),
                   [&lane](const std::exception_ptr& /*none*/) { --lane.connections; });
  }

  asio::awaitable<void> keep_house() {
    while (true) {
      housekeeping.expires_after(std::chrono::seconds(1));
      auto [error] = co_await housekeeping.async_wait(kAwaitAccept);
      if (error) co_return;
      core->tick();
    }
  }

  void run() {
    asio::co_spawn(door.io, accept(acceptor, context), asio::detached);
    if (control_acceptor.is_open()) asio::co_spawn(door.io, accept(control_acceptor, control_context), asio::detached);
    asio::co_spawn(door.io, keep_house(), asio::detached);
    door.run();
    for (auto& lane : lanes) lane.run();
  }

  void stop() {
    door.io.stop();
    for (auto& lane : lanes) lane.io.stop();
    door.join();
    for (auto& lane : lanes) lane.join();
    error_code ignored;
    (void)acceptor.close(ignored);
    (void)control_acceptor.close(ignored);
    core->store().flush();
  }

  ServerOptions options;
  std::unique_ptr<Core> core;
  SessionContext context;
  SessionContext control_context;
  std::vector<Lane> lanes;  // destroyed before what their connections use
  Lane door;                ///< lets in; serves nobody, so that nobody waits for an answer to be let in
  tcp::acceptor acceptor;
  tcp::acceptor control_acceptor;
  asio::steady_timer housekeeping;
  std::uint16_t port = 0;
  std::uint16_t control_port = 0;
};

tl::expected<std::unique_ptr<Server>, std::string> Server::start(ServerOptions options) {
  auto core = make_core(options);
  if (!core) return tl::unexpected(core.error());
  auto impl = std::make_unique<Impl>(std::move(options), std::move(*core));
  if (auto problem = impl->listen(); !problem.empty()) return tl::unexpected(std::move(problem));
  impl->run();
  return std::unique_ptr<Server>(new Server(std::move(impl)));
}

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Server::~Server() {
  stop();
}

std::uint16_t Server::port() const {
  return impl_->port;
}

std::uint16_t Server::control_port() const {
  return impl_->control_port;
}

std::string Server::url() const {
  const auto& address = impl_->options.address;
  const bool v6 = address.find(':') != std::string::npos;
  const auto host = address == "0.0.0.0" ? std::string("127.0.0.1") : address;
  return "http://" + (v6 ? "[" + host + "]" : host) + ":" + std::to_string(impl_->port);
}

std::string Server::warning() const {
  return impl_->core->store().warning();
}

std::size_t Server::pending() const {
  return impl_->context.pending.load();
}

void Server::stop() {
  impl_->stop();
}

}  // namespace referee::registry
