#pragma once

#include "referee/signing/signature.hpp"

namespace referee::signing {

/// cosign's older form (cosign, specs/SIGNATURE_SPEC.md, after containers/image's "simple signing"): the payload is
/// signed as it is, the signature stands in an annotation of its layer.
inline constexpr std::string_view kSimpleSigningType = "application/vnd.dev.cosign.simplesigning.v1+json";
inline constexpr std::string_view kSignatureAnnotation = "dev.cosignproject.cosign/signature";
inline constexpr std::string_view kCosignCriticalType = "cosign container image signature";

/// The payload's JSON. `reference` is the name under which the image is known (`registry.example/app`); `optional` is
/// the JSON text of an object or `null`, taken as it is.
std::string simple_signing_json(const oci::Digest& subject, std::string_view reference,
                                std::string_view optional = "null");

/// The whole signature.
Signature sign_simple(const PrivateKey& key, const oci::Digest& subject, std::string_view reference,
                      std::string_view optional = "null");

/// Reads a payload and its layer's annotations from a target; the limits of read_bundle(). Fails with one line.
tl::expected<Claim, std::string> read_simple_signing(std::string_view payload, const oci::Annotations& annotations);

}  // namespace referee::signing
