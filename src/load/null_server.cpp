#include "referee/load/null_server.hpp"

#include <fmt/format.h>

#include <array>
#include <atomic>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <cstdlib>
#include <string_view>
#include <thread>
#include <vector>

namespace referee::load {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using std::chrono::steady_clock;

constexpr std::size_t kInput = std::size_t{64} * 1024;

/// What all connections of a server share.
struct Shared {
  NullServerOptions options;
  std::string body;
  std::string answer;
  steady_clock::time_point started = steady_clock::now();
  std::atomic<std::uint64_t> requests{0};

  /// Holds up the whole server while it is to stand still.
  void stall() const {
    if (options.stall_every.count() <= 0) return;
    const auto into = (steady_clock::now() - started) % options.stall_every;
    if (into < options.stall) std::this_thread::sleep_for(options.stall - into);
  }
};

/// Content-Length of a request's head, or 0.
std::size_t body_of(std::string_view head) {
  for (const std::string_view key : {"\r\nContent-Length: ", "\r\ncontent-length: "}) {
    if (const auto at = head.find(key); at != std::string_view::npos) {
      return static_cast<std::size_t>(std::strtoull(head.data() + at + key.size(), nullptr, 10));
    }
  }
  return 0;
}

class NullConnection : public std::enable_shared_from_this<NullConnection> {
 public:
  NullConnection(tcp::socket socket, Shared& shared) : socket_(std::move(socket)), shared_(shared), input_(kInput) {
    error_code ignored;
    (void)socket_.set_option(tcp::no_delay(true), ignored);
    (void)socket_.non_blocking(true, ignored);
  }

  void read() {
    socket_.async_read_some(asio::buffer(input_.data() + have_, input_.size() - have_),
                            [self = shared_from_this()](const error_code& error, std::size_t size) {
                              if (error) return;
                              self->received(size);
                            });
  }
  void close() {
    error_code ignored;
    (void)socket_.close(ignored);
  }

 private:
  void received(std::size_t size) {
    have_ += size;
    if (skip_ > 0) {
      const auto skipped = std::min(skip_, have_);
      skip_ -= skipped;
      have_ -= skipped;
      if (skip_ > 0) return read();
      return answer();
    }
    const std::string_view all(input_.data(), have_);
    const auto end = all.find("\r\n\r\n");
    if (end == std::string_view::npos) return have_ == input_.size() ? close() : read();
    const auto whole = end + 4 + body_of(all.substr(0, end + 2));
    skip_ = whole > have_ ? whole - have_ : 0;
    have_ = 0;
    return skip_ > 0 ? read() : answer();
  }

  void answer() {
    shared_.stall();
    ++shared_.requests;
    error_code error;
    const auto& bytes = shared_.answer;
    const auto sent = socket_.write_some(asio::buffer(bytes), error);
    if (sent == bytes.size()) return read();
    if (error && error != asio::error::would_block) return;
    asio::async_write(socket_, asio::buffer(bytes.data() + sent, bytes.size() - sent),
                      [self = shared_from_this()](const error_code& failed, std::size_t /*size*/) {
                        if (!failed) self->read();
                      });
  }

  tcp::socket socket_;
  Shared& shared_;
  std::vector<char> input_;
  std::size_t have_ = 0;
  std::size_t skip_ = 0;  ///< bytes of a request's body that are still to come
};

class AsioNullServer : public NullServer {
 public:
  explicit AsioNullServer(const NullServerOptions& options) : acceptor_(context_) {
    shared_.options = options;
    shared_.body.assign(options.body, 'x');
    shared_.answer = fmt::format("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{}", options.body, shared_.body);
  }
  // NOLINTNEXTLINE(bugprone-exception-escape): posting needs a little memory
  ~AsioNullServer() override {
    asio::post(context_, [this] {
      error_code ignored;
      (void)acceptor_.close(ignored);
      for (const auto& one : connections_) {
        if (const auto connection = one.lock()) connection->close();
      }
    });
    if (thread_.joinable()) thread_.join();
  }

  tl::expected<void, std::string> open() {
    error_code error;
    const tcp::endpoint here(asio::ip::address_v4::loopback(), shared_.options.port);
    (void)acceptor_.open(here.protocol(), error);
    if (!error) (void)acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) (void)acceptor_.bind(here, error);
    if (!error) (void)acceptor_.listen(asio::socket_base::max_listen_connections, error);
    if (error) return tl::unexpected(fmt::format("cannot listen on 127.0.0.1: {}", error.message()));
    port_ = acceptor_.local_endpoint().port();
    accept();
    thread_ = std::thread([this] { context_.run(); });
    return {};
  }

  [[nodiscard]] std::uint16_t port() const override { return port_; }
  [[nodiscard]] std::uint64_t requests() const override { return shared_.requests; }
  [[nodiscard]] const std::string& body() const override { return shared_.body; }
  [[nodiscard]] steady_clock::time_point started() const override { return shared_.started; }

 private:
  void accept() {
    acceptor_.async_accept([this](const error_code& error, tcp::socket socket) {
      if (!acceptor_.is_open()) return;
      if (!error) {
        const auto connection = std::make_shared<NullConnection>(std::move(socket), shared_);
        std::erase_if(connections_, [](const auto& one) { return one.expired(); });
        connections_.push_back(connection);
        connection->read();
      }
      accept();
    });
  }

  asio::io_context context_{1};
  tcp::acceptor acceptor_;
  Shared shared_;
  std::vector<std::weak_ptr<NullConnection>> connections_;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

}  // namespace

tl::expected<std::unique_ptr<NullServer>, std::string> NullServer::start(const NullServerOptions& options) {
  auto server = std::make_unique<AsioNullServer>(options);
  if (auto opened = server->open(); !opened) return tl::unexpected(std::move(opened.error()));
  return server;
}

}  // namespace referee::load
