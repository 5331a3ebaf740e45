#pragma once

#include <curl/curl.h>

#include <functional>
#include <memory>
#include <vector>

#include "easy_handle.hpp"
#include "plain_lane.hpp"

namespace referee::http {

/// Many requests in flight at once on connections that are kept: multiplexed over HTTP/2, pooled over HTTP/1.1. Driven
/// by the caller's thread through libcurl's socket interface, whose cost does not grow with what is in flight; what is
/// simple takes the PlainLane. One thread at a time.
class Fleet {
 public:
  using Landed = PlainLane::Landed;

  explicit Fleet(const ClientOptions& options);
  ~Fleet();
  Fleet(const Fleet&) = delete;
  Fleet& operator=(const Fleet&) = delete;

  /// Connections to one host at most, for what is launched from now on.
  void limit_connections(std::size_t most);
  /// Starts a request; `landed` is called from turn(), and gets it back.
  void launch(WireRequest request, Landed landed);
  [[nodiscard]] std::size_t in_flight() const { return in_flight_; }
  /// Waits until something happens, at most a twentieth of a second, and calls those that have landed, which may launch
  /// more.
  void turn();

 private:
  struct Sortie;
  struct MultiDeleter {
    void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
  };

  static int on_socket(CURL* easy, curl_socket_t socket, int what, void* self, void* known);
  static int on_timer(CURLM* multi, long milliseconds, void* self);
  void launch_by_libcurl(WireRequest request, Landed landed);
  void poll();
  void collect();
  void expire();
  void end(Sortie& sortie, std::optional<Error> error);

  const ClientOptions& options_;
  int epoll_ = -1;
  std::unique_ptr<CURLM, MultiDeleter> multi_;
  std::vector<std::unique_ptr<Sortie>> sorties_;  // destroyed before the multi handle
  std::vector<Sortie*> idle_;
  std::vector<Sortie*> done_;
  PlainLane lane_;
  std::size_t in_flight_ = 0;
  std::chrono::steady_clock::time_point timer_ = std::chrono::steady_clock::time_point::max();
  std::chrono::steady_clock::time_point next_look_;
};

}  // namespace referee::http
