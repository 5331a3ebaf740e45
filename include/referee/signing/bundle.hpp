#pragma once

#include <optional>

#include "referee/signing/signature.hpp"
#include "referee/signing/time.hpp"

namespace referee::signing {

/// What cosign 3 stores: a sigstore bundle (protobuf-specs, sigstore_bundle.proto, version 0.3) around a DSSE envelope
/// around an in-toto Statement v1. Only bundles of public keys are read, no certificates; logs and timestamps in them
/// are passed over.
inline constexpr std::string_view kBundleType = "application/vnd.dev.sigstore.bundle.v0.3+json";
inline constexpr std::string_view kInTotoType = "application/vnd.in-toto+json";
inline constexpr std::string_view kStatementType = "https://in-toto.io/Statement/v1";
inline constexpr std::string_view kCosignSign = "https://sigstore.dev/cosign/sign/v1";

/// DSSE's pre-authentication encoding (secure-systems-lab/dsse, protocol.md): the bytes that are signed.
std::string dsse_pae(std::string_view payload_type, std::string_view payload);

/// What a bundle says of an image.
struct Statement {
  oci::Digest subject;
  std::string predicate_type{kCosignSign};
  std::string predicate = "{}";  ///< JSON text of an object, taken as it is
};

/// The in-toto Statement's JSON.
std::string statement_json(const Statement& statement);

/// Signs any DSSE payload: the bundle's JSON. Byte for byte the same for the same arguments.
std::string bundle_json(const PrivateKey& key, std::string_view payload_type, std::string_view payload);

/// The whole signature, with the annotations that cosign writes; `created` becomes org.opencontainers.image.created.
Signature sign_bundle(const PrivateKey& key, const Statement& statement, std::optional<Time> created = std::nullopt);

/// Reads a bundle from a target: at most kLargestPayload bytes, JSON at most kDeepestJson deep, strict base64, exactly
/// one signature. Fails with one line.
tl::expected<Claim, std::string> read_bundle(std::string_view json);

}  // namespace referee::signing
