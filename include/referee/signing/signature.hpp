#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "referee/oci/content.hpp"
#include "referee/oci/descriptor.hpp"
#include "referee/oci/digest.hpp"
#include "referee/signing/key.hpp"

namespace referee::signing {

/// A signature ready to be attached; pushing it is for others. As a manifest: the empty config, `payload` as its one
/// layer, `artifact_type` and `annotations` of the manifest, the signed image as subject. In cosign's older form:
/// `payload` is a layer of the tag `<alg>-<hex>.sig`, and `annotations` are the layer's.
struct Signature {
  oci::Content payload;
  std::string artifact_type;
  oci::Annotations annotations;
};

/// What a signature says before anyone has checked it: taken from a payload that a target sent, in either form.
struct Claim {
  std::string message;                ///< the bytes that were signed
  std::string signature;              ///< DER for ECDSA, 64 bytes for Ed25519
  std::string document;               ///< JSON, part of `message`: an in-toto Statement, or a simple-signing payload
  std::string statement_type;         ///< the Statement's predicateType, or simple signing's critical.type
  std::vector<std::string> subjects;  ///< digests of registered algorithms that it names; may be empty
  std::string key_hint;               ///< who signed, as the unsigned part says; may be empty or wrong

  [[nodiscard]] bool names(const oci::Digest& subject) const;
};

/// Largest payload that is read.
inline constexpr std::size_t kLargestPayload = std::size_t{8} * 1024 * 1024;
/// Deepest JSON that is read.
inline constexpr int kDeepestJson = 32;

/// Reads a payload by its type: a bundle (bundle.hpp), simple signing (simple_signing.hpp), or for other types
/// whichever of the two it looks like. One line says why it cannot be read.
tl::expected<Claim, std::string> read_claim(std::string_view artifact_type, const oci::Annotations& annotations,
                                            std::string_view payload);

/// Whether the claim is about `subject` and this key made it; otherwise one line that says why not.
tl::expected<void, std::string> check_claim(const Claim& claim, const oci::Digest& subject, const PublicKey& key);

}  // namespace referee::signing
