#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

namespace referee::signing {

/// ECDSA on P-256 with SHA-256, signatures in DER; or Ed25519 (RFC 8032, the pure form, not Ed25519ph).
enum class KeyType : std::uint8_t { kEcdsaP256, kEd25519 };

/// "ECDSA P-256" or "Ed25519".
std::string_view name(KeyType type);

/// A public key: an immutable value that threads may share and copy.
class PublicKey {
 public:
  /// One PEM block `PUBLIC KEY` (SPKI, RFC 5280; P-256 with an uncompressed point), at most 16 KiB. Anything else is
  /// refused with one line that says what to do.
  static tl::expected<PublicKey, std::string> from_pem(std::string_view text);
  /// The same from the block's DER bytes.
  static tl::expected<PublicKey, std::string> from_spki(std::string_view der);

  [[nodiscard]] KeyType type() const;
  /// DER bytes; the same key has the same bytes.
  [[nodiscard]] const std::string& spki() const;
  /// The SHA-256 digest of spki(): `sha256:<hex>`.
  [[nodiscard]] const std::string& id() const;
  [[nodiscard]] std::string pem() const;
  /// False for whatever is not this key's signature of exactly these bytes. Thread-safe.
  [[nodiscard]] bool verify(std::string_view message, std::string_view signature) const;
  /// Makes now what otherwise a thousand checks with an ECDSA key lead to: a table, kept by the program for this key
  /// and its copies, with which a check takes about half the time. Thread-safe.
  void expect_many() const;

 private:
  struct State;
  explicit PublicKey(std::shared_ptr<const State> state) : state_(std::move(state)) {}
  [[nodiscard]] std::string_view point() const;
  [[nodiscard]] bool verify_ecdsa(std::string_view message, std::string_view signature) const;
  std::shared_ptr<const State> state_;
};

/// A private key: an immutable value that threads may share and copy. Its bytes are wiped with the last copy. Meant for
/// test content: nothing here is hardened against someone who measures time on the same machine.
class PrivateKey {
 public:
  /// One PEM block `PRIVATE KEY` (PKCS#8, RFC 5208, without a password), at most 16 KiB. Anything else is refused with
  /// one line that says what to do; no line holds a part of the key.
  static tl::expected<PrivateKey, std::string> from_pem(std::string_view text);
  /// The same seed, label and type give the same key in every build. Whoever knows the seed knows the key.
  static PrivateKey from_seed(KeyType type, std::uint64_t seed, std::string_view label = "");

  [[nodiscard]] KeyType type() const;
  [[nodiscard]] const PublicKey& public_key() const;
  /// Byte for byte the same for the same key.
  [[nodiscard]] std::string pem() const;
  /// Deterministic: Ed25519 by itself, ECDSA by RFC 6979. Thread-safe.
  [[nodiscard]] std::string sign(std::string_view message) const;

 private:
  struct State;
  explicit PrivateKey(std::shared_ptr<const State> state) : state_(std::move(state)) {}
  static tl::expected<PrivateKey, std::string> from_secret(KeyType type, std::string secret);
  std::shared_ptr<const State> state_;
};

}  // namespace referee::signing
