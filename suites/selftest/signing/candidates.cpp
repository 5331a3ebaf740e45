#include "candidates.hpp"

#include <gtest/gtest.h>
#include <openssl/bn.h>

#include <algorithm>

#include "ossl.hpp"
#include "referee/oci/base64.hpp"

namespace referee::signing {

Policy policy_of(const nlohmann::json& fields) {
  auto document = sample_policy();
  document.update(fields.is_null() ? nlohmann::json::object() : fields);
  auto policy = parse_policy(document.dump());
  if (!policy) throw std::runtime_error(policy.error());
  return std::move(*policy);
}

std::string predicate(int number) {
  return R"({"number":)" + std::to_string(number) + "}";
}

Signature twisted_copy(const Signature& signature) {
  auto bundle = nlohmann::json::parse(signature.payload.bytes());
  auto& text = bundle.at("dsseEnvelope").at("signatures").at(0).at("sig");
  const auto der = oci::base64_decode(text.get<std::string>()).value_or("");
  const unsigned char* at = octets(der);
  const EcdsaSignature parsed(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())));
  BIGNUM* order = nullptr;
  BN_hex2bn(&order, "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
  const Bignum owned(order);
  BIGNUM* other = BN_new();
  BN_sub(other, order, ECDSA_SIG_get0_s(parsed.get()));
  ECDSA_SIG_set0(parsed.get(), BN_dup(ECDSA_SIG_get0_r(parsed.get())), other);
  std::string twisted(static_cast<std::size_t>(i2d_ECDSA_SIG(parsed.get(), nullptr)), '\0');
  unsigned char* out = octets(twisted);
  i2d_ECDSA_SIG(parsed.get(), &out);
  text = oci::base64_encode(twisted);
  return {oci::Content(std::string(kBundleType), bundle.dump()), signature.artifact_type, signature.annotations};
}

Candidate& Offer::add(const Signature& signature, int salt) {
  Candidate candidate;
  candidate.artifact_type = signature.artifact_type;
  candidate.annotations = signature.annotations;
  candidate.digest = salt < 0 ? signature.payload.digest().str() : oci::Digest::of(std::to_string(salt)).str();
  candidate.size = signature.payload.size();
  candidate.fetch = [bytes = signature.payload.bytes(), count = fetches_]() -> tl::expected<std::string, std::string> {
    ++*count;
    return bytes;
  };
  candidates_.push_back(std::move(candidate));
  return candidates_.back();
}

std::vector<std::string> Offer::sorted_digests() const {
  std::vector<std::string> digests;
  for (const auto& candidate : candidates_) digests.push_back(candidate.digest);
  std::ranges::sort(digests);
  return digests;
}

}  // namespace referee::signing
