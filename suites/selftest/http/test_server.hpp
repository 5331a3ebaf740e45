#pragma once

#include <openssl/ssl.h>

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "referee/http/message.hpp"

namespace referee::http::test {

struct Received {
  std::string method;
  std::string target;
  Headers headers;
  std::string body;  ///< as far as Content-Length reaches; chunks are kept raw
};

/// One accepted connection: raw bytes both ways, over TLS if the server has a context.
class Connection {
 public:
  Connection(int socket, SSL* tls) : socket_(socket), tls_(tls) {}
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection();

  bool write(std::string_view bytes);
  /// Some bytes; empty at the end of the stream.
  std::string read_some();
  /// Exactly this many, or empty.
  std::string read_exactly(std::size_t count);
  /// A whole request; nullopt when the client closed.
  std::optional<Received> read_request();
  /// Says no more, and goes on listening.
  void end_writing();
  /// Returns when the client has gone or the server stops.
  void wait_for_close();

 private:
  int socket_;
  SSL* tls_;
  std::string buffer_;
};

/// A server on 127.0.0.1 whose behaviour is a function over raw connections, one thread each.
class TestServer {
 public:
  using Script = std::function<void(Connection&)>;
  using Answer = std::function<std::string(const Received&)>;

  explicit TestServer(Script script, SSL_CTX* tls = nullptr);
  ~TestServer();
  TestServer(const TestServer&) = delete;
  TestServer& operator=(const TestServer&) = delete;

  /// Answers each request of a kept connection with the raw text that `answer` returns, and remembers the requests.
  static std::unique_ptr<TestServer> answering(Answer answer, SSL_CTX* tls = nullptr);

  [[nodiscard]] int port() const { return port_; }
  [[nodiscard]] std::string authority() const { return "127.0.0.1:" + std::to_string(port_); }
  [[nodiscard]] std::string url(std::string_view path = "/") const;
  [[nodiscard]] int connections() const { return connections_; }
  [[nodiscard]] std::vector<Received> requests() const;
  void remember(const Received& request);

 private:
  void accept_loop();
  void serve(int socket);

  Script script_;
  SSL_CTX* tls_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<int> connections_{0};
  mutable std::mutex mutex_;
  bool stopping_ = false;
  std::vector<int> open_;
  std::vector<Received> requests_;
  std::vector<std::thread> threads_;
  std::thread acceptor_;
};

/// A complete response with Content-Length.
std::string response(int status, std::string_view body = "", std::string_view extra_headers = "");

}  // namespace referee::http::test
