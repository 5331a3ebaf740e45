#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/err.h>

#include <array>
#include <stdexcept>

#include "ecdsa.hpp"
#include "pem.hpp"
#include "public_key.hpp"
#include "referee/oci/random.hpp"

namespace referee::signing {

struct PrivateKey::State {
  State(std::string own, PublicKey half) : secret(std::move(own)), public_key(std::move(half)) {}
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() { OPENSSL_cleanse(secret.data(), secret.size()); }

  std::string secret;  ///< 32 bytes
  PublicKey public_key;
};

namespace {

constexpr std::size_t kSecretSize = 32;
// PKCS#8 around the secret (RFC 5915 and RFC 8410), constant for these two types.
constexpr std::string_view kP256Before(
    "\x30\x81\x87\x02\x01\x00\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07\x04"
    "\x6d\x30\x6b\x02\x01\x01\x04\x20",
    36);
constexpr std::string_view kP256Between("\xa1\x44\x03\x42\x00", 5);
constexpr std::string_view kEd25519Before("\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20", 16);
constexpr std::size_t kPointSize = 65;

EvpKey ed25519_key(std::string_view secret) {
  EvpKey key(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, octets(secret), secret.size()));
  if (!key) throw std::runtime_error("OpenSSL offers no Ed25519");
  return key;
}

std::string ed25519_point(std::string_view secret) {
  std::string point(kSecretSize, '\0');
  std::size_t size = point.size();
  if (EVP_PKEY_get_raw_public_key(ed25519_key(secret).get(), octets(point), &size) != 1 || size != kSecretSize) {
    throw std::runtime_error("OpenSSL gives no Ed25519 public key");
  }
  return point;
}

std::string ed25519_sign(std::string_view secret, std::string_view message) {
  const EvpContext context(EVP_MD_CTX_new());
  std::string signature(64, '\0');
  std::size_t size = signature.size();
  const auto key = ed25519_key(secret);
  if (!context || EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key.get()) != 1 ||
      EVP_DigestSign(context.get(), octets(signature), &size, octets(message), message.size()) != 1) {
    throw std::runtime_error("OpenSSL cannot sign with Ed25519");
  }
  return signature;
}

EvpKey read_pkcs8(std::string_view der) {
  const unsigned char* at = octets(der);
  const Pkcs8Info info(d2i_PKCS8_PRIV_KEY_INFO(nullptr, &at, static_cast<long>(der.size())));
  EvpKey key(info && at == octets(der) + der.size() ? EVP_PKCS82PKEY(info.get()) : nullptr);
  ERR_clear_error();
  return key;
}

bool on_p256(const EVP_PKEY* key) {
  std::array<char, 64> group{};
  std::size_t size = 0;
  return EVP_PKEY_get_group_name(key, group.data(), group.size(), &size) == 1 &&
         std::string_view(group.data(), size) == "prime256v1";
}

/// Empty if the key holds none.
std::string secret_of(const EVP_PKEY* key, KeyType type) {
  std::string secret(kSecretSize, '\0');
  if (type == KeyType::kEd25519) {
    std::size_t size = secret.size();
    return EVP_PKEY_get_raw_private_key(key, octets(secret), &size) == 1 && size == kSecretSize ? secret : "";
  }
  BIGNUM* found = nullptr;
  if (EVP_PKEY_get_bn_param(key, "priv", &found) != 1) return "";
  const Bignum number(found);
  return BN_bn2binpad(number.get(), octets(secret), kSecretSize) == static_cast<int>(kSecretSize) ? secret : "";
}

/// Whether a P-256 key names the public half that belongs to its secret.
bool halves_match(const EVP_PKEY* key, std::string_view secret) {
  std::array<unsigned char, kPointSize + 1> stated{};
  std::size_t size = 0;
  if (EVP_PKEY_get_octet_string_param(key, "encoded-pub-key", stated.data(), stated.size(), &size) != 1) return false;
  return size == kPointSize &&
         std::string_view(reinterpret_cast<const char*>(stated.data()), size) == ecdsa::public_point(secret);
}

}  // namespace

tl::expected<PrivateKey, std::string> PrivateKey::from_secret(KeyType type, std::string secret) {
  const bool p256 = type == KeyType::kEcdsaP256;
  if (p256 && !ecdsa::is_secret(secret)) return tl::unexpected(std::string("the private key is damaged: out of range"));
  auto half = PublicKey::from_spki(spki_of(type, p256 ? ecdsa::public_point(secret) : ed25519_point(secret)));
  if (!half) return tl::unexpected("the private key's other half " + half.error());
  return PrivateKey(std::make_shared<const State>(std::move(secret), std::move(*half)));
}

tl::expected<PrivateKey, std::string> PrivateKey::from_pem(std::string_view text) {
  const auto block = read_pem(text);
  if (!block) return tl::unexpected("the private key " + block.error());
  if (block->label != "PRIVATE KEY") return tl::unexpected("the private key " + private_label_advice(block->label));
  const auto key = read_pkcs8(block->der);
  if (!key) return tl::unexpected(std::string("the private key is damaged: not PKCS#8"));
  const bool p256 = EVP_PKEY_is_a(key.get(), "EC") == 1 && on_p256(key.get());
  if (!p256 && EVP_PKEY_is_a(key.get(), "ED25519") != 1) {
    return tl::unexpected(
        fmt::format("the private key is {}: only ECDSA P-256 and Ed25519 can be used", describe(key.get())));
  }
  const auto type = p256 ? KeyType::kEcdsaP256 : KeyType::kEd25519;
  auto secret = secret_of(key.get(), type);
  if (secret.empty()) return tl::unexpected(std::string("the private key is damaged: it holds no secret"));
  if (p256 && ecdsa::is_secret(secret) && !halves_match(key.get(), secret)) {
    return tl::unexpected(std::string("the private key is damaged: its public half belongs to another key"));
  }
  return from_secret(type, std::move(secret));
}

PrivateKey PrivateKey::from_seed(KeyType type, std::uint64_t seed, std::string_view label) {
  oci::Random random(seed, "signing key/" + std::string(name(type)) + "/" + std::string(label));
  for (;;) {
    if (auto key = from_secret(type, random.bytes(kSecretSize))) return std::move(*key);
  }
}

KeyType PrivateKey::type() const {
  return public_key().type();
}

const PublicKey& PrivateKey::public_key() const {
  return state_->public_key;
}

std::string PrivateKey::pem() const {
  if (type() == KeyType::kEd25519) return write_pem("PRIVATE KEY", std::string(kEd25519Before) + state_->secret);
  return write_pem("PRIVATE KEY", std::string(kP256Before) + state_->secret + std::string(kP256Between) +
                                      ecdsa::public_point(state_->secret));
}

std::string PrivateKey::sign(std::string_view message) const {
  return type() == KeyType::kEd25519 ? ed25519_sign(state_->secret, message) : ecdsa::sign(state_->secret, message);
}

}  // namespace referee::signing
