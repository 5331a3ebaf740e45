#include "referee/registry/server.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <thread>

#include "core.hpp"
#include "journal.hpp"
#include "session.hpp"

namespace referee::registry {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr auto kAwaitAccept = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t kMostConnections = 8192;

tl::expected<std::unique_ptr<Core>, std::string> make_core(const ServerOptions& options) {
  const auto* profile = find_profile(options.profile);
  if (profile == nullptr) return tl::unexpected("unknown profile: " + options.profile);
  Rules rules;
  rules.features = profile->features;
  if (options.manifest_limit > 0) rules.features.manifest_limit = options.manifest_limit;
  std::vector<const Deviation*> chosen;
  for (const auto& name : options.deviations) {
    const auto& all = all_deviations();
    const auto found = std::ranges::find(all, name, [](const Deviation* deviation) { return deviation->info.name; });
    if (found == all.end()) return tl::unexpected("unknown fault: " + name);
    chosen.push_back(*found);
    if (chosen.back()->adjust != nullptr) chosen.back()->adjust(rules);
  }
  std::unique_ptr<Store> store;
  if (options.store.empty()) {
    store = std::make_unique<Store>(make_memory_store(options.memory));
  } else {
    auto journal = Journal::open(options.store);
    if (!journal) return tl::unexpected(journal.error());
    auto restored = Store::restore(make_disk_store(options.store), std::move(*journal));
    if (!restored) return tl::unexpected(restored.error());
    store = std::move(*restored);
  }
  return std::make_unique<Core>(rules, std::move(chosen), std::move(store));
}

}  // namespace

struct Server::Impl {
  explicit Impl(ServerOptions given, std::unique_ptr<Core> made)
      : options(std::move(given)),
        core(std::move(made)),
        context{*core, options.delay, options.idle_timeout, options.access_log},
        acceptor(io),
        housekeeping(io) {}

  /// One line if it fails.
  std::string listen() {
    error_code error;
    const auto address = asio::ip::make_address(options.address, error);
    if (error) return "not an IP address: " + options.address;
    const tcp::endpoint endpoint(address, options.port);
    (void)acceptor.open(endpoint.protocol(), error);
    if (!error) (void)acceptor.set_option(asio::socket_base::reuse_address(true), error);
    if (!error) (void)acceptor.bind(endpoint, error);
    if (!error) (void)acceptor.listen(asio::socket_base::max_listen_connections, error);
    if (error)
      return "cannot listen on " + options.address + ":" + std::to_string(options.port) + ": " + error.message();
    port = acceptor.local_endpoint(error).port();
    return {};
  }

  asio::awaitable<void> accept() {
    while (true) {
      auto [error, socket] = co_await acceptor.async_accept(asio::make_strand(io), kAwaitAccept);
      if (error == asio::error::operation_aborted) co_return;
      if (error) {  // out of file descriptors: wait for some to come back
        asio::steady_timer pause(io, std::chrono::milliseconds(50));
        co_await pause.async_wait(kAwaitAccept);
        continue;
      }
      if (context.connections.load() >= kMostConnections) continue;
      const auto executor = socket.get_executor();
      asio::co_spawn(executor, serve_connection(std::move(socket), context), asio::detached);
    }
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
    asio::co_spawn(io, accept(), asio::detached);
    asio::co_spawn(io, keep_house(), asio::detached);
    for (unsigned i = 0; i < std::max(1U, options.threads); ++i) {
      threads.emplace_back([this] { io.run(); });
    }
  }

  void stop() {
    io.stop();
    for (auto& thread : threads) {
      if (thread.joinable()) thread.join();
    }
    threads.clear();
    error_code ignored;
    (void)acceptor.close(ignored);
    core->store().flush();
  }

  ServerOptions options;
  std::unique_ptr<Core> core;
  SessionContext context;
  asio::io_context io;  // destroyed before what its connections use
  tcp::acceptor acceptor;
  asio::steady_timer housekeeping;
  std::vector<std::thread> threads;
  std::uint16_t port = 0;
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

std::string Server::url() const {
  const auto& address = impl_->options.address;
  const bool v6 = address.find(':') != std::string::npos;
  const auto host = address == "0.0.0.0" ? std::string("127.0.0.1") : address;
  return "http://" + (v6 ? "[" + host + "]" : host) + ":" + std::to_string(impl_->port);
}

std::string Server::warning() const {
  return impl_->core->store().warning();
}

void Server::stop() {
  impl_->stop();
}

}  // namespace referee::registry
