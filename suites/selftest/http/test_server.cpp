#include "test_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace referee::http::test {

Connection::~Connection() {
  if (tls_ != nullptr) {
    SSL_shutdown(tls_);
    SSL_free(tls_);
  }
}

bool Connection::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto count = tls_ != nullptr ? SSL_write(tls_, bytes.data(), static_cast<int>(bytes.size()))
                                       : send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

std::string Connection::read_some() {
  std::array<char, 16384> chunk{};
  const auto count = tls_ != nullptr ? SSL_read(tls_, chunk.data(), static_cast<int>(chunk.size()))
                                     : recv(socket_, chunk.data(), chunk.size(), 0);
  return count > 0 ? std::string(chunk.data(), static_cast<std::size_t>(count)) : "";
}

std::string Connection::read_exactly(std::size_t count) {
  while (buffer_.size() < count) {
    const auto more = read_some();
    if (more.empty()) return "";
    buffer_ += more;
  }
  std::string bytes = buffer_.substr(0, count);
  buffer_.erase(0, count);
  return bytes;
}

std::optional<Received> Connection::read_request() {
  std::size_t end = 0;
  while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
    const auto more = read_some();
    if (more.empty()) return std::nullopt;
    buffer_ += more;
  }
  Received request;
  std::string head = buffer_.substr(0, end + 2);
  buffer_.erase(0, end + 4);
  const auto first = head.find(' ');
  request.method = head.substr(0, first);
  request.target = head.substr(first + 1, head.find(' ', first + 1) - first - 1);
  for (auto at = head.find("\r\n") + 2; at < head.size();) {
    const auto next = head.find("\r\n", at);
    const auto line = head.substr(at, next - at);
    const auto colon = line.find(':');
    request.headers.add(line.substr(0, colon), line.substr(std::min(colon + 2, line.size())));
    at = next + 2;
  }
  if (const auto length = request.headers.get("Content-Length")) {
    request.body = read_exactly(std::stoul(*length));
  } else if (request.headers.has("Transfer-Encoding")) {
    while (!buffer_.ends_with("0\r\n\r\n")) {
      const auto more = read_some();
      if (more.empty()) return std::nullopt;
      buffer_ += more;
    }
    request.body.swap(buffer_);
  }
  return request;
}

void Connection::end_writing() {
  shutdown(socket_, SHUT_WR);
}

void Connection::wait_for_close() {
  while (!read_some().empty()) {
  }
}

TestServer::TestServer(Script script, SSL_CTX* tls) : script_(std::move(script)), tls_(tls) {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (bind(listener_, generic, size) != 0 || listen(listener_, 64) != 0 ||
      getsockname(listener_, generic, &size) != 0) {
    throw std::runtime_error("cannot listen on 127.0.0.1");
  }
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { accept_loop(); });
}

TestServer::~TestServer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    for (const int socket : open_) shutdown(socket, SHUT_RDWR);
  }
  shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  for (auto& thread : threads_) thread.join();
  close(listener_);
}

void TestServer::accept_loop() {
  while (true) {
    const int socket = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) return;
    const int yes = 1;  // what a script writes in two pieces goes out as two
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    ++connections_;
    const std::lock_guard lock(mutex_);
    if (stopping_) {
      close(socket);
      return;
    }
    open_.push_back(socket);
    threads_.emplace_back([this, socket] { serve(socket); });
  }
}

void TestServer::serve(int socket) {
  SSL* tls = nullptr;
  bool ready = true;
  if (tls_ != nullptr) {
    tls = SSL_new(tls_);
    SSL_set_fd(tls, socket);
    ready = SSL_accept(tls) == 1;
  }
  {
    Connection connection(socket, tls);
    if (ready) {
      script_(connection);
    } else {
      // Unread bytes at close() would reset the connection and take the alert with them.
      shutdown(socket, SHUT_WR);
      std::array<char, 4096> rest{};
      while (recv(socket, rest.data(), rest.size(), 0) > 0) {
      }
    }
  }
  const std::lock_guard lock(mutex_);
  std::erase(open_, socket);
  close(socket);
}

std::unique_ptr<TestServer> TestServer::answering(Answer answer, SSL_CTX* tls) {
  // The script needs the server to remember requests; a connection cannot come before a client knows the port.
  auto self = std::make_shared<std::atomic<TestServer*>>(nullptr);
  auto server = std::make_unique<TestServer>(
      [self, answer = std::move(answer)](Connection& connection) {
        while (auto request = connection.read_request()) {
          self->load()->remember(*request);
          if (!connection.write(answer(*request))) return;
        }
      },
      tls);
  self->store(server.get());
  return server;
}

std::string TestServer::url(std::string_view path) const {
  return (tls_ != nullptr ? "https://" : "http://") + authority() + std::string(path);
}

std::vector<Received> TestServer::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

void TestServer::remember(const Received& request) {
  const std::lock_guard lock(mutex_);
  requests_.push_back(request);
}

std::string response(int status, std::string_view body, std::string_view extra_headers) {
  return "HTTP/1.1 " + std::to_string(status) + " Reason\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
         std::string(extra_headers) + "\r\n" + std::string(body);
}

}  // namespace referee::http::test
