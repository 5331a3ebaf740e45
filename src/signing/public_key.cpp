#include "public_key.hpp"

#include <fmt/format.h>
#include <openssl/err.h>

#include <array>
#include <new>

#include "pem.hpp"
#include "referee/oci/digest.hpp"

namespace referee::signing {
namespace {

// SubjectPublicKeyInfo up to the key's own bytes: for these two types it is constant, so that one key has one encoding.
constexpr std::string_view kP256Head(
    "\x30\x59\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07\x03\x42\x00", 26);
constexpr std::string_view kEd25519Head("\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00", 12);
constexpr std::size_t kP256Size = 91;
constexpr std::size_t kEd25519Size = 44;

EvpKey read_spki(std::string_view der) {
  const unsigned char* at = octets(der);
  EvpKey key(d2i_PUBKEY(nullptr, &at, static_cast<long>(der.size())));
  ERR_clear_error();
  if (key && at != octets(der) + der.size()) return nullptr;
  return key;
}

/// Fetched once: looking an algorithm up costs as much as a verification.
const EVP_MD* sha256() {
  static const EVP_MD* const kMethod = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  return kMethod;
}

/// Setting up takes a tenth of the time of a verification and a lock that all threads share: each thread keeps what it
/// has for the key that it saw last.
template <class State>
EVP_PKEY_CTX* verification_with(const std::shared_ptr<const State>& key) {
  struct Prepared {
    std::shared_ptr<const State> key;
    EvpKeyContext context;
  };
  thread_local Prepared prepared;
  if (prepared.key != key) {
    prepared = {key, EvpKeyContext(EVP_PKEY_CTX_new_from_pkey(nullptr, key->key.get(), nullptr))};
    if (!prepared.context || EVP_PKEY_verify_init(prepared.context.get()) != 1) {
      prepared = {};
      throw std::bad_alloc();
    }
  }
  return prepared.context.get();
}

bool verify_ed25519(EVP_PKEY* key, std::string_view message, std::string_view signature) {
  const EvpContext context(EVP_MD_CTX_new());
  if (!context) throw std::bad_alloc();
  return EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key) == 1 &&
         EVP_DigestVerify(context.get(), octets(signature), signature.size(), octets(message), message.size()) == 1;
}

std::string refusal_of(const EVP_PKEY* key) {
  if (key == nullptr) return "holds no public key that OpenSSL can read";
  if (EVP_PKEY_is_a(key, "EC") == 1 && EVP_PKEY_get_bits(key) == 256) {
    return "is an EC key in another encoding or on another curve: give P-256 with `openssl ec -pubin -in KEY "
           "-param_enc named_curve -conv_form uncompressed -pubout`";
  }
  return fmt::format("is {}: only ECDSA P-256 and Ed25519 can be used", describe(key));
}

}  // namespace

std::string_view name(KeyType type) {
  return type == KeyType::kEd25519 ? "Ed25519" : "ECDSA P-256";
}

std::string spki_of(KeyType type, std::string_view point) {
  return std::string(type == KeyType::kEd25519 ? kEd25519Head : kP256Head) + std::string(point);
}

std::string describe(const EVP_PKEY* key) {
  const char* type = EVP_PKEY_get0_type_name(key);
  return fmt::format("a key of type {} with {} bits", type == nullptr ? "unknown" : type, EVP_PKEY_get_bits(key));
}

tl::expected<PublicKey, std::string> PublicKey::from_spki(std::string_view der) {
  const bool p256 = der.size() == kP256Size && der.starts_with(kP256Head) && der[kP256Head.size()] == '\x04';
  const bool ed25519 = der.size() == kEd25519Size && der.starts_with(kEd25519Head);
  auto key = read_spki(der);
  if (!key || (!p256 && !ed25519)) return tl::unexpected(refusal_of(key.get()));
  auto state = std::make_shared<State>();
  state->type = ed25519 ? KeyType::kEd25519 : KeyType::kEcdsaP256;
  state->spki = std::string(der);
  state->id = oci::Digest::of(der).str();
  state->key = std::move(key);
  if (p256) state->use = KeyUse::of(state->id);
  return PublicKey(std::move(state));
}

tl::expected<PublicKey, std::string> PublicKey::from_pem(std::string_view text) {
  const auto block = read_pem(text);
  if (!block) return tl::unexpected("the public key " + block.error());
  if (block->label != "PUBLIC KEY") return tl::unexpected("the public key " + public_label_advice(block->label));
  if (block->der.empty()) return tl::unexpected(std::string("the public key is damaged: not base64"));
  auto key = from_spki(block->der);
  if (!key) return tl::unexpected("the public key " + key.error());
  return key;
}

KeyType PublicKey::type() const {
  return state_->type;
}

const std::string& PublicKey::spki() const {
  return state_->spki;
}

const std::string& PublicKey::id() const {
  return state_->id;
}

std::string PublicKey::pem() const {
  return write_pem("PUBLIC KEY", state_->spki);
}

std::string_view PublicKey::point() const {
  return std::string_view(state_->spki).substr(kP256Head.size());
}

void PublicKey::expect_many() const {
  if (state_->use) state_->use->expect_many(point());
}

bool PublicKey::verify_ecdsa(std::string_view message, std::string_view signature) const {
  P256Table::Hash hash{};
  if (EVP_Digest(message.data(), message.size(), hash.data(), nullptr, sha256(), nullptr) != 1) return false;
  const auto* table = state_->use->table(point());
  if (table != nullptr && table->verifies(hash, signature)) return true;
  // Only the plain way says no.
  EVP_PKEY_CTX* context = verification_with(state_);
  return EVP_PKEY_verify(context, octets(signature), signature.size(), hash.data(), hash.size()) == 1;
}

bool PublicKey::verify(std::string_view message, std::string_view signature) const {
  const bool good = state_->type == KeyType::kEd25519 ? verify_ed25519(state_->key.get(), message, signature)
                                                      : verify_ecdsa(message, signature);
  if (!good) ERR_clear_error();
  return good;
}

}  // namespace referee::signing
