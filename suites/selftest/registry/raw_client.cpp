#include "raw_client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>

namespace referee::selftest {

namespace {

bool same(std::string_view left, std::string_view right) {
  return std::ranges::equal(left, right, [](char a, char b) { return std::tolower(a) == std::tolower(b); });
}

}  // namespace

std::string Reply::header(std::string_view name) const {
  for (const auto& [key, value] : fields) {
    if (same(key, name)) return value;
  }
  return {};
}

bool Reply::has(std::string_view name) const {
  return std::ranges::any_of(fields, [&](const auto& field) { return same(field.first, name); });
}

RawConnection::RawConnection(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  const timeval patience{20, 0};
  const int on = 1;
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  // A failure shows when something is sent.
  (void)::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address);
}

RawConnection::~RawConnection() {
  ::close(socket_);
}

bool RawConnection::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool RawConnection::fill() {
  std::array<char, 65536> piece{};
  const auto got = ::recv(socket_, piece.data(), piece.size(), 0);
  if (got <= 0) return false;
  buffer_.append(piece.data(), static_cast<std::size_t>(got));
  return true;
}

bool RawConnection::closed() {
  char byte = 0;
  return buffer_.empty() && ::recv(socket_, &byte, 1, 0) == 0;
}

Reply RawConnection::receive(bool head) {
  Reply reply;
  std::size_t end = 0;
  while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
    if (!fill()) return reply;
  }
  auto lines = buffer_.substr(0, end + 2);
  buffer_.erase(0, end + 4);
  reply.status = lines.size() > 12 ? static_cast<int>(std::strtol(lines.c_str() + 9, nullptr, 10)) : 0;
  lines.erase(0, lines.find("\r\n") + 2);
  while (!lines.empty()) {
    const auto stop = lines.find("\r\n");
    const auto colon = lines.find(": ");
    reply.fields.emplace_back(lines.substr(0, colon), lines.substr(colon + 2, stop - colon - 2));
    lines.erase(0, stop + 2);
  }
  if (head || reply.status < 200 || reply.status == 204 || reply.status == 304) return reply;
  if (same(reply.header("Transfer-Encoding"), "chunked")) {
    while (true) {
      while (buffer_.find("\r\n") == std::string::npos) {
        if (!fill()) return reply;
      }
      const auto size = std::strtoul(buffer_.c_str(), nullptr, 16);
      buffer_.erase(0, buffer_.find("\r\n") + 2);
      while (buffer_.size() < size + 2) {
        if (!fill()) return reply;
      }
      reply.body += buffer_.substr(0, size);
      buffer_.erase(0, size + 2);
      if (size == 0) return reply;
    }
  }
  const auto size = reply.has("Content-Length") ? std::strtoul(reply.header("Content-Length").c_str(), nullptr, 10) : 0;
  while (buffer_.size() < size && fill()) {
  }
  reply.body = buffer_.substr(0, size);
  buffer_.erase(0, size);
  return reply;
}

Reply RawClient::request(std::string_view method, std::string_view target, const Fields& fields,
                         const std::optional<std::string>& body) {
  std::string text;
  text.append(method).append(" ").append(target).append(" HTTP/1.1\r\nHost: registry\r\n");
  for (const auto& [name, value] : fields) text.append(name).append(": ").append(value).append("\r\n");
  if (body) text += "Content-Length: " + std::to_string(body->size()) + "\r\n";
  text += "\r\n";
  if (body) text += *body;
  if (!connection_) connection_ = std::make_unique<RawConnection>(port_);
  connection_->send(text);
  auto reply = connection_->receive(method == "HEAD");
  if (reply.status == 0 || same(reply.header("Connection"), "close")) connection_.reset();
  return reply;
}

}  // namespace referee::selftest
