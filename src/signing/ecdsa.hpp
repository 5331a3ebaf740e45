#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace referee::signing::ecdsa {

/// P-256. Secrets are 32 bytes, big-endian, from 1 to the group's order minus 1.
bool is_secret(std::string_view secret);

/// 65 bytes: 0x04, x, y. `secret` must be one.
std::string public_point(std::string_view secret);

/// The nonces of RFC 6979, section 3.2, with SHA-256, one after the other: 32 bytes each.
class Nonces {
 public:
  Nonces(std::string_view secret, std::string_view message_hash);
  Nonces(const Nonces&) = delete;
  Nonces& operator=(const Nonces&) = delete;
  ~Nonces();
  std::string next();

 private:
  void update(std::string_view tail);
  std::string key_;
  std::string value_;
  bool used_ = false;
};

/// The DER signature (RFC 3279, 2.2.3) of the message's SHA-256.
std::string sign(std::string_view secret, std::string_view message);

}  // namespace referee::signing::ecdsa
