#include "referee/signing/simple_signing.hpp"

#include <fmt/format.h>

#include "base64.hpp"
#include "json_text.hpp"

namespace referee::signing {
namespace {

using Refused = tl::unexpected<std::string>;

constexpr std::size_t kLongestAnnotation = 1024;

}  // namespace

std::string simple_signing_json(const oci::Digest& subject, std::string_view reference, std::string_view optional) {
  return fmt::format(
      R"({{"critical":{{"identity":{{"docker-reference":{}}},"image":{{"docker-manifest-digest":"{}"}},"type":"{}"}},)"
      R"("optional":{}}})",
      json_string(reference), subject.str(), kCosignCriticalType, optional);
}

Signature sign_simple(const PrivateKey& key, const oci::Digest& subject, std::string_view reference,
                      std::string_view optional) {
  auto payload = simple_signing_json(subject, reference, optional);
  auto signature = oci::base64_encode(key.sign(payload));
  return {oci::Content(std::string(kSimpleSigningType), std::move(payload)),
          std::string(kSimpleSigningType),
          {{std::string(kSignatureAnnotation), std::move(signature)}}};
}

tl::expected<Claim, std::string> read_simple_signing(std::string_view payload, const oci::Annotations& annotations) {
  const auto annotation = annotations.find(std::string(kSignatureAnnotation));
  if (annotation == annotations.end())
    return Refused(fmt::format("the annotation {} is missing", kSignatureAnnotation));
  auto signature = annotation->second.size() > kLongestAnnotation ? std::nullopt : strict_base64(annotation->second);
  if (!signature || signature->empty()) {
    return Refused(fmt::format("the annotation {} is not a signature in strict base64", kSignatureAnnotation));
  }
  const auto document = parse_object(payload, "the payload", kLargestPayload);
  if (!document) return Refused(document.error());
  const auto critical = object_member(*document, "critical");
  if (!critical) return Refused("the payload: " + critical.error());
  auto type = text_member(**critical, "type");
  if (!type) return Refused("the payload's critical: " + type.error());
  if (*type != kCosignCriticalType) {
    return Refused(
        fmt::format("the payload's critical.type is {}, not `{}`", printable_text(*type), kCosignCriticalType));
  }
  const auto image = object_member(**critical, "image");
  if (!image) return Refused("the payload's critical: " + image.error());
  const auto digest = text_member(**image, "docker-manifest-digest");
  if (!digest) return Refused("the payload's critical.image: " + digest.error());
  const auto subject = oci::Digest::parse(*digest);
  if (!subject) return Refused("the payload's docker-manifest-digest is malformed: " + subject.error());
  Claim claim;
  claim.message = std::string(payload);
  claim.document = claim.message;
  claim.signature = std::move(*signature);
  claim.statement_type = std::move(*type);
  claim.subjects = {subject->str()};
  return claim;
}

}  // namespace referee::signing
