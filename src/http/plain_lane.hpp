#pragma once

#include <netinet/in.h>

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "plain_connection.hpp"
#include "transfer.hpp"

namespace referee::http {

/// The short way of a Fleet: GETs in plain HTTP/1.1 to an IPv4 address or localhost, which cost a third of what they
/// cost through libcurl. What is not an answer as RFC 9112 has it is to be sent again, through libcurl, which judges
/// it, and whoever answered like that is left to libcurl from then on; unless some of its body has gone to its
/// destination already, which ends in an error. One thread.
class PlainLane {
 public:
  /// `again`: it may be sent once more, since nothing was answered on a kept connection, or nothing that is read here.
  using Landed = std::function<void(const WireRequest& request, WireResult result, bool again)>;

  /// What has ended, in order.
  struct Landing {
    WireRequest request;
    Landed landed;
    std::optional<WireResult> result;  ///< nullopt: it is for libcurl to send
    bool again = false;                ///< it may be sent once more: the result says why
  };

  /// Its connections tell the epoll their number, with kMark.
  static constexpr std::uint64_t kMark = std::uint64_t{1} << 63U;

  PlainLane(const ClientOptions& options, int epoll);
  ~PlainLane();
  PlainLane(const PlainLane&) = delete;
  PlainLane& operator=(const PlainLane&) = delete;

  /// Where the request would go this way; nullopt: it is not for this way.
  std::optional<sockaddr_in> way(const WireRequest& request);
  void launch(WireRequest request, Landed landed, const sockaddr_in& peer);
  /// Connections at most, to all peers together, for what is launched from now on.
  void limit_connections(std::size_t most) { most_ = most; }
  /// Takes up what the epoll told of the connection with this name.
  void ready(std::uint64_t name, std::uint32_t events);
  /// Reads on where more was there than one turn reads.
  void resume();
  /// Ends what has taken too long.
  void expire(PlainConnection::Instant now, bool cancelled);
  [[nodiscard]] std::vector<Landing> take_landings();
  /// Whether there is something to do without waiting.
  [[nodiscard]] bool is_busy() const { return !landings_.empty() || !unread_.empty(); }

 private:
  struct Run;

  void send(Run& run, WireRequest request, Landed landed);
  Run* free_run(const sockaddr_in& peer);
  void leave_out(const sockaddr_in& peer);
  void take(Run& run, PlainConnection::State state);
  /// `whole`: the connection has said all of its answer.
  void land(Run& run, std::optional<WireResult> result, bool whole, bool again = false);
  [[nodiscard]] std::optional<sockaddr_in> find_way(const std::string& url, std::string_view& front) const;
  /// All but the body.
  [[nodiscard]] WireResult seen(const Run& run) const;
  [[nodiscard]] WireResult whole(const Run& run) const;
  [[nodiscard]] WireResult failed(const Run& run, Error error) const;
  [[nodiscard]] std::optional<Error> late(Run& run, PlainConnection::Instant now, bool cancelled) const;
  /// Those that libcurl's answers have to keep.
  [[nodiscard]] bool keeps_limits(const AnswerParser& answer) const;

  struct Waiting {
    WireRequest request;
    Landed landed;
    sockaddr_in peer;
  };

  const ClientOptions& options_;
  int epoll_;
  std::size_t most_ = 1;
  std::vector<std::unique_ptr<Run>> runs_;  ///< by the names of their connections
  std::vector<Run*> idle_;
  std::vector<Run*> unread_;
  std::deque<Waiting> waiting_;
  std::vector<Landing> landings_;
  std::set<std::pair<std::uint32_t, std::uint16_t>> odd_;  ///< peers that are left to libcurl
  std::string last_front_;                                 ///< of a URL, up to and with the slash of its path
  std::optional<sockaddr_in> last_way_;
};

}  // namespace referee::http
