#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "referee/http/clock.hpp"
#include "referee/http/credentials.hpp"
#include "referee/http/exchange.hpp"
#include "referee/http/message.hpp"

namespace referee::http {

class Player;
class RecordingWriter;

struct TlsOptions {
  std::string ca_file;             ///< PEM; empty: the system's
  std::string client_certificate;  ///< PEM file
  std::string client_key;          ///< PEM file
  bool insecure = false;           ///< explicit switch: no verification at all
};

enum class Version : std::uint8_t { kAuto, kHttp1, kHttp2 };

struct ClientOptions {
  std::chrono::milliseconds connect_timeout{5000};
  std::chrono::milliseconds first_byte_timeout{15000};
  std::chrono::milliseconds silence_timeout{10000};  ///< no byte in either direction for this long
  std::chrono::milliseconds total_timeout{60000};    ///< one exchange
  std::uint64_t max_header_bytes = 256ULL * 1024;
  std::uint64_t max_body_bytes = 64ULL * 1024 * 1024;
  int max_redirects = 5;
  int max_retries = 3;                               ///< on 429 and 503
  std::chrono::milliseconds max_retry_after{10000};  ///< a longer Retry-After ends in kThrottled at once
  TlsOptions tls;
  Version version = Version::kAuto;
  std::string user_agent = "referee";
  std::shared_ptr<const CredentialStore> credentials;  ///< null: anonymous
  std::shared_ptr<Clock> clock;                        ///< null: the system's
  ExchangeSink sink;                                   ///< may be empty; must not call the client
  /// HOST:PORT to connect to, whatever host a URL names, which keeps its name in requests and certificates. Empty: as
  /// the URLs say.
  std::string connect_to;
  bool proxy_for_loopback = false;  ///< for tests, whose proxies and servers are all on loopback
  /// Polled from the thread in send(), about ten times a second; once true, every exchange ends in kTimeout. May be
  /// empty.
  std::function<bool()> cancelled;
  std::shared_ptr<RecordingWriter> record;  ///< gets every answer; may be null
  /// Answers instead of the network, without waiting: there are no deadlines then. What it has no answer to ends in
  /// kUnrecorded. May be null.
  std::shared_ptr<Player> replay;
};

/// One of many requests that are in flight at once.
struct Flight {
  Request request;
  std::function<void(Result result)> landed;
};

/// An HTTP client that keeps connections open, authenticates (Basic, Bearer token flow), follows redirects without
/// carrying Authorization to another host, and records each exchange. HTTP proxies come from the usual environment
/// variables, and errors name them; loopback is always spoken to directly. Thread-safe: send() may be called from many
/// threads; each call blocks its own.
///
/// Redirects: 301, 302, 307 and 308 keep method and body, POST included, because an upload that becomes a GET is lost;
/// 303 becomes GET. Authorization, Cookie and credentials go only to the scheme, host and port of the request. A 401 is
/// a response, not an error, once there is nothing better to send. The first client makes the process ignore SIGPIPE,
/// unless a handler is set, since OpenSSL writes to closed sockets.
class Client {
 public:
  explicit Client(ClientOptions options);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  Result send(const Request& request);

  /// Sends what `next` gives, at most `most` at a time, until it gives nothing and everything has been answered; then
  /// returns. Each answer is what send() would give; it is told to `landed` from this thread, which may make `next`
  /// give more. Transcripts show the headers that were asked for instead of those that went out.
  void fly(std::size_t most, const std::function<std::optional<Flight>()>& next);

  /// The Authorization that such a request would carry without being asked for it again: what a server took before, for
  /// this origin and these scopes. A secret, for who sends requests by other means. nullopt if there is none.
  [[nodiscard]] std::optional<std::string> authorization(const Request& request);

  /// Neither records nor replays what goes to this host[:port]: a server that the caller itself has started.
  void leave_out(std::string_view authority);

  /// Every later exchange must end before this instant; kTimeout after it. nullopt lifts the limit.
  void set_deadline(std::optional<std::chrono::steady_clock::time_point> deadline);

  /// How often it has waited so far because a server asked for it (429 and 503).
  [[nodiscard]] std::size_t waits() const;

  /// Number of exchanges recorded so far.
  [[nodiscard]] std::size_t exchanges() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace referee::http
