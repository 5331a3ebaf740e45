#include <fmt/format.h>

#include <algorithm>

#include "json_text.hpp"
#include "referee/signing/bundle.hpp"
#include "referee/signing/simple_signing.hpp"

namespace referee::signing {

bool Claim::names(const oci::Digest& subject) const {
  return std::ranges::find(subjects, subject.str()) != subjects.end();
}

tl::expected<Claim, std::string> read_claim(std::string_view artifact_type, const oci::Annotations& annotations,
                                            std::string_view payload) {
  if (artifact_type == kBundleType) return read_bundle(payload);
  if (artifact_type == kSimpleSigningType || annotations.contains(std::string(kSignatureAnnotation))) {
    return read_simple_signing(payload, annotations);
  }
  return read_bundle(payload);
}

tl::expected<void, std::string> check_claim(const Claim& claim, const oci::Digest& subject, const PublicKey& key) {
  if (!claim.names(subject)) {
    return tl::unexpected(claim.subjects.empty()
                              ? std::string("it names no image")
                              : fmt::format("it is about another image: {}", claim.subjects.front()));
  }
  if (!key.verify(claim.message, claim.signature)) {
    return tl::unexpected(fmt::format("the signature is not of the key {}", key.id()));
  }
  return {};
}

}  // namespace referee::signing
