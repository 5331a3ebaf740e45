#pragma once

#include <openssl/ssl.h>

#include <filesystem>
#include <memory>
#include <string>

namespace referee::http::test {

/// A throw-away certificate authority with a server (127.0.0.1) and a client certificate, as PEM files in a folder of
/// its own.
class Certificates {
 public:
  Certificates();
  ~Certificates();
  Certificates(const Certificates&) = delete;
  Certificates& operator=(const Certificates&) = delete;

  [[nodiscard]] std::string file(const std::string& name) const {
    return folder_ / name;
  }  ///< ca.pem, client.pem, client.key

  /// A server context; with `demand_client` only clients with a certificate of this authority get in.
  [[nodiscard]] std::shared_ptr<SSL_CTX> server(bool demand_client = false) const;

 private:
  std::filesystem::path folder_;
};

}  // namespace referee::http::test
