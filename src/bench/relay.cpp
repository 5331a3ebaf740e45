#include "referee/bench/relay.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <deque>
#include <thread>
#include <vector>

namespace referee::bench {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kChunk = 64UL * 1024;

/// One direction of a connection. Its owner keeps it alive as long as a handler is out.
class Lane {
 public:
  Lane(tcp::socket& from, tcp::socket& to, std::chrono::microseconds half_trip, std::size_t most_held,
       std::atomic<std::uint64_t>& bytes)
      : from_(from),
        to_(to),
        timer_(from.get_executor()),
        half_trip_(half_trip),
        most_held_(most_held),
        bytes_(bytes) {}

  /// Nothing is taken to have been sent before `opened`.
  void open(std::shared_ptr<void> owner, Clock::time_point opened) {
    owner_ = std::move(owner);
    opened_ = opened;
    read();
  }
  void close() {
    timer_.cancel();
    owner_.reset();
  }

 private:
  struct Held {
    Clock::time_point due;
    std::vector<char> bytes;  ///< empty: the end
  };

  void read() {
    reading_ = true;
    buffer_.resize(kChunk);
    from_.async_read_some(asio::buffer(buffer_), [this, owner = owner_](const error_code& error, std::size_t size) {
      reading_ = false;
      if (!owner_) return;
      const auto due = std::max(Clock::now(), opened_) + half_trip_;
      if (error) {
        ended_ = true;
        held_.push_back({due, {}});
      } else {
        bytes_ += size;
        held_bytes_ += size;
        held_.push_back({due, {buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(size)}});
        if (held_bytes_ < most_held_) read();
      }
      if (!writing_) write();
    });
  }

  void write() {
    writing_ = true;
    timer_.expires_at(held_.front().due);
    timer_.async_wait([this, owner = owner_](const error_code& cancelled) {
      if (cancelled || !owner_) return;
      if (held_.front().bytes.empty()) {
        error_code ignored;
        (void)to_.shutdown(tcp::socket::shutdown_send, ignored);
        owner_.reset();  // this direction is done; the other may go on
        return;
      }
      asio::async_write(to_, asio::buffer(held_.front().bytes),
                        [this, owner = owner_](const error_code& error, std::size_t size) {
                          if (!owner_) return;
                          if (error) {
                            // Who no longer takes what is sent sees the end of what is read as well.
                            error_code ignored;
                            (void)from_.close(ignored);
                            (void)to_.close(ignored);
                            owner_.reset();
                            return;
                          }
                          held_bytes_ -= size;
                          held_.pop_front();
                          writing_ = false;
                          if (!reading_ && !ended_ && held_bytes_ < most_held_) read();
                          if (!held_.empty()) write();
                        });
    });
  }

  tcp::socket& from_;
  tcp::socket& to_;
  asio::steady_timer timer_;
  std::chrono::microseconds half_trip_;
  std::size_t most_held_;
  std::atomic<std::uint64_t>& bytes_;
  std::shared_ptr<void> owner_;
  Clock::time_point opened_;
  std::vector<char> buffer_;
  std::deque<Held> held_;
  std::size_t held_bytes_ = 0;
  bool reading_ = false;
  bool writing_ = false;
  bool ended_ = false;
};

struct Counters {
  std::atomic<std::uint64_t> connections{0};
  std::atomic<std::uint64_t> refused{0};
  std::atomic<std::uint64_t> to_target{0};
  std::atomic<std::uint64_t> from_target{0};
};

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(tcp::socket client, const RelayOptions& options, Counters& counters)
      : client_(std::move(client)),
        target_(client_.get_executor()),
        up_(client_, target_, options.round_trip / 2, options.most_held, counters.to_target),
        down_(target_, client_, options.round_trip / 2, options.most_held, counters.from_target),
        counters_(counters) {}

  void open(const tcp::resolver::results_type& addresses, Clock::time_point opened) {
    asio::async_connect(target_, addresses,
                        [self = shared_from_this(), opened](const error_code& error, const tcp::endpoint& /*where*/) {
                          if (error) {
                            ++self->counters_.refused;
                            return;
                          }
                          error_code ignored;
                          (void)self->client_.set_option(tcp::no_delay(true), ignored);
                          (void)self->target_.set_option(tcp::no_delay(true), ignored);
                          self->up_.open(self, opened);
                          self->down_.open(self, opened);
                        });
  }
  void close() {
    error_code ignored;
    (void)client_.close(ignored);
    (void)target_.close(ignored);
    up_.close();
    down_.close();
  }

 private:
  tcp::socket client_;
  tcp::socket target_;
  Lane up_;
  Lane down_;
  Counters& counters_;
};

class AsioRelay : public Relay {
 public:
  explicit AsioRelay(RelayOptions options) : options_(std::move(options)), acceptor_(context_), pause_(context_) {}
  // Posting needs a little memory: without it nothing else would go on either.
  // NOLINTNEXTLINE(bugprone-exception-escape)
  ~AsioRelay() override {
    asio::post(context_, [this] {
      error_code ignored;
      (void)acceptor_.close(ignored);
      pause_.cancel();
      for (const auto& one : connections_) {
        if (const auto connection = one.lock()) connection->close();
      }
    });
    if (thread_.joinable()) thread_.join();
  }

  tl::expected<void, std::string> open() {
    error_code error;
    tcp::resolver resolver(context_);
    addresses_ = resolver.resolve(options_.host, std::to_string(options_.port), error);
    if (error) return tl::unexpected(fmt::format("the host {} has no address: {}", options_.host, error.message()));
    const tcp::endpoint here(asio::ip::address_v4::loopback(), 0);
    (void)acceptor_.open(here.protocol(), error);
    if (!error) (void)acceptor_.bind(here, error);
    if (!error) (void)acceptor_.listen(asio::socket_base::max_listen_connections, error);
    if (error) return tl::unexpected(fmt::format("cannot listen on 127.0.0.1: {}", error.message()));
    port_ = acceptor_.local_endpoint().port();
    accept();
    thread_ = std::thread([this] { context_.run(); });
    return {};
  }

  [[nodiscard]] std::uint16_t port() const override { return port_; }
  [[nodiscard]] RelayTotals totals() const override {
    return {counters_.connections, counters_.refused, counters_.to_target, counters_.from_target};
  }

 private:
  void accept() {
    acceptor_.async_accept([this](const error_code& error, tcp::socket client) {
      if (!acceptor_.is_open()) return;
      if (error) {
        // Out of file descriptors, most likely: some are given back as connections end.
        pause_.expires_after(std::chrono::milliseconds(10));
        pause_.async_wait([this](const error_code& cancelled) {
          if (!cancelled && acceptor_.is_open()) accept();
        });
        return;
      }
      ++counters_.connections;
      const auto connection = std::make_shared<Connection>(std::move(client), options_, counters_);
      std::erase_if(connections_, [](const auto& one) { return one.expired(); });
      connections_.push_back(connection);
      connection->open(addresses_, Clock::now() + options_.round_trip);
      accept();
    });
  }

  RelayOptions options_;
  asio::io_context context_{1};
  tcp::acceptor acceptor_;
  asio::steady_timer pause_;
  tcp::resolver::results_type addresses_;
  std::vector<std::weak_ptr<Connection>> connections_;
  Counters counters_;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

}  // namespace

tl::expected<std::unique_ptr<Relay>, std::string> Relay::start(const RelayOptions& options) {
  auto relay = std::make_unique<AsioRelay>(options);
  if (auto opened = relay->open(); !opened) return tl::unexpected(std::move(opened.error()));
  return relay;
}

}  // namespace referee::bench
