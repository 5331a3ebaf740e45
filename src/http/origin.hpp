#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace referee::http {

/// Where a URL points, as libcurl itself reads it: what is compared is what is connected to.
struct Origin {
  std::string scheme;  ///< "http" or "https"
  std::string host;    ///< lower case; IPv6 in brackets
  std::string port;    ///< always present, the scheme's default if the URL names none
  bool explicit_port = false;
  bool userinfo = false;  ///< the URL carries a user name or password

  /// `host` or `host:port`, the latter when the URL names a port.
  [[nodiscard]] std::string authority() const;
  [[nodiscard]] bool secure() const { return scheme == "https"; }
  /// localhost, 127.0.0.0/8 or ::1.
  [[nodiscard]] bool loopback() const;
  /// The same scheme, host and port: the only place where credentials may go.
  [[nodiscard]] bool same(const Origin& other) const {
    return scheme == other.scheme && host == other.host && port == other.port;
  }
};

/// nullopt: not an absolute URL with a host, or with bytes that no URL may hold (controls, space). The scheme may be
/// any.
std::optional<Origin> parse_origin(std::string_view url);

/// The URL without its user name, password and fragment.
std::string without_userinfo(std::string_view url);

}  // namespace referee::http
