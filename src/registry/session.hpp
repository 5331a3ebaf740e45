#pragma once

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <functional>

#include "referee/registry/server.hpp"
#include "transaction.hpp"

namespace referee::registry {

/// What all connections of a server share; outlives them.
struct SessionContext {
  Core& core;
  std::chrono::microseconds delay;
  std::chrono::milliseconds idle_timeout;
  std::function<void(const AccessRecord&)> access_log;
  bool control = false;                 ///< of the control port
  std::atomic<std::size_t> pending{0};  ///< requests that have begun and are not in the log
};

/// Serves one connection until it ends. Runs on the socket's executor, which must be one thread's.
boost::asio::awaitable<void> serve_connection(boost::asio::ip::tcp::socket socket, SessionContext& context);

}  // namespace referee::registry
