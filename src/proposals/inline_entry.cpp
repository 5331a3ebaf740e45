#include <nlohmann/json.hpp>

#include "listed.hpp"
#include "referee/oci/base64.hpp"

namespace referee::proposals {

std::pair<std::string, std::string> inline_annotation(const Attachment& attachment) {
  nlohmann::ordered_json json{{"artifactType", attachment.artifact_type}};
  if (!attachment.annotations.empty()) json["annotations"] = attachment.annotations;
  json["payload"] = oci::base64_encode(attachment.payload.bytes());
  return {std::string(kInlinePrefix) + short_hash(attachment.payload.digest().str()), json.dump()};
}

std::optional<Entry> inline_entry(const std::string& key, const std::string& value) {
  if (!key.starts_with(kInlinePrefix)) return std::nullopt;
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
