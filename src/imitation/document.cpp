#include "document.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "referee/oci/json_depth.hpp"
#include "referee/oci/media_types.hpp"

namespace referee::imitation {
namespace {

using Object = nlohmann::json;

/// Appends what stands under `key`: a descriptor or a list of them.
Done<void> read_descriptors(const Object& json, const char* key, std::vector<oci::Descriptor>& to) {
  const auto found = json.find(key);
  if (found == json.end() || found->is_null()) return {};
  const auto add = [&](const Object& value) -> Done<void> {
    auto descriptor = oci::descriptor_from_json(value);
    if (!descriptor) return tl::unexpected(fmt::format("{}: {}", key, descriptor.error()));
    to.push_back(std::move(*descriptor));
    return {};
  };
  if (!found->is_array()) return add(*found);
  for (const auto& value : *found) {
    if (auto added = add(value); !added) return added;
  }
  return {};
}

Done<Document> document_from(const Object& json) {
  Document document;
  std::vector<oci::Descriptor> subject;
  for (const auto& [key, to] : {std::pair("manifests", &document.manifests), std::pair("config", &document.blobs),
                                std::pair("layers", &document.blobs), std::pair("subject", &subject)}) {
    if (auto done = read_descriptors(json, key, *to); !done) return tl::unexpected(done.error());
  }
  if (!subject.empty()) document.subject = subject.front().digest;
  const auto type = json.find("artifactType");
  if (type != json.end() && type->is_string()) document.artifact_type = type->get<std::string>();
  if (document.artifact_type.empty() && json.contains("config") && json["config"].is_object()) {
    document.artifact_type = document.blobs.front().media_type;
  }
  const auto annotations = json.find("annotations");
  if (annotations == json.end() || !annotations->is_object()) return document;
  for (const auto& [key, value] : annotations->items()) {
    if (value.is_string()) document.annotations[key] = value.get<std::string>();
  }
  return document;
}

}  // namespace

Done<Document> read_document(const oci::Content& manifest) {
  const auto fail = [&](std::string_view why) {
    return tl::unexpected(fmt::format("{}: {}", manifest.digest().str(), why));
  };
  if (oci::is_deeper_than(manifest.bytes(), oci::kDeepestJson)) return fail("it is nested too deeply");
  const auto json = Object::parse(manifest.bytes(), nullptr, false);
  if (!json.is_object()) return fail("it is no JSON object");
  auto document = document_from(json);
  if (!document) return fail(document.error());
  return document;
}

bool is_index(const oci::Content& content) {
  return content.media_type() == oci::media_type::kIndex ||
         content.media_type() == oci::media_type::kDockerManifestList;
}

}  // namespace referee::imitation
