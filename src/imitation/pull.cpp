#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "operations.hpp"
#include "referee/oci/json_depth.hpp"
#include "referee/oci/layout.hpp"
#include "referee/oci/media_types.hpp"
#include "referee/oci/select.hpp"

namespace referee::imitation {
namespace {

/// What the defects are defects of.
constexpr std::string_view kSoundReading = "in-order/platformless-last";
constexpr oci::SelectionLimits kPullLimits{64, 256};

/// The config and layers of a manifest.
Done<std::vector<oci::Descriptor>> blobs_of(const oci::Content& manifest) {
  std::vector<oci::Descriptor> blobs;
  if (oci::is_deeper_than(manifest.bytes(), oci::kDeepestJson)) {
    return tl::unexpected(std::string("the manifest is nested too deeply"));
  }
  const auto json = nlohmann::json::parse(manifest.bytes(), nullptr, false);
  if (!json.is_object() || !json.contains("config") || !json.contains("layers") || !json["layers"].is_array()) {
    return tl::unexpected(std::string("the manifest has no config and layers"));
  }
  auto config = oci::descriptor_from_json(json["config"]);
  if (!config) return tl::unexpected("the config: " + config.error());
  blobs.push_back(std::move(*config));
  for (const auto& value : json["layers"]) {
    auto layer = oci::descriptor_from_json(value);
    if (!layer) return tl::unexpected("a layer: " + layer.error());
    blobs.push_back(std::move(*layer));
  }
  return blobs;
}

bool is_image_config(const oci::Descriptor& config) {
  return config.media_type == oci::media_type::kConfig || config.media_type == oci::media_type::kDockerConfig;
}

class Puller {
 public:
  Puller(const Imitation& imitation, const Order& order, Reference reference)
      : imitation_(imitation),
        order_(order),
        reference_(std::move(reference)),
        session_(imitation, order, reference_) {}

  Done<std::string> run() {
    const auto root = get_manifest(session_, reference_.reference);
    if (!root) return tl::unexpected(root.error());
    const auto* selector = oci::find_selector(imitation_.name);
    if (selector == nullptr) selector = oci::find_selector(kSoundReading);
    const auto selection = oci::select(
        *selector, *root, order_.platform, [&](const oci::Descriptor& entry) { return fetch(entry); }, kPullLimits);
    if (!selection.chosen) return tl::unexpected(selection.reason);
    const auto chosen =
        selection.chosen->digest == root->digest().str() ? Done<oci::Content>(*root) : fetch(*selection.chosen);
    if (!chosen) return tl::unexpected(chosen.error());
    if (imitation_.name == "t.pulls-attachments") fetch_everything(*root);
    return store(*chosen);
  }

 private:
  Done<oci::Content> fetch(const oci::Descriptor& entry) { return get_manifest(session_, entry); }

  /// The defect: whatever the index lists, its blobs are downloaded.
  void fetch_everything(const oci::Content& root) {
    const auto json = nlohmann::json::parse(root.bytes(), nullptr, false);
    if (!json.is_object() || !json.contains("manifests")) return;
    for (const auto& value : json["manifests"]) {
      const auto entry = oci::descriptor_from_json(value);
      if (!entry) continue;
      const auto blobs = fetch(*entry).and_then(blobs_of);
      if (!blobs) continue;
      for (const auto& blob : *blobs) (void)get_blob(session_, blob);
    }
  }

  Done<std::string> store(const oci::Content& manifest) {
    const auto blobs = blobs_of(manifest);
    if (!blobs) return tl::unexpected(blobs.error());
    if (!is_image_config(blobs->front())) {
      return tl::unexpected(
          fmt::format("{} is no image: its config is {}", manifest.digest().str(), blobs->front().media_type));
    }
    const auto layout = oci::Layout::create(order_.output);
    if (!layout) return tl::unexpected(layout.error().message);
    for (const auto& blob : *blobs) {
      const auto content = get_blob(session_, blob);
      if (!content) return tl::unexpected(content.error());
      if (const auto put = layout->put(*content); !put) return tl::unexpected(put.error().message);
    }
    auto entry = manifest.descriptor();
    entry.annotations[std::string(oci::kRefName)] = reference_.reference;
    const auto put = layout->put(manifest).and_then([&] { return layout->add(entry); });
    if (!put) return tl::unexpected(put.error().message);
    return manifest.digest().str() + "\n";
  }

  const Imitation& imitation_;
  const Order& order_;
  Reference reference_;
  Session session_;
};

}  // namespace

Done<std::string> pull(const Imitation& imitation, const Order& order) {
  if (order.output.empty()) return tl::unexpected(std::string("--output names no folder"));
  return parse_reference(order.reference).and_then([&](Reference reference) {
    return Puller(imitation, order, std::move(reference)).run();
  });
}

}  // namespace referee::imitation
