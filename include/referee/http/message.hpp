#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

namespace referee::http {

/// Header fields in the order they were sent or received; names compare case-insensitively (RFC 9110, section 5.1).
class Headers {
 public:
  Headers() = default;
  Headers(std::initializer_list<std::pair<std::string, std::string>> fields) : fields_(fields) {}

  void reserve(std::size_t count) { fields_.reserve(count); }
  void add(std::string name, std::string value) { fields_.emplace_back(std::move(name), std::move(value)); }
  /// Replaces every field of that name by one.
  void set(std::string_view name, std::string value);
  void remove(std::string_view name);
  /// The first field of that name.
  [[nodiscard]] std::optional<std::string> get(std::string_view name) const;
  [[nodiscard]] std::vector<std::string> all(std::string_view name) const;
  [[nodiscard]] bool has(std::string_view name) const { return get(name).has_value(); }
  [[nodiscard]] auto begin() const { return fields_.begin(); }
  [[nodiscard]] auto end() const { return fields_.end(); }
  [[nodiscard]] std::size_t size() const { return fields_.size(); }

 private:
  std::vector<std::pair<std::string, std::string>> fields_;
};

/// ASCII case-insensitive equality of header names and tokens.
bool iequals(std::string_view a, std::string_view b);

/// A destination for a body; false: it wants no more.
using BodySink = std::function<bool(std::string_view piece)>;

/// A destination that has room of its own for what comes, which saves a copy.
class BodyRoom {
 public:
  BodyRoom() = default;
  virtual ~BodyRoom() = default;
  BodyRoom(const BodyRoom&) = delete;
  BodyRoom& operator=(const BodyRoom&) = delete;

  /// Where the next bytes go; never empty. Stays until came() is called.
  virtual std::span<char> room() = 0;
  /// So many came there. False: it wants no more.
  virtual bool came(std::size_t bytes) = 0;
};

struct Request {
  std::string method = "GET";
  std::string url;  ///< absolute
  Headers headers;
  std::string body;
  bool has_body = false;  ///< an empty body with Content-Length: 0 is a body
  bool chunked = false;   ///< Transfer-Encoding: chunked instead of a Content-Length (HTTP/1.1)
  /// Sends this Content-Length instead of the body's own, to lie about the size. The connection is not reused.
  std::optional<std::uint64_t> claimed_length;
  /// Token scopes that the request needs, e.g. `repository:a/b:pull,push`; used when a Bearer challenge names none or
  /// fewer.
  std::vector<std::string> scopes;
  bool follow_redirects = true;
  bool authenticate = true;                ///< false: no credentials, even if known
  bool retry = true;                       ///< false: 429 and 503 are returned as they are
  std::optional<std::uint64_t> max_body;   ///< overrides the client's cap, bytes; with `into` only for what goes there
  std::chrono::milliseconds more_time{0};  ///< that the whole exchange may take beyond the client's limit
  /// Takes the body of a 2xx answer piece by piece, in order, from the thread that sends; Response::body stays empty.
  /// false ends the exchange in kAbandoned. After an error, what it was given is not the whole body. May be empty.
  BodySink into;
  /// The same destination as `into`, which it cannot do without: where bytes can be read straight into it, they are.
  /// Such a request goes as Client::fly() sends it. Not owned; null: there is no such room.
  BodyRoom* room = nullptr;
};

struct Response {
  int status = 0;
  Headers headers;
  std::string body;
  std::uint64_t body_bytes = 0;  ///< size of the body, wherever it went
  std::string url;               ///< after redirects
  std::string version;           ///< "1.1" or "2"
  std::size_t exchange = 0;      ///< number of the Exchange that brought it, for evidence

  [[nodiscard]] std::optional<std::string> header(std::string_view name) const { return headers.get(name); }
};

/// Why there is no response. Everything here makes a check `inconclusive` (after retries), never a crash.
enum class ErrorKind : std::uint8_t {
  kResolve,     ///< host name unknown
  kConnect,     ///< refused, unreachable, connect time-out
  kTls,         ///< handshake or certificate
  kTimeout,     ///< first byte, silence or whole exchange; the check's deadline; cancelled
  kTooLarge,    ///< header or body above the cap
  kProtocol,    ///< not HTTP, truncated, length mismatch, connection lost
  kRedirect,    ///< too many, or to a scheme that is not HTTP(S)
  kAuth,        ///< credentials refused or token server failed
  kThrottled,   ///< 429/503 beyond the retry budget
  kUsage,       ///< the request itself cannot be sent (bad URL)
  kAbandoned,   ///< Request::into wanted no more
  kUnrecorded,  ///< ClientOptions::replay has no answer to it: nothing was sent
};

std::string_view name(ErrorKind kind);

struct Error {
  ErrorKind kind = ErrorKind::kProtocol;
  std::string message;      ///< one line, no secrets: what happened and with which host
  bool spoke_http = false;  ///< a status line had come
};

using Result = tl::expected<Response, Error>;

}  // namespace referee::http
