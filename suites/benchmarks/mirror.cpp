#include "mirror.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "referee/oci/json_depth.hpp"

namespace referee::suites::benchmarks {
namespace {

constexpr int kMostNested = 8;

}  // namespace

Mirror::Mirror(Client& client, const proposals::Variant& variant, const Image& image)
    : client_(client), variant_(variant) {
  image_ = {image.index.digest().str(), image.package.digest().str()};
  for (const auto& blob : image.package.blobs) image_.insert(blob.digest().str());
}

void Mirror::count(const std::string& digest, std::int64_t size, Fetched& fetched) {
  if (!held_.insert(digest).second || size < 0) return;
  (image_.contains(digest) ? fetched.image : fetched.references) += static_cast<std::uint64_t>(size);
}

Mirror::Done Mirror::take(const oci::Content& manifest, Fetched& fetched, int depth) {
  if (depth > kMostNested || oci::is_deeper_than(manifest.bytes(), oci::kDeepestJson)) {
    return tl::unexpected(manifest.digest().str() + " is nested too deeply");
  }
  if (held_.contains(manifest.digest().str())) return {};
  count(manifest.digest().str(), manifest.size(), fetched);
  const auto json = nlohmann::json::parse(manifest.bytes(), nullptr, false);
  if (!json.is_object()) return tl::unexpected(manifest.digest().str() + " is no JSON object");
  for (const char* key : {"config", "layers", "blobs", "objects", "manifests"}) {
    if (!json.contains(key)) continue;
    for (const auto& value : json[key].is_array() ? json[key] : nlohmann::json::array({json[key]})) {
      const auto descriptor = oci::descriptor_from_json(value);
      if (!descriptor || held_.contains(descriptor->digest)) continue;
      if (std::string_view(key) != "manifests") {
        count(descriptor->digest, descriptor->size, fetched);
        continue;
      }
      const auto answer = client_.wire->get_manifest(descriptor->digest);
      if (!answer) return tl::unexpected(answer.error().message);
      const auto child = proposals::content_of(*answer, descriptor->digest);
      if (!child) return tl::unexpected(child.error().message);
      if (auto done = take(*child, fetched, depth + 1); !done) return done;
    }
  }
  return {};
}

Mirror::Done Mirror::take_tag(const std::string& tag, Fetched& fetched) {
  const auto answer = client_.wire->get_manifest(tag, {200, 404});
  if (!answer) return tl::unexpected(answer.error().message);
  if (answer->status == 404) return {};
  const auto content = proposals::content_of(*answer);
  return content ? take(*content, fetched) : Done(tl::unexpected(content.error().message));
}

tl::expected<Mirror::Fetched, std::string> Mirror::synchronise(const proposals::Subject& subject) {
  using Kind = proposals::Trail::Kind;
  Fetched fetched;
  auto done = take_tag(subject.tag, fetched);
  const auto second = oci::referrers_tag(subject.descriptor.digest);
  if (done && variant_.trail.kind == Kind::kListTag) done = take_tag(second, fetched);
  if (done && variant_.trail.kind == Kind::kLayers) done = take_tag(second + ".sig", fetched);
  if (!done) return tl::unexpected(done.error());
  if (variant_.trail.kind != Kind::kField && variant_.trail.kind != Kind::kTag) return fetched;
  // Those that have a list of their own are read whole: they say themselves how.
  const auto parcels = client_.proposal->pack(subject);
  if (!parcels) return tl::unexpected(parcels.error().message);
  for (const auto& parcel : *parcels) {
    count(parcel.manifest.digest().str(), parcel.manifest.size(), fetched);
    for (const auto& blob : parcel.blobs) count(blob.digest().str(), blob.size(), fetched);
  }
  return fetched;
}

}  // namespace referee::suites::benchmarks
