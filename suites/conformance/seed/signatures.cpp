#include "conformance/seed/signatures.hpp"

#include <utility>

namespace referee::suites::seed {

signing::PrivateKey key_of(std::string_view whose) {
  return signing::PrivateKey::from_seed(signing::KeyType::kEd25519, 1, whose);
}

signing::Policy owner_policy() {
  signing::Policy policy;
  policy.keys = {key_of("owner").public_key()};
  policy.artifact_types = {std::string(signing::kBundleType)};
  policy.statement_types = {std::string(signing::kCosignSign)};
  return policy;
}

proposals::Attachment bundle(std::string payload) {
  const std::string type(signing::kBundleType);
  return {type, "sig", {{"org.opencontainers.image.created", signing::format_time(kNow)}}, {type, std::move(payload)}};
}

proposals::Attachment signature(std::string_view whose, const oci::Digest& subject, std::string predicate) {
  signing::Statement statement{.subject = subject, .predicate = std::move(predicate)};
  return bundle(signing::sign_bundle(key_of(whose), statement).payload.bytes());
}

signing::Candidate candidate(const proposals::Entry& entry, std::function<proposals::Outcome<std::string>()> fetch) {
  // A listing by short names does not repeat the type that was asked for.
  const auto type = entry.artifact_type.empty() ? std::string(signing::kBundleType) : entry.artifact_type;
  return {.artifact_type = type,
          .annotations = entry.annotations,
          .digest = entry.descriptor.digest.empty() ? entry.tag : entry.descriptor.digest,
          .size = entry.descriptor.size,
          .fetch = [fetch = std::move(fetch)]() -> tl::expected<std::string, std::string> {
            auto payload = fetch();
            if (!payload) return tl::unexpected(payload.error().message);
            return std::move(*payload);
          }};
}

oci::Digest parsed_digest(const oci::Descriptor& descriptor) {
  const auto digest = oci::Digest::parse(descriptor.digest);
  if (!digest) throw conformance::SetupFailed{digest.error()};
  return *digest;
}

}  // namespace referee::suites::seed
