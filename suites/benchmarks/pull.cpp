#include "pull.hpp"

#include <fmt/format.h>

#include <deque>
#include <nlohmann/json.hpp>

#include "referee/oci/json_depth.hpp"
#include "referee/oci/select.hpp"

namespace referee::suites::benchmarks {
namespace {

using Wrong = tl::unexpected<std::string>;

tl::expected<oci::Content, std::string> manifest(Client& client, const std::string& reference,
                                                 const std::string& digest) {
  const auto answer = client.wire->get_manifest(reference);
  if (!answer) return Wrong(answer.error().message);
  auto content = proposals::content_of(*answer, digest);
  if (!content) return Wrong(content.error().message);
  return std::move(*content);
}

tl::expected<std::vector<std::string>, std::string> blobs_in(const oci::Content& manifest) {
  const auto broken = Wrong(fmt::format("manifest {} has no config and layers", manifest.digest().str()));
  if (oci::is_deeper_than(manifest.bytes(), oci::kDeepestJson)) return broken;
  const auto document = nlohmann::json::parse(manifest.bytes(), nullptr, false);
  if (!document.is_object() || !document.contains("config") || !document.contains("layers") ||
      !document["layers"].is_array()) {
    return broken;
  }
  std::vector<std::string> digests;
  auto list = document["layers"];
  list.push_back(document["config"]);
  for (const auto& item : list) {
    const auto descriptor = oci::descriptor_from_json(item);
    if (!descriptor) return broken;
    digests.push_back(descriptor->digest);
  }
  return digests;
}

}  // namespace

proposals::Outcome<oci::Content> pull_root(proposals::Wire& wire, proposals::Subject& subject) {
  const auto answer = wire.get_manifest(subject.tag);
  if (!answer) return tl::unexpected(answer.error());
  auto root = proposals::content_of(*answer);
  if (root) subject.root = *root;
  return root;
}

tl::expected<PulledImage, std::string> pull_image(Client& client, const std::string& tag, std::size_t parallel) {
  auto root = manifest(client, tag, "");
  if (!root) return Wrong(root.error());
  const auto fetch = [&](const oci::Descriptor& entry) { return manifest(client, entry.digest, entry.digest); };
  const auto selection = oci::select(oci::selectors().front(), *root, {"amd64", "linux", "", ""}, fetch);
  if (!selection.chosen) return Wrong(fmt::format("no image for linux/amd64: {}", selection.reason));
  auto chosen = *root;
  if (selection.chosen->digest != root->digest().str()) {
    auto read = manifest(client, selection.chosen->digest, selection.chosen->digest);
    if (!read) return Wrong(read.error());
    chosen = std::move(*read);
  }
  const auto digests = blobs_in(chosen);
  if (!digests) return Wrong(digests.error());
  std::deque<std::string> waiting(digests->begin(), digests->end());
  std::string failure;
  client.wire->ask(parallel, [&]() -> std::optional<proposals::Ask> {
    if (waiting.empty()) return std::nullopt;
    auto digest = std::move(waiting.front());
    waiting.pop_front();
    return proposals::Ask{proposals::Ask::Kind::kBlob, std::move(digest),
                          [&failure](const proposals::Outcome<http::Response>& answer) {
                            if (!answer) failure = answer.error().message;
                          }};
  });
  if (!failure.empty()) return Wrong(failure);
  return PulledImage{std::move(*root), std::move(chosen), digests->size()};
}

}  // namespace referee::suites::benchmarks
