#include "detached.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <set>

#include "referee/http/url.hpp"

namespace referee::proposals {
namespace {

constexpr int kMostPages = 10'000;

}  // namespace

Outcome<std::vector<Entry>> read_pages(Wire& wire, Outcome<http::Response> first, const char* key,
                                       std::string_view wanted) {
  std::vector<Entry> all;
  auto page = std::move(first);
  for (int number = 0; number < kMostPages; ++number) {
    if (!page) return tl::unexpected(page.error());
    auto descriptors = descriptors_in(*page, key, wanted);
    if (!descriptors) return tl::unexpected(descriptors.error());
    all.reserve(all.size() + descriptors->size());
    for (auto& descriptor : *descriptors) all.push_back(entry_of(std::move(descriptor)));
    const auto link = page->header("Link");
    const auto next = link ? http::link_next(*link) : std::string();
    if (next.empty()) return all;
    page = wire.follow(http::resolve(page->url, next));
  }
  return tl::unexpected(Failure{FailureKind::kBroken, fmt::format("the list has more than {} pages", kMostPages)});
}

Outcome<std::vector<oci::Content>> blobs_of(Wire& wire, const oci::Content& manifest) {
  std::vector<oci::Content> blobs;
  const auto empty = oci::empty_blob();
  std::set<std::string> known;
  const auto json = parse_document(manifest.bytes());
  for (const char* key : {"config", "layers", "blobs", "objects"}) {
    if (!json.is_object() || !json.contains(key)) continue;
    for (const auto& value : json[key].is_array() ? json[key] : nlohmann::json::array({json[key]})) {
      const auto descriptor = oci::descriptor_from_json(value);
      if (!descriptor || !known.insert(descriptor->digest).second) continue;
      if (descriptor->digest == empty.digest().str()) {
        blobs.push_back(empty);
        continue;
      }
      auto bytes = wire.get_blob(descriptor->digest);
      if (!bytes) return tl::unexpected(bytes.error());
      const auto digest = oci::Digest::parse(descriptor->digest);
      blobs.emplace_back(descriptor->media_type, std::move(*bytes),
                         digest ? digest->algorithm() : oci::Algorithm::kSha256);
    }
  }
  return blobs;
}

Outcome<oci::Content> manifest_of(Wire& wire, const Entry& entry) {
  if (entry.manifest) return *entry.manifest;
  // A listing of tags does not say the digests.
  const auto answer = wire.get_manifest(entry.descriptor.digest.empty() ? entry.tag : entry.descriptor.digest);
  if (!answer) return tl::unexpected(answer.error());
  return content_of(*answer, entry.descriptor.digest);
}

Outcome<Support> Detached::prepare() {
  const Wire::Uncounted uncounted(wire());
  if (auto pushed = wire().push_blob(oci::empty_blob()); !pushed) return tl::unexpected(pushed.error());
  return probe();
}

Outcome<void> Detached::put(const Parcel& parcel) {
  for (const auto& blob : parcel.blobs) {
    if (auto pushed = wire().push_blob(blob); !pushed) return pushed;
  }
  const auto answer = wire().put_manifest(parcel.manifest.digest().str(), parcel.manifest);
  if (!answer) return tl::unexpected(answer.error());
  return {};
}

Outcome<void> Detached::attach(Subject& subject, std::span<const Attachment> attachments) {
  for (const auto& attachment : attachments) {
    if (auto done = put(build(attachment, subject.descriptor)); !done) return done;
  }
  return {};
}

Outcome<std::vector<Entry>> Detached::discover(const Subject& subject, const Filter& filter) {
  auto entries = list(subject, filter);
  if (entries) std::erase_if(*entries, [&](const Entry& entry) { return !matches(entry, filter); });
  return entries;
}

Outcome<std::string> Detached::fetch(const Entry& entry) {
  if (entry.payload) return *entry.payload;
  const auto manifest = manifest_of(wire(), entry);
  if (!manifest) return tl::unexpected(manifest.error());
  if (auto carried = carried_payload(manifest->bytes(), annotations_of(manifest->bytes()))) return std::move(*carried);
  const auto payload = payload_descriptor(manifest->bytes());
  if (!payload) return tl::unexpected(Failure{FailureKind::kBroken, entry.descriptor.digest + " has no payload"});
  return wire().get_blob(payload->digest);
}

Outcome<void> Detached::remove_one(const Entry& entry) {
  return wire().delete_manifest(entry.descriptor.digest);
}

Outcome<void> Detached::detach(Subject& /*subject*/, const Entry& entry) {
  return remove_one(entry);
}

Outcome<void> Detached::remove(Subject& subject) {
  const auto entries = list(subject, {});
  if (!entries) return tl::unexpected(entries.error());
  for (const auto& entry : *entries) {
    if (auto removed = remove_one(entry); !removed) return removed;
  }
  return wire().delete_manifest(subject.descriptor.digest);
}

Outcome<Parcel> Detached::pick_up(const Entry& entry) {
  auto manifest = manifest_of(wire(), entry);
  if (!manifest) return tl::unexpected(manifest.error());
  auto blobs = blobs_of(wire(), *manifest);
  if (!blobs) return tl::unexpected(blobs.error());
  return Parcel{std::move(*manifest), std::move(*blobs), entry};
}

Outcome<std::vector<Parcel>> Detached::pack(const Subject& subject) {
  const auto entries = list(subject, {});
  if (!entries) return tl::unexpected(entries.error());
  std::vector<Parcel> parcels;
  for (const auto& entry : *entries) {
    auto parcel = pick_up(entry);
    if (!parcel) return tl::unexpected(parcel.error());
    parcels.push_back(std::move(*parcel));
  }
  return parcels;
}

Outcome<void> Detached::unpack(Subject& /*subject*/, const std::vector<Parcel>& parcels) {
  for (const auto& parcel : parcels) {
    if (auto done = put(parcel); !done) return done;
  }
  return {};
}

}  // namespace referee::proposals
