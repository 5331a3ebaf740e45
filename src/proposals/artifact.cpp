#include "artifact.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "referee/oci/base64.hpp"
#include "referee/oci/json_depth.hpp"
#include "referee/oci/listing.hpp"

namespace referee::proposals {
namespace {

using Json = nlohmann::json;
using Ordered = nlohmann::ordered_json;

constexpr int kDeepest = 32;

Entry entry_for(const oci::Content& manifest, const Attachment& attachment) {
  Entry entry;
  entry.descriptor = manifest.descriptor();
  entry.artifact_type = attachment.artifact_type;
  entry.annotations = attachment.annotations;
  return entry;
}

}  // namespace

Parcel image_artifact(const Attachment& attachment, const oci::Descriptor& subject, const Shape& shape) {
  oci::ManifestBuilder builder;
  if (shape.typed) {
    builder.artifact_type(attachment.artifact_type);
  } else {
    builder.config({attachment.artifact_type, "{}"});
  }
  auto annotations = attachment.annotations;
  if (shape.payload_annotated) {
    annotations.emplace(kPayloadAnnotation, oci::base64_encode(attachment.payload.bytes()));
    builder.layer(oci::empty_blob());
  } else {
    auto layer = attachment.payload.descriptor();
    if (shape.payload_in_layer) layer.data = attachment.payload.bytes();
    builder.layer_descriptor(layer);
  }
  for (const auto& [key, value] : annotations) builder.annotation(key, value);
  if (shape.field == "subject") {
    builder.subject(subject);
  } else if (!shape.field.empty()) {
    builder.field(std::string(shape.field), oci::to_json(subject).dump());
  }
  auto package = builder.build();
  if (!shape.payload_annotated) package.blobs.push_back(attachment.payload);
  Entry entry = entry_for(package.manifest, attachment);
  entry.annotations = std::move(annotations);
  return {std::move(package.manifest), std::move(package.blobs), std::move(entry)};
}

Parcel referrer_artifact(const Attachment& attachment, const oci::Descriptor& subject, std::string_view field,
                         bool inlined) {
  return image_artifact(attachment, subject,
                        {.field = field, .typed = field == "subject", .payload_annotated = inlined});
}

Parcel artifact_manifest(const Attachment& attachment, const oci::Descriptor& subject, std::string_view field,
                         bool payload_in_blob) {
  auto blob = attachment.payload.descriptor();
  if (payload_in_blob) blob.data = attachment.payload.bytes();
  Ordered json{{"mediaType", oci::media_type::kArtifactManifest}, {"artifactType", attachment.artifact_type}};
  json["blobs"] = Ordered::array({oci::to_json(blob)});
  json[std::string(field)] = oci::to_json(subject);
  if (!attachment.annotations.empty()) json["annotations"] = attachment.annotations;
  oci::Content manifest(std::string(oci::media_type::kArtifactManifest), json.dump());
  Entry entry = entry_for(manifest, attachment);
  return {std::move(manifest), {attachment.payload}, std::move(entry)};
}

oci::Descriptor list_entry(const Parcel& parcel) {
  auto descriptor = parcel.manifest.descriptor();
  descriptor.artifact_type = parcel.entry.artifact_type;
  descriptor.annotations = parcel.entry.annotations;
  return descriptor;
}

nlohmann::json parse_document(std::string_view bytes) {
  // What is cut off here is no JSON to the parser either.
  return Json::parse(oci::is_deeper_than(bytes, kDeepest) ? std::string_view() : bytes, nullptr, false);
}

namespace {

std::optional<oci::Descriptor> first_blob(const Json& manifest) {
  if (!manifest.is_object()) return std::nullopt;
  for (const char* key : {"layers", "blobs", "objects"}) {
    const auto list = manifest.find(key);
    if (list == manifest.end() || !list->is_array() || list->empty()) continue;
    if (auto descriptor = oci::descriptor_from_json(list->front())) return std::move(*descriptor);
  }
  return std::nullopt;
}

/// `data`, if it has the descriptor's digest.
std::optional<std::string> true_data(const oci::Descriptor& descriptor) {
  if (!descriptor.data) return std::nullopt;
  const auto digest = oci::Digest::parse(descriptor.digest);
  if (!digest || oci::Digest::of(*descriptor.data, digest->algorithm()) != *digest) return std::nullopt;
  return descriptor.data;
}

}  // namespace

std::optional<oci::Descriptor> payload_descriptor(std::string_view manifest) {
  return first_blob(parse_document(manifest));
}

Facts facts_of(std::string_view manifest) {
  Facts facts;
  if (auto plain = oci::read_plain_manifest(manifest)) {
    facts.type = std::move(plain->type);
    facts.annotations = std::move(plain->annotations);
    facts.payload = std::move(plain->first);
  } else {
    facts.type = type_of(manifest);
    facts.annotations = annotations_of(manifest);
    facts.payload = payload_descriptor(manifest);
  }
  const auto annotation = facts.annotations.find(std::string(kPayloadAnnotation));
  if (annotation != facts.annotations.end()) {
    facts.carried = oci::base64_decode(annotation->second);
  } else if (facts.payload) {
    facts.carried = true_data(*facts.payload);
  }
  return facts;
}

void tell(Entry& entry, oci::Content manifest) {
  auto facts = facts_of(manifest.bytes());
  entry.artifact_type = std::move(facts.type);
  entry.annotations = std::move(facts.annotations);
  entry.payload = std::move(facts.carried);
  entry.layer = std::move(facts.payload);
  entry.manifest = std::move(manifest);
}

std::string type_of(std::string_view manifest) {
  const auto json = parse_document(manifest);
  if (!json.is_object()) return {};
  if (const auto type = json.find("artifactType");
      type != json.end() && type->is_string() && !type->get_ref<const std::string&>().empty()) {
    return *type;
  }
  const auto config = json.find("config");
  if (config == json.end() || !config->is_object()) return {};
  const auto type = config->find("mediaType");
  return type != config->end() && type->is_string() ? type->get<std::string>() : std::string();
}

oci::Annotations annotations_of(std::string_view manifest) {
  oci::Annotations found;
  const auto json = parse_document(manifest);
  if (!json.is_object() || !json.contains("annotations") || !json["annotations"].is_object()) return found;
  for (const auto& [key, value] : json["annotations"].items()) {
    if (value.is_string()) found.emplace(key, value.get<std::string>());
  }
  return found;
}

std::optional<std::string> carried_payload(std::string_view manifest, const oci::Annotations& annotations) {
  if (const auto found = annotations.find(std::string(kPayloadAnnotation)); found != annotations.end()) {
    return oci::base64_decode(found->second);
  }
  if (manifest.empty()) return std::nullopt;
  const auto plain = oci::read_plain_manifest(manifest);
  const auto layer = plain ? plain->first : payload_descriptor(manifest);
  return layer ? true_data(*layer) : std::nullopt;
}

Outcome<std::vector<oci::Descriptor>> descriptors_in(const http::Response& response, const char* key,
                                                     std::string_view wanted) {
  return descriptors_in(response.body, response.status, key, wanted);
}

Outcome<std::vector<oci::Descriptor>> descriptors_in(std::string_view document, int status, const char* key,
                                                     std::string_view wanted, oci::Annotations* own) {
  if (auto plain = oci::read_plain_list(document, key, wanted, own)) return std::move(*plain);
  const auto broken = [&](std::string_view why) {
    return tl::unexpected(Failure{FailureKind::kBroken, fmt::format("the list under `{}`: {}", key, why), status});
  };
  if (own != nullptr) *own = annotations_of(document);
  const auto json = parse_document(document);
  if (!json.is_object()) return broken("the body is no JSON object");
  const auto list = json.find(key);
  std::vector<oci::Descriptor> found;
  // Not legal, but what an empty list looks like in some registries, and clients take it for one.
  if (list != json.end() && list->is_null()) return found;
  if (list == json.end() || !list->is_array()) return broken("there is no such list");
  found.reserve(list->size());
  for (const auto& value : *list) {
    auto descriptor = oci::descriptor_from_json(value);
    if (!descriptor) return broken(descriptor.error());
    found.push_back(std::move(*descriptor));
  }
  return found;
}

Entry entry_of(oci::Descriptor descriptor) {
  Entry entry;
  entry.descriptor = std::move(descriptor);
  entry.artifact_type = entry.descriptor.artifact_type;
  entry.annotations = entry.descriptor.annotations;
  for (const auto key : {kReferenceType, kTypeAnnotation}) {
    const auto type = entry.annotations.find(std::string(key));
    if (type == entry.annotations.end() || !entry.artifact_type.empty()) continue;
    entry.artifact_type = type->second;
  }
  if (const auto& data = entry.descriptor.data) {
    const auto digest = oci::Digest::parse(entry.descriptor.digest);
    oci::Content content(entry.descriptor.media_type, *data, digest ? digest->algorithm() : oci::Algorithm::kSha256);
    if (digest && content.digest() == *digest) entry.manifest = std::move(content);
  }
  entry.payload = carried_payload(entry.manifest ? entry.manifest->bytes() : std::string_view(), entry.annotations);
  return entry;
}

bool matches(const Entry& entry, const Filter& filter) {
  return filter.artifact_type.empty() || entry.artifact_type == filter.artifact_type;
}

std::string short_hash(std::string_view digest) {
  const auto colon = digest.find(':');
  return std::string(digest.substr(colon == std::string_view::npos ? 0 : colon + 1, 16));
}

}  // namespace referee::proposals
