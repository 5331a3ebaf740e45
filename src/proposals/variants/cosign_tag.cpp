#include "cosign_tag.hpp"

#include <fmt/format.h>

#include <array>
#include <map>
#include <nlohmann/json.hpp>

#include "image_index.hpp"
#include "referee/oci/digest.hpp"
#include "registration.hpp"

namespace referee::proposals {
namespace {

constexpr std::array<std::string_view, 3> kLabels{"sig", "att", "sbom"};

std::string tag_of(const Subject& subject, std::string_view label) {
  return fmt::format("{}.{}", oci::referrers_tag(subject.descriptor.digest), label);
}

oci::Descriptor layer_of(const Attachment& attachment) {
  auto layer = attachment.payload.descriptor();
  layer.annotations = attachment.annotations;
  layer.annotations.emplace(kTypeAnnotation, attachment.artifact_type);
  return layer;
}

Outcome<std::vector<oci::Descriptor>> layers_of(const oci::Content& manifest) {
  return descriptors_in(manifest.bytes(), 0, "layers");
}

bool same(const oci::Descriptor& a, const oci::Descriptor& b) {
  return a.digest == b.digest && a.annotations == b.annotations;
}

}  // namespace

Outcome<Support> CosignTag::prepare() {
  const Wire::Uncounted uncounted(wire());
  if (settings().conditions) document_.set_conditional(honours_conditions(wire(), index_of({}), "referee-conditions"));
  return Support{true, "needs nothing beyond OCI 1.0"};
}

Outcome<oci::Content> CosignTag::manifest_of_layers(const std::vector<oci::Descriptor>& layers) {
  std::vector<std::string> diff_ids;
  for (const auto& layer : layers) diff_ids.push_back(layer.digest);
  oci::ManifestBuilder builder;
  builder.config(oci::image_config({"", "", "", ""}, diff_ids));
  for (const auto& layer : layers) builder.layer_descriptor(layer);
  auto package = builder.build();
  for (const auto& blob : package.blobs) {
    if (auto pushed = wire().push_blob(blob); !pushed) return tl::unexpected(pushed.error());
  }
  return std::move(package.manifest);
}

Outcome<void> CosignTag::attach(Subject& subject, std::span<const Attachment> attachments) {
  std::map<std::string, std::vector<oci::Descriptor>> by_label;
  for (const auto& attachment : attachments) {
    if (auto pushed = wire().push_blob(attachment.payload); !pushed) return pushed;
    by_label[attachment.label].push_back(layer_of(attachment));
  }
  for (const auto& group : by_label) {
    const auto& added_layers = group.second;
    std::size_t before = 0;
    const auto edit = [&](const std::optional<oci::Content>& found) -> Outcome<std::optional<oci::Content>> {
      auto layers = found ? layers_of(*found) : std::vector<oci::Descriptor>{};
      if (!layers) return tl::unexpected(layers.error());
      before = layers->size();
      layers->insert(layers->end(), added_layers.begin(), added_layers.end());
      auto manifest = manifest_of_layers(*layers);
      if (!manifest) return tl::unexpected(manifest.error());
      return std::move(*manifest);
    };
    if (const auto done = document_.update(tag_of(subject, group.first), edit); !done)
      return tl::unexpected(with_list_kept(done.error(), before));
  }
  return {};
}

Outcome<std::vector<Entry>> CosignTag::discover(const Subject& subject, const Filter& filter) {
  std::vector<std::string> labels(kLabels.begin(), kLabels.end());
  if (filter.label) labels = {*filter.label};
  std::vector<Entry> entries;
  for (const auto& label : labels) {
    auto read = document_.read(tag_of(subject, label));
    if (!read) return tl::unexpected(read.error());
    const std::optional<oci::Content> found = std::move(*read);
    if (!found) continue;
    const auto layers = layers_of(*found);
    if (!layers) return tl::unexpected(layers.error());
    for (const auto& layer : *layers) {
      auto entry = entry_of(layer);
      entry.tag = tag_of(subject, label);
      if (matches(entry, filter)) entries.push_back(std::move(entry));
    }
  }
  return entries;
}

Outcome<std::string> CosignTag::fetch(const Entry& entry) {
  return wire().get_blob(entry.descriptor.digest);
}

void CosignTag::fetch_each(std::span<const Entry* const> entries, const Arrived& arrived) {
  Questions questions;
  for (std::size_t at = 0; at < entries.size(); ++at) {
    questions.add({Ask::Kind::kBlob, entries[at]->descriptor.digest, [&arrived, at](Outcome<http::Response> answer) {
                     if (!answer) return arrived(at, tl::unexpected(answer.error()));
                     arrived(at, std::move(answer->body));
                   }});
  }
  questions.run(wire(), in_flight());
}

Outcome<void> CosignTag::detach(Subject& /*subject*/, const Entry& entry) {
  const auto edit = [&](const std::optional<oci::Content>& found) -> Outcome<std::optional<oci::Content>> {
    if (!found) return std::nullopt;
    auto layers = layers_of(*found);
    if (!layers) return tl::unexpected(layers.error());
    std::erase_if(*layers, [&](const oci::Descriptor& layer) { return same(layer, entry.descriptor); });
    auto manifest = manifest_of_layers(*layers);
    if (!manifest) return tl::unexpected(manifest.error());
    return std::move(*manifest);
  };
  if (const auto done = document_.update(entry.tag, edit); !done) return tl::unexpected(done.error());
  return {};
}

Outcome<void> CosignTag::remove(Subject& subject) {
  for (const auto label : kLabels) {
    auto read = document_.read(tag_of(subject, label));
    if (!read) return tl::unexpected(read.error());
    const std::optional<oci::Content> found = std::move(*read);
    if (!found) continue;
    if (auto removed = wire().delete_manifest(found->digest().str()); !removed) return removed;
  }
  return wire().delete_manifest(subject.descriptor.digest);
}

Outcome<std::vector<Parcel>> CosignTag::pack(const Subject& subject) {
  std::vector<Parcel> parcels;
  for (const auto label : kLabels) {
    auto read = document_.read(tag_of(subject, label));
    if (!read) return tl::unexpected(read.error());
    std::optional<oci::Content> found = std::move(*read);
    if (!found) continue;
    auto blobs = blobs_of(wire(), *found);
    if (!blobs) return tl::unexpected(blobs.error());
    Entry entry;
    entry.tag = tag_of(subject, label);
    parcels.push_back({std::move(*found), std::move(*blobs), std::move(entry)});
  }
  return parcels;
}

Outcome<void> CosignTag::unpack(Subject& /*subject*/, const std::vector<Parcel>& parcels) {
  for (const auto& parcel : parcels) {
    for (const auto& blob : parcel.blobs) {
      if (auto pushed = wire().push_blob(blob); !pushed) return pushed;
    }
    if (auto put = wire().put_manifest(parcel.entry.tag, parcel.manifest); !put) return tl::unexpected(put.error());
  }
  return {};
}

Variant variant_cosign_tag() {
  return {"cosign/tag", "", "oci-1.0", false, false, opens<CosignTag>(), {Trail::Kind::kLayers, "", ""}};
}

}  // namespace referee::proposals
