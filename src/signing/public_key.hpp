#pragma once

#include <string>

#include "ossl.hpp"
#include "p256_table.hpp"
#include "referee/signing/key.hpp"

namespace referee::signing {

struct PublicKey::State {
  KeyType type = KeyType::kEcdsaP256;
  std::string spki;
  std::string id;
  EvpKey key;
  std::shared_ptr<KeyUse> use;  ///< of P-256
};

/// The SPKI of a key from its 65 bytes (P-256) or 32 bytes (Ed25519).
std::string spki_of(KeyType type, std::string_view point);

/// What a key of a type that is not wanted is, for people: `RSA of 2048 bits`.
std::string describe(const EVP_PKEY* key);

}  // namespace referee::signing
