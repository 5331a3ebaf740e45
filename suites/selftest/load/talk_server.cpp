#include "talk_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <bit>
#include <cstdlib>

namespace referee::selftest {

std::string Talk::request() {
  std::array<char, 65536> piece{};
  while (true) {
    if (const auto end = buffer_.find("\r\n\r\n"); end != std::string::npos) {
      std::size_t body = 0;
      if (const auto at = buffer_.find("Content-Length: "); at < end) {
        body = static_cast<std::size_t>(std::strtoull(buffer_.c_str() + at + 16, nullptr, 10));
      }
      if (buffer_.size() >= end + 4 + body) {
        auto whole = buffer_.substr(0, end + 4 + body);
        buffer_.erase(0, whole.size());
        return whole;
      }
    }
    const auto got = ::recv(socket_, piece.data(), piece.size(), 0);
    if (got <= 0) return "";
    buffer_.append(piece.data(), static_cast<std::size_t>(got));
  }
}

bool Talk::say(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

void Talk::hang() {
  while (!request().empty()) {
  }
}

TalkServer::TalkServer(Script script) : script_(std::move(script)) {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (listener_ < 0) std::abort();
  sockaddr_in here{};
  here.sin_family = AF_INET;
  here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  (void)::bind(listener_, std::bit_cast<sockaddr*>(&here), sizeof(here));
  (void)::listen(listener_, 256);
  socklen_t size = sizeof(here);
  (void)::getsockname(listener_, std::bit_cast<sockaddr*>(&here), &size);
  port_ = ntohs(here.sin_port);
  acceptor_ = std::thread([this] { accept(); });
}

TalkServer::~TalkServer() {
  (void)::shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  (void)::close(listener_);
  {
    const std::scoped_lock lock(mutex_);
    for (const int socket : sockets_) (void)::shutdown(socket, SHUT_RDWR);
  }
  for (auto& thread : threads_) thread.join();
}

void TalkServer::accept() {
  while (true) {
    const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) return;
    const std::scoped_lock lock(mutex_);
    sockets_.push_back(socket);
    const int number = connections_++;
    threads_.emplace_back([this, socket, number] {
      Talk talk(socket);
      script_(talk, number);
      const std::scoped_lock closing(mutex_);
      sockets_.remove(socket);
      (void)::close(socket);
    });
  }
}

}  // namespace referee::selftest
