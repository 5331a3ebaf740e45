#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace referee::selftest {

using Fields = std::vector<std::pair<std::string, std::string>>;

struct Reply {
  int status = 0;  ///< 0: the connection ended without an answer
  Fields fields;
  std::string body;

  [[nodiscard]] std::string header(std::string_view name) const;
  [[nodiscard]] bool has(std::string_view name) const;
};

/// A plain HTTP/1.1 connection on which anything can be sent. Blocking; every wait ends after 20 s.
class RawConnection {
 public:
  explicit RawConnection(std::uint16_t port);
  ~RawConnection();
  RawConnection(const RawConnection&) = delete;
  RawConnection& operator=(const RawConnection&) = delete;

  /// False once the peer is gone.
  bool send(std::string_view bytes);
  /// The next answer; 1xx answers are returned too. `head`: no body follows.
  Reply receive(bool head = false);
  /// True if the peer closes without another byte.
  bool closed();

 private:
  bool fill();

  int socket_ = -1;
  std::string buffer_;
};

/// Requests one after the other on one connection, which is opened again when the server closes it.
class RawClient {
 public:
  explicit RawClient(std::uint16_t port) : port_(port) {}

  Reply request(std::string_view method, std::string_view target, const Fields& fields = {},
                const std::optional<std::string>& body = std::nullopt);
  Reply get(std::string_view target, const Fields& fields = {}) { return request("GET", target, fields); }

 private:
  std::uint16_t port_;
  std::unique_ptr<RawConnection> connection_;
};

}  // namespace referee::selftest
