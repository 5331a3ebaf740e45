#include "ecdsa.hpp"

#include <openssl/crypto.h>
#include <openssl/hmac.h>
#include <openssl/obj_mac.h>
#include <openssl/sha.h>

#include <new>
#include <stdexcept>

#include "ossl.hpp"

namespace referee::signing::ecdsa {
namespace {

constexpr std::size_t kWidth = 32;

void must(bool done) {
  if (!done) throw std::runtime_error("OpenSSL cannot compute on P-256");
}

const EC_GROUP* p256_group() {
  static const EC_GROUP* const kGroup = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
  must(kGroup != nullptr);
  return kGroup;
}

const BIGNUM* p256_order() {
  return EC_GROUP_get0_order(p256_group());
}

Bignum number(std::string_view bytes) {
  Bignum value(BN_bin2bn(octets(bytes), static_cast<int>(bytes.size()), nullptr));
  must(value != nullptr);
  BN_set_flags(value.get(), BN_FLG_CONSTTIME);
  return value;
}

std::string bytes_of(const BIGNUM* value) {
  std::string bytes(kWidth, '\0');
  must(BN_bn2binpad(value, octets(bytes), kWidth) == static_cast<int>(kWidth));
  return bytes;
}

std::string hmac(std::string_view key, std::string_view message) {
  std::string mac(kWidth, '\0');
  unsigned int size = 0;
  must(HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), octets(message), message.size(), octets(mac),
            &size) != nullptr &&
       size == kWidth);
  return mac;
}

std::string sha256(std::string_view message) {
  std::string hash(kWidth, '\0');
  must(EVP_Digest(message.data(), message.size(), octets(hash), nullptr, EVP_sha256(), nullptr) == 1);
  return hash;
}

struct Parts {
  Bignum r;
  Bignum s;
};

/// FIPS 186-4, 6.4, for one nonce.
Parts parts(const BIGNUM* secret, const BIGNUM* hash, const BIGNUM* nonce, BN_CTX* context) {
  const BIGNUM* order = p256_order();
  Parts made{Bignum(BN_new()), Bignum(BN_new())};
  const Point point(EC_POINT_new(p256_group()));
  must(made.r && made.s && point);
  must(EC_POINT_mul(p256_group(), point.get(), nonce, nullptr, nullptr, context) == 1);
  must(EC_POINT_get_affine_coordinates(p256_group(), point.get(), made.r.get(), nullptr, context) == 1);
  must(BN_nnmod(made.r.get(), made.r.get(), order, context) == 1);
  const Bignum inverse(BN_mod_inverse(nullptr, nonce, order, context));
  must(inverse != nullptr);
  must(BN_mod_mul(made.s.get(), made.r.get(), secret, order, context) == 1);
  must(BN_mod_add(made.s.get(), made.s.get(), hash, order, context) == 1);
  must(BN_mod_mul(made.s.get(), made.s.get(), inverse.get(), order, context) == 1);
  return made;
}

std::string der_of(Parts made) {
  const EcdsaSignature signature(ECDSA_SIG_new());
  must(signature && ECDSA_SIG_set0(signature.get(), made.r.get(), made.s.get()) == 1);
  (void)made.r.release();  // set0 took them
  (void)made.s.release();
  const int size = i2d_ECDSA_SIG(signature.get(), nullptr);
  must(size > 0);
  std::string der(static_cast<std::size_t>(size), '\0');
  unsigned char* out = octets(der);
  must(i2d_ECDSA_SIG(signature.get(), &out) == size);
  return der;
}

}  // namespace

bool is_secret(std::string_view secret) {
  if (secret.size() != kWidth) return false;
  const auto value = number(secret);
  return !BN_is_zero(value.get()) && BN_cmp(value.get(), p256_order()) < 0;
}

std::string public_point(std::string_view secret) {
  const BignumContext context(BN_CTX_secure_new());
  const Point point(EC_POINT_new(p256_group()));
  must(context && point);
  must(EC_POINT_mul(p256_group(), point.get(), number(secret).get(), nullptr, nullptr, context.get()) == 1);
  std::string bytes(1 + 2 * kWidth, '\0');
  must(EC_POINT_point2oct(p256_group(), point.get(), POINT_CONVERSION_UNCOMPRESSED, octets(bytes), bytes.size(),
                          context.get()) == bytes.size());
  return bytes;
}

Nonces::Nonces(std::string_view secret, std::string_view message_hash) : key_(kWidth, '\0'), value_(kWidth, '\1') {
  // bits2octets: hash and order are both of 256 bits, so that one subtraction reduces.
  auto reduced = number(message_hash);
  if (BN_cmp(reduced.get(), p256_order()) >= 0) must(BN_sub(reduced.get(), reduced.get(), p256_order()) == 1);
  auto seed = std::string(secret) + bytes_of(reduced.get());
  update(std::string(1, '\0') + seed);
  update(std::string(1, '\1') + seed);
  OPENSSL_cleanse(seed.data(), seed.size());
}

Nonces::~Nonces() {
  OPENSSL_cleanse(key_.data(), key_.size());
  OPENSSL_cleanse(value_.data(), value_.size());
}

void Nonces::update(std::string_view tail) {
  auto material = value_ + std::string(tail);
  key_ = hmac(key_, material);
  OPENSSL_cleanse(material.data(), material.size());
  value_ = hmac(key_, value_);
}

std::string Nonces::next() {
  do {
    if (used_) update(std::string_view("\0", 1));
    value_ = hmac(key_, value_);
    used_ = true;
  } while (!is_secret(value_));
  return value_;
}

std::string sign(std::string_view secret, std::string_view message) {
  const auto message_hash = sha256(message);
  const auto hash = number(message_hash);
  const auto key = number(secret);
  const BignumContext context(BN_CTX_secure_new());
  must(context != nullptr);
  Nonces nonces(secret, message_hash);
  for (;;) {
    auto made = parts(key.get(), hash.get(), number(nonces.next()).get(), context.get());
    if (!BN_is_zero(made.r.get()) && !BN_is_zero(made.s.get())) return der_of(std::move(made));
  }
}

}  // namespace referee::signing::ecdsa
