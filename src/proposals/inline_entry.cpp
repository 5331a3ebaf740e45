#include <nlohmann/json.hpp>

#include "listed.hpp"
#include "referee/oci/base64.hpp"
#include "referee/oci/plain_json.hpp"

namespace referee::proposals {
namespace {

namespace dom = simdjson::dom;

/// False for what is odd.
bool read_member(std::string_view key, dom::element item, Entry& out) {
  if (key == "annotations") return oci::read_plain_annotations(item, out.annotations);
  std::string_view text;
  if (item.get(text) != simdjson::SUCCESS) return false;
  if (key == "artifactType" && out.artifact_type.empty()) {
    out.artifact_type = text;
    return true;
  }
  if (key != "payload" || out.payload) return false;
  out.payload = oci::base64_decode(text);
  return out.payload.has_value();
}

/// What inline_annotation() writes, since images with a thousand of them are what is measured; nullopt for whatever is
/// odd, which is left to the careful reader.
std::optional<Entry> plain_entry(std::string_view value) {
  constexpr std::size_t kLargestEntry = std::size_t{1} << 20U;
  constexpr std::size_t kDeepestEntry = 8;
  thread_local dom::parser parser;
  dom::object object;
  if (value.size() > kLargestEntry || !oci::parse_plain(parser, value, kDeepestEntry, object)) return std::nullopt;
  Entry entry;
  for (const auto& [key, item] : object) {
    if (!read_member(key, item, entry)) return std::nullopt;
  }
  return entry.payload ? std::optional(std::move(entry)) : std::nullopt;
}

}  // namespace

std::pair<std::string, std::string> inline_annotation(const Attachment& attachment) {
  nlohmann::ordered_json json{{"artifactType", attachment.artifact_type}};
  if (!attachment.annotations.empty()) json["annotations"] = attachment.annotations;
  json["payload"] = oci::base64_encode(attachment.payload.bytes());
  return {std::string(kInlinePrefix) + short_hash(attachment.payload.digest().str()), json.dump()};
}

std::optional<Entry> inline_entry(const std::string& key, const std::string& value) {
  if (!key.starts_with(kInlinePrefix)) return std::nullopt;
  if (auto plain = plain_entry(value)) {
    plain->tag = key;
    return plain;
  }
  const auto json = parse_document(value);
  if (!json.is_object() || !json.contains("payload") || !json["payload"].is_string()) return std::nullopt;
  Entry entry;
  entry.tag = key;
  entry.payload = oci::base64_decode(json["payload"].get_ref<const std::string&>());
  if (json.contains("artifactType") && json["artifactType"].is_string()) entry.artifact_type = json["artifactType"];
  entry.annotations = annotations_of(value);
  return entry.payload ? std::optional(entry) : std::nullopt;
}

}  // namespace referee::proposals
