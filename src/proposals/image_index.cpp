#include "image_index.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "artifact.hpp"

namespace referee::proposals {
namespace {

using Ordered = nlohmann::ordered_json;

tl::unexpected<Failure> no_index(const oci::Content& content, std::string_view why) {
  return tl::unexpected(
      Failure{FailureKind::kBroken,
              fmt::format("{} is not an index of attachments ({}); it is left alone", content.digest().str(), why)});
}

/// The document in its own order, once its depth is known to be sane.
Outcome<Ordered> open_index(const oci::Content& content) {
  const auto checked = parse_document(content.bytes());
  if (!checked.is_object()) return no_index(content, "no JSON object");
  if (!checked.contains("manifests") || !checked["manifests"].is_array())
    return no_index(content, "no list `manifests`");
  return Ordered::parse(content.bytes(), nullptr, false);
}

oci::Content close_index(const oci::Content& before, const Ordered& json) {
  return {before.media_type().empty() ? std::string(oci::media_type::kIndex) : before.media_type(),
          json.dump(-1, ' ', false, Ordered::error_handler_t::replace)};
}

bool names(const Ordered& entry, std::string_view digest) {
  return entry.is_object() && entry.contains("digest") && entry["digest"] == digest;
}

Ordered* find_entry(Ordered& list, std::string_view digest) {
  for (auto& entry : list) {
    if (names(entry, digest)) return &entry;
  }
  return nullptr;
}

}  // namespace

bool is_index(const oci::Content& content) {
  return content.media_type() == oci::media_type::kIndex ||
         content.media_type() == oci::media_type::kDockerManifestList;
}

Outcome<std::vector<oci::Descriptor>> entries_of(const oci::Content& index, oci::Annotations* own) {
  if (!is_index(index)) return no_index(index, index.media_type());
  return descriptors_in(index.bytes(), 0, "manifests", "", own);
}

Outcome<oci::Content> with_entries(const oci::Content& index, const std::vector<oci::Descriptor>& added) {
  auto json = open_index(index);
  if (!json) return tl::unexpected(json.error());
  auto& list = (*json)["manifests"];
  std::set<std::string> known;
  for (const auto& entry : list) {
    if (entry.is_object() && entry.contains("digest") && entry["digest"].is_string()) known.insert(entry["digest"]);
  }
  for (const auto& descriptor : added) {
    if (known.insert(descriptor.digest).second) list.push_back(oci::to_json(descriptor));
  }
  return close_index(index, *json);
}

Outcome<oci::Content> without_entry(const oci::Content& index, std::string_view digest) {
  auto json = open_index(index);
  if (!json) return tl::unexpected(json.error());
  Ordered kept = Ordered::array();
  for (auto& entry : (*json)["manifests"]) {
    if (!names(entry, digest)) kept.push_back(std::move(entry));
  }
  (*json)["manifests"] = std::move(kept);
  return close_index(index, *json);
}

Outcome<oci::Content> with_entry_annotations(const oci::Content& index, std::string_view digest,
                                             const Changes& changes) {
  auto json = open_index(index);
  if (!json) return tl::unexpected(json.error());
  const auto set = [&](Ordered& object) {
    for (const auto& [key, value] : changes) {
      if (!value.empty()) {
        object["annotations"][key] = value;
      } else if (object.contains("annotations")) {
        object["annotations"].erase(key);
      }
    }
  };
  auto& list = (*json)["manifests"];
  Ordered* entry = find_entry(list, digest);
  set(entry == nullptr ? *json : *entry);
  return close_index(index, *json);
}

oci::Content index_of(const std::vector<oci::Descriptor>& entries) {
  oci::IndexBuilder builder;
  for (const auto& entry : entries) builder.manifest(entry);
  return builder.build();
}

}  // namespace referee::proposals
