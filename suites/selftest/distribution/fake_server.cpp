#include "distribution/fake_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace referee::distribution {
namespace {

// Reads until `text` holds `wanted` bytes; false when the peer is gone.
bool read_to(int connection, std::string& text, std::size_t wanted) {
  std::array<char, 16384> buffer{};
  while (text.size() < wanted) {
    const ssize_t got = ::recv(connection, buffer.data(), buffer.size(), 0);
    if (got <= 0) return false;
    text.append(buffer.data(), static_cast<std::size_t>(got));
  }
  return true;
}

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

FakeRequest parse_head(const std::string& head) {
  FakeRequest request;
  const std::size_t first = head.find(' ');
  const std::size_t second = head.find(' ', first + 1);
  request.method = head.substr(0, first);
  request.target = head.substr(first + 1, second - first - 1);
  for (std::size_t at = head.find("\r\n") + 2; at < head.size();) {
    const std::size_t end = head.find("\r\n", at);
    const std::string line = head.substr(at, end - at);
    if (const std::size_t colon = line.find(':'); colon != std::string::npos) {
      std::string& value = request.headers[lower(line.substr(0, colon))];
      if (!value.empty()) value += "|";
      value += line.substr(line.find_first_not_of(' ', colon + 1));
    }
    at = end == std::string::npos ? head.size() : end + 2;
  }
  return request;
}

// Takes the body off `rest`, which holds what came after the head.
bool read_body(int connection, FakeRequest& request, std::string rest) {
  if (request.header("transfer-encoding") != "chunked") {
    const std::string length = request.header("content-length");
    const std::size_t size = length.empty() ? 0 : std::stoul(length);
    if (!read_to(connection, rest, size)) return false;
    request.body = rest.substr(0, size);
    return true;
  }
  while (true) {
    std::size_t line = 0;
    while ((line = rest.find("\r\n")) == std::string::npos) {
      if (!read_to(connection, rest, rest.size() + 1)) return false;
    }
    const std::size_t size = std::stoul(rest.substr(0, line), nullptr, 16);
    if (!read_to(connection, rest, line + 2 + size + 2)) return false;
    if (size == 0) return true;
    request.body += rest.substr(line + 2, size);
    rest.erase(0, line + 2 + size + 2);
  }
}

}  // namespace

std::string FakeRequest::header(const std::string& name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? "" : found->second;
}

FakeServer::FakeServer(Handler handler)
    : handler_(std::move(handler)), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* general = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener_, general, size) != 0 || ::listen(listener_, 64) != 0 ||
      ::getsockname(listener_, general, &size) != 0) {
    throw std::runtime_error("no loopback socket");
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { serve(); });
}

FakeServer::~FakeServer() {
  stopping_ = true;
  ::shutdown(listener_, SHUT_RDWR);
  thread_.join();
  ::close(listener_);
}

std::string FakeServer::url() const {
  return "http://127.0.0.1:" + std::to_string(port_);
}

std::vector<FakeRequest> FakeServer::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

std::size_t FakeServer::count(std::string_view method, std::string_view part) const {
  const std::lock_guard lock(mutex_);
  return static_cast<std::size_t>(std::count_if(requests_.begin(), requests_.end(), [&](const FakeRequest& request) {
    return request.method == method && request.target.find(part) != std::string::npos;
  }));
}

void FakeServer::serve() {
  while (!stopping_) {
    const int connection = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection < 0) continue;
    answer(connection);
    ::close(connection);
  }
}

void FakeServer::answer(int connection) {
  std::string text;
  std::size_t end = 0;
  while ((end = text.find("\r\n\r\n")) == std::string::npos) {
    if (!read_to(connection, text, text.size() + 1)) return;
    if (text.front() < 'A' || text.front() > 'Z') return;  // not HTTP, e.g. a TLS handshake
  }
  FakeRequest request = parse_head(text.substr(0, end));
  if (request.header("expect") == "100-continue") {
    constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
    ::send(connection, kContinue.data(), kContinue.size(), MSG_NOSIGNAL);
  }
  if (!read_body(connection, request, text.substr(end + 4))) return;
  {
    const std::lock_guard lock(mutex_);
    requests_.push_back(request);
  }
  const FakeResponse response = handler_(request);
  if (response.status == 0) return;
  std::string out = "HTTP/1.1 " + std::to_string(response.status) + " Fake\r\nConnection: close\r\n";
  for (const auto& [name, value] : response.headers) out += name + ": " + value + "\r\n";
  if (response.status != 204) out += "Content-Length: " + std::to_string(response.body.size()) + "\r\n";
  out += "\r\n";
  if (request.method != "HEAD" && response.status != 204) out += response.body;
  for (std::size_t at = 0; at < out.size();) {
    const ssize_t sent = ::send(connection, out.data() + at, out.size() - at, MSG_NOSIGNAL);
    if (sent <= 0) return;
    at += static_cast<std::size_t>(sent);
  }
}

std::shared_ptr<http::Client> test_client() {
  http::ClientOptions options;
  options.max_retries = 0;
  return std::make_shared<http::Client>(std::move(options));
}

}  // namespace referee::distribution
