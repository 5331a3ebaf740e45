#include "referee/signing/bundle.hpp"

#include <fmt/format.h>

#include "base64.hpp"
#include "bundle_limits.hpp"
#include "json_text.hpp"
#include "plain_bundle.hpp"

namespace referee::signing {
namespace {

using nlohmann::json;
using Failed = tl::unexpected<std::string>;

/// cosign's hint: the SPKI's SHA-256, base64.
std::string hint_of(const PublicKey& key) {
  const auto hex = oci::Digest::of(key.spki()).encoded();
  std::string bytes;
  for (std::size_t at = 0; at < hex.size(); at += 2) {
    bytes.push_back(static_cast<char>(std::stoi(hex.substr(at, 2), nullptr, 16)));
  }
  return oci::base64_encode(bytes);
}

tl::expected<std::string, std::string> key_hint(const json& bundle) {
  const auto material = object_member(bundle, "verificationMaterial");
  if (!material) return Failed("the bundle: " + material.error());
  for (const auto* certificate : {"certificate", "x509CertificateChain"}) {
    if ((*material)->contains(certificate)) {
      return Failed("the bundle was signed with a certificate, and only keys are checked here");
    }
  }
  const auto key = object_member(**material, "publicKey");
  if (!key) return Failed("the bundle's verificationMaterial: " + key.error());
  // proto3 leaves empty texts out.
  if (!(*key)->contains("hint")) return std::string();
  auto hint = text_member(**key, "hint");
  if (!hint) return Failed("the bundle's publicKey: " + hint.error());
  return hint->size() > kLongestHint ? std::string() : std::move(*hint);
}

tl::expected<std::string, std::string> only_signature(const json& envelope) {
  const auto signatures = envelope.find("signatures");
  if (signatures == envelope.end() || !signatures->is_array()) return Failed("`signatures` is not a list");
  if (signatures->size() != 1)
    return Failed(fmt::format("there are {} signatures, where 1 belongs", signatures->size()));
  if (!signatures->front().is_object()) return Failed("the signature is not an object");
  return base64_member(signatures->front(), "sig", kLongestSignature);
}

/// The digests that a subject names, of those algorithms that are registered.
tl::expected<void, std::string> add_subject(const json& subject, std::vector<std::string>& digests) {
  if (!subject.is_object()) return Failed("a subject is not an object");
  const auto digest = object_member(subject, "digest");
  if (!digest) return Failed("a subject's " + digest.error());
  for (const auto algorithm : {oci::Algorithm::kSha256, oci::Algorithm::kSha512}) {
    const auto found = (*digest)->find(std::string(name(algorithm)));
    if (found == (*digest)->end()) continue;
    if (!found->is_string()) return Failed("a subject's digest is not a text");
    const auto parsed = oci::Digest::parse(std::string(name(algorithm)) + ":" + found->get_ref<const std::string&>());
    if (!parsed) return Failed("a subject's digest is malformed");
    digests.push_back(parsed->str());
  }
  return {};
}

tl::expected<void, std::string> read_statement(std::string_view text, Claim& claim) {
  const auto statement = parse_object(text, "it", kLargestPayload);
  if (!statement) return Failed(statement.error());
  const auto type = text_member(*statement, "_type");
  if (!type) return Failed(type.error());
  if (*type != kStatementType)
    return Failed(fmt::format("`_type` is {}, not {}", printable_text(*type), kStatementType));
  auto predicate_type = text_member(*statement, "predicateType");
  if (!predicate_type) return Failed(predicate_type.error());
  claim.statement_type = std::move(*predicate_type);
  const auto subjects = statement->find("subject");
  if (subjects == statement->end() || !subjects->is_array()) return Failed("`subject` is not a list");
  if (subjects->size() > kMostSubjects) return Failed(fmt::format("there are more than {} subjects", kMostSubjects));
  for (const auto& subject : *subjects) {
    if (auto added = add_subject(subject, claim.subjects); !added) return added;
  }
  return {};
}

}  // namespace

std::string dsse_pae(std::string_view payload_type, std::string_view payload) {
  return fmt::format("DSSEv1 {} {} {} {}", payload_type.size(), payload_type, payload.size(), payload);
}

std::string statement_json(const Statement& statement) {
  return fmt::format(R"({{"_type":"{}","subject":[{{"digest":{{"{}":"{}"}}}}],"predicateType":{},"predicate":{}}})",
                     kStatementType, name(statement.subject.algorithm()), statement.subject.encoded(),
                     json_string(statement.predicate_type), statement.predicate);
}

std::string bundle_json(const PrivateKey& key, std::string_view payload_type, std::string_view payload) {
  return fmt::format(R"({{"mediaType":"{}","verificationMaterial":{{"publicKey":{{"hint":"{}"}}}},)"
                     R"("dsseEnvelope":{{"payload":"{}","payloadType":{},"signatures":[{{"sig":"{}"}}]}}}})",
                     kBundleType, hint_of(key.public_key()), oci::base64_encode(payload), json_string(payload_type),
                     oci::base64_encode(key.sign(dsse_pae(payload_type, payload))));
}

Signature sign_bundle(const PrivateKey& key, const Statement& statement, std::optional<Time> created) {
  Signature signature{oci::Content(std::string(kBundleType), bundle_json(key, kInTotoType, statement_json(statement))),
                      std::string(kBundleType),
                      {{"dev.sigstore.bundle.content", "dsse-envelope"},
                       {"dev.sigstore.bundle.predicateType", statement.predicate_type}}};
  if (created) signature.annotations["org.opencontainers.image.created"] = format_time(*created);
  return signature;
}

tl::expected<Claim, std::string> read_bundle(std::string_view json_text) {
  if (auto plain = read_plain_bundle(json_text)) return std::move(*plain);
  return read_careful_bundle(json_text);
}

tl::expected<Claim, std::string> read_careful_bundle(std::string_view json_text) {
  const auto bundle = parse_object(json_text, "the bundle", kLargestPayload);
  if (!bundle) return Failed(bundle.error());
  const auto type = text_member(*bundle, "mediaType");
  if (!type) return Failed("the bundle: " + type.error());
  if (*type != kBundleType)
    return Failed(fmt::format("the bundle is of type {}, not {}", printable_text(*type), kBundleType));
  Claim claim;
  auto hint = key_hint(*bundle);
  if (!hint) return Failed(hint.error());
  claim.key_hint = std::move(*hint);
  if (bundle->contains("messageSignature")) return Failed("the bundle signs a message, not a statement of an image");
  const auto envelope = object_member(*bundle, "dsseEnvelope");
  if (!envelope) return Failed("the bundle: " + envelope.error());
  const auto payload_type = text_member(**envelope, "payloadType");
  if (!payload_type) return Failed("the envelope: " + payload_type.error());
  if (*payload_type != kInTotoType) {
    return Failed(fmt::format("the envelope's payload is {}, not {}", printable_text(*payload_type), kInTotoType));
  }
  auto payload = base64_member(**envelope, "payload", kLargestPayload);
  if (!payload) return Failed("the envelope: " + payload.error());
  auto signature = only_signature(**envelope);
  if (!signature) return Failed("the envelope: " + signature.error());
  if (auto read = read_statement(*payload, claim); !read) return Failed("the statement: " + read.error());
  claim.message = dsse_pae(*payload_type, *payload);
  claim.signature = std::move(*signature);
  claim.document = std::move(*payload);
  return claim;
}

}  // namespace referee::signing
