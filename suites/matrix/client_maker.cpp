#include "client_maker.hpp"

#include <nlohmann/json.hpp>

namespace referee::suites::clients {
namespace {

/// Large enough to be cut in the middle on the wire.
constexpr std::size_t kFileSize = 64UL * 1024;
constexpr std::string_view kNote = "org.referee.note";

std::string_view config_type(const oci::Package& package) {
  return package.blobs.empty() ? std::string_view{} : std::string_view(package.blobs.front().media_type());
}

}  // namespace

Maker::Maker(std::uint64_t seed, const std::string& check, const std::string& label, oci::Platform platform)
    : platform_(std::move(platform)), random_(seed, "client " + check + " " + label) {
  // Clients may remember a tag: the two trials of a check share none.
  scenery_.repository = "referee/" + check + (label.empty() ? "" : "-" + label);
}

oci::Package Maker::image() {
  auto layer = oci::tar_layer(random_, kFileSize, "etc/referee", oci::media_type::kLayer);
  auto config = oci::image_config(platform_, {layer.digest().str()});
  return oci::ManifestBuilder().config(std::move(config)).layer(std::move(layer)).pretty().build();
}

oci::Package Maker::referrer(const oci::Content& subject, std::string_view type) {
  return oci::referrer(random_, subject.descriptor(), type, {{std::string(kNote), random_.hex(16)}});
}

void Maker::push(const std::string& label, const oci::Package& package, const std::string& tag) {
  for (const auto& blob : package.blobs) push_blob(blob);
  if (!package.blobs.empty()) scenery_.parts.insert_or_assign(label + ".config", package.blobs.front());
  if (package.blobs.size() > 1) scenery_.parts.insert_or_assign(label + ".layer", package.blobs.back());
  push_manifest(label, package.manifest, tag);
}

void Maker::push_blob(const oci::Content& blob) {
  scenery_.items.push_back({blob, true, blob.digest().str()});
}

void Maker::push_manifest(const std::string& label, const oci::Content& manifest, const std::string& tag) {
  scenery_.parts.insert_or_assign(label, manifest);
  scenery_.items.push_back({manifest, false, manifest.digest().str()});
  if (!tag.empty()) scenery_.items.push_back({manifest, false, tag});
}

void Maker::push_fallback(const oci::Content& subject, const std::vector<oci::Package>& referrers) {
  oci::IndexBuilder index;
  for (const auto& referrer : referrers) index.manifest(listed(referrer));
  push_manifest("fallback", index.build(), oci::referrers_tag(subject.digest().str()));
}

void Maker::ask_tag(const std::string& tag) {
  scenery_.reference = scenery_.repository + ":" + tag;
}

void Maker::ask_digest(const oci::Content& content) {
  scenery_.reference = scenery_.repository + "@" + content.digest().str();
}

oci::Descriptor listed(const oci::Package& referrer) {
  auto descriptor = referrer.descriptor();
  const auto json = nlohmann::json::parse(referrer.manifest.bytes(), nullptr, false);
  descriptor.artifact_type = json.value("artifactType", std::string(config_type(referrer)));
  descriptor.annotations = json.value("annotations", oci::Annotations{});
  return descriptor;
}

void one_image(Maker& maker) {
  maker.push("image", maker.image(), "v1");
  maker.ask_tag("v1");
}

void one_image_by_digest(Maker& maker) {
  one_image(maker);
  maker.ask_digest(maker.scenery().part("image"));
}

void image_in_index(Maker& maker) {
  const auto image = maker.image();
  maker.push("image", image);
  auto entry = image.descriptor();
  entry.platform = maker.platform();
  maker.push_manifest("index", oci::IndexBuilder().manifest(entry).build(), "v1");
  maker.ask_tag("v1");
}

void one_blob(Maker& maker) {
  one_image(maker);
  maker.ask_digest(maker.scenery().part("image.layer"));
}

void many_tags(Maker& maker) {
  const auto image = maker.image();
  for (const auto* tag : {"v1", "v2", "v3", "v4", "v5"}) maker.push("image", image, tag);
  maker.ask_tag("v1");
}

void some_referrers(Maker& maker) {
  one_image(maker);
  const auto subject = maker.scenery().part("image");
  maker.push("first", maker.referrer(subject));
  maker.push("second", maker.referrer(subject));
  maker.push("other", maker.referrer(subject, Maker::kOtherType));
}

void image_alone(Maker& maker) {
  one_image(maker);
  maker.scenery().call = {{"type", std::string(Maker::kType)}, {"key", std::string(kNote)}, {"value", "attached"}};
}

void image_in_layout(Maker& maker) {
  const auto image = maker.image();
  maker.scenery().parts.insert_or_assign("image", image.manifest);
  maker.scenery().layout = image;
  maker.ask_tag("v1");
}

void referrer_in_layout(Maker& maker) {
  one_image(maker);
  const auto referrer = maker.referrer(maker.scenery().part("image"));
  maker.scenery().parts.insert_or_assign("referrer", referrer.manifest);
  maker.scenery().layout = referrer;
  maker.ask_tag("artifact");
}

}  // namespace referee::suites::clients
