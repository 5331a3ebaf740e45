#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "referee/oci/digest.hpp"
#include "referee/signing/key.hpp"

namespace referee::signing {

inline constexpr std::uint64_t kSeed = 7;

inline PrivateKey p256_key(std::string_view label = "") {
  return PrivateKey::from_seed(KeyType::kEcdsaP256, kSeed, label);
}
inline PrivateKey ed25519_key_of_seed(std::string_view label = "") {
  return PrivateKey::from_seed(KeyType::kEd25519, kSeed, label);
}

/// The image that most tests sign.
inline oci::Digest image_digest() {
  return oci::Digest::of("an image");
}

std::string from_hex(std::string_view hex);
std::string to_hex(std::string_view bytes);

/// Compares with fixtures/golden/signing/NAME; REFEREE_UPDATE_GOLDEN=1 writes it.
void expect_golden(const std::string& name, const std::string& text);

/// What a command of the shell prints on both streams, and its exit status in front: `0 Verified OK`.
std::string shell(const std::string& command);

/// A folder that goes with the object.
class Folder {
 public:
  Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder();
  /// Writes a file and gives its path.
  [[nodiscard]] std::string write(std::string_view file, std::string_view bytes) const;
  [[nodiscard]] std::string read(std::string_view file) const;
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace referee::signing
