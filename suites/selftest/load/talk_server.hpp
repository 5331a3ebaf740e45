#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace referee::selftest {

/// One connection of a client, on the server's side. Blocking; every wait ends when the server does.
class Talk {
 public:
  explicit Talk(int socket) : socket_(socket) {}
  /// The next request's head with the body that its Content-Length names; empty once the client is gone.
  std::string request();
  /// False once the client is gone.
  bool say(std::string_view bytes);
  /// Waits until the client or the server ends.
  void hang();

 private:
  int socket_;
  std::string buffer_;
};

/// A server on 127.0.0.1 that does with each connection what it is told, each on a thread of its own.
class TalkServer {
 public:
  /// `number` counts connections from 0. The connection ends when this returns.
  using Script = std::function<void(Talk& talk, int number)>;
  explicit TalkServer(Script script);
  ~TalkServer();
  TalkServer(const TalkServer&) = delete;
  TalkServer& operator=(const TalkServer&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] int connections() const { return connections_; }

 private:
  void accept();

  Script script_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<int> connections_{0};
  std::mutex mutex_;
  std::list<int> sockets_;
  std::list<std::thread> threads_;
  std::thread acceptor_;
};

}  // namespace referee::selftest
