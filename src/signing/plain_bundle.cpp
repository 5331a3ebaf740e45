#include "plain_bundle.hpp"

#include <array>
#include <cstdint>

#include "base64.hpp"
#include "bundle_limits.hpp"
#include "referee/oci/plain_json.hpp"
#include "referee/signing/bundle.hpp"

namespace referee::signing {
namespace {

namespace dom = simdjson::dom;

/// Larger ones are rare, and a parser keeps ten times as much memory.
constexpr std::size_t kLargestPlain = std::size_t{1} << 20U;

/// What a parser found lives until it parses again: a bundle and the statement in it need one each.
enum class Document : std::uint8_t { kBundle, kStatement };

bool parse_document(Document document, std::string_view text, dom::object& out) {
  thread_local std::array<dom::parser, 2> parsers;
  return text.size() <= kLargestPlain &&
         oci::parse_plain(parsers.at(static_cast<std::size_t>(document)), text, kDeepestJson, out);
}

/// A member that is wanted once.
struct Member {
  Member(std::string_view name) : key(name) {}

  std::string_view key;
  dom::element value;
  bool found = false;
};

/// Finds the members; false if one is missing or stands twice, or if there is one of `refused`.
template <std::size_t kCount>
bool take(dom::object object, std::array<Member, kCount>& members,
          std::initializer_list<std::string_view> refused = {}) {
  for (const auto& [key, value] : object) {
    for (const auto name : refused) {
      if (key == name) return false;
    }
    for (auto& member : members) {
      if (key != member.key) continue;
      if (member.found) return false;
      member.found = true;
      member.value = value;
    }
  }
  for (const auto& member : members) {
    if (!member.found) return false;
  }
  return true;
}

bool text_of(const Member& member, std::string_view& out) {
  return member.value.get(out) == simdjson::SUCCESS;
}

bool is_text(const Member& member, std::string_view wanted) {
  std::string_view text;
  return text_of(member, text) && text == wanted;
}

bool bytes_of(const Member& member, std::size_t most, std::string& out) {
  std::string_view text;
  if (!text_of(member, text) || text.size() > most) return false;
  auto bytes = strict_base64(text);
  if (!bytes) return false;
  out = std::move(*bytes);
  return true;
}

bool read_hint(const Member& material, std::string& out) {
  dom::object object;
  std::array<Member, 1> key{{{"publicKey"}}};
  if (material.value.get(object) != simdjson::SUCCESS) return false;
  if (!take(object, key, {"certificate", "x509CertificateChain"})) return false;
  std::array<Member, 1> hint{{{"hint"}}};
  std::string_view text;
  if (key[0].value.get(object) != simdjson::SUCCESS || !take(object, hint)) return false;
  if (!text_of(hint[0], text) || text.size() > kLongestHint) return false;
  out = text;
  return true;
}

bool read_signature(const Member& signatures, std::string& out) {
  dom::array list;
  dom::object object;
  std::array<Member, 1> signature{{{"sig"}}};
  return signatures.value.get(list) == simdjson::SUCCESS && list.size() == 1 &&
         list.at(0).get(object) == simdjson::SUCCESS && take(object, signature) &&
         bytes_of(signature[0], kLongestSignature, out);
}

/// One digest, of one registered algorithm.
bool read_subject(dom::element value, std::vector<std::string>& out) {
  dom::object object;
  std::array<Member, 1> digest{{{"digest"}}};
  if (value.get(object) != simdjson::SUCCESS || !take(object, digest)) return false;
  if (digest[0].value.get(object) != simdjson::SUCCESS || object.size() != 1) return false;
  for (const auto& [algorithm, encoded] : object) {
    std::string_view hex;
    if (encoded.get(hex) != simdjson::SUCCESS) return false;
    const auto parsed = oci::Digest::parse(std::string(algorithm) + ":" + std::string(hex));
    if (!parsed) return false;
    out.push_back(parsed->str());
  }
  return true;
}

bool read_plain_statement(std::string_view text, Claim& claim) {
  dom::object object;
  std::array<Member, 3> members{{{"_type"}, {"predicateType"}, {"subject"}}};
  if (!parse_document(Document::kStatement, text, object) || !take(object, members)) return false;
  std::string_view type;
  dom::array subjects;
  if (!is_text(members[0], kStatementType) || !text_of(members[1], type)) return false;
  if (members[2].value.get(subjects) != simdjson::SUCCESS) return false;
  claim.statement_type = type;
  for (const auto subject : subjects) {
    if (claim.subjects.size() >= kMostSubjects || !read_subject(subject, claim.subjects)) return false;
  }
  return true;
}

}  // namespace

std::optional<Claim> read_plain_bundle(std::string_view text) {
  dom::object object;
  std::array<Member, 3> bundle{{{"mediaType"}, {"verificationMaterial"}, {"dsseEnvelope"}}};
  std::array<Member, 3> envelope{{{"payloadType"}, {"payload"}, {"signatures"}}};
  Claim claim;
  if (!parse_document(Document::kBundle, text, object) || !take(object, bundle, {"messageSignature"}))
    return std::nullopt;
  if (!is_text(bundle[0], kBundleType) || !read_hint(bundle[1], claim.key_hint)) return std::nullopt;
  if (bundle[2].value.get(object) != simdjson::SUCCESS || !take(object, envelope)) return std::nullopt;
  if (!is_text(envelope[0], kInTotoType)) return std::nullopt;
  if (!bytes_of(envelope[1], kLargestPayload, claim.document)) return std::nullopt;
  if (!read_signature(envelope[2], claim.signature)) return std::nullopt;
  if (!read_plain_statement(claim.document, claim)) return std::nullopt;
  claim.message = dsse_pae(kInTotoType, claim.document);
  return claim;
}

}  // namespace referee::signing
