#include "d_digest_tag.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "referee/http/url.hpp"
#include "referee/oci/digest.hpp"
#include "registration.hpp"

namespace referee::proposals {
namespace {

constexpr std::size_t kLongestTag = 128;
constexpr int kMostTagPages = 10'000;

std::string prefix_of(const Subject& subject) {
  return oci::referrers_tag(subject.descriptor.digest) + ".";
}

std::vector<std::string> tags_in(const http::Response& page) {
  std::vector<std::string> tags;
  const auto json = parse_document(page.body);
  if (!json.is_object() || !json.contains("tags") || !json["tags"].is_array()) return tags;
  for (const auto& tag : json["tags"]) {
    if (tag.is_string()) tags.push_back(tag);
  }
  return tags;
}

}  // namespace

Outcome<Support> DDigestTag::probe() {
  const auto answer = wire().list_tags({}, {200, 404, 405});
  if (!answer) return tl::unexpected(answer.error());
  // A repository without a tag may be 404 before anything was tagged.
  return Support{answer->status != 405, fmt::format("GET of the tag list answered {}", answer->status)};
}

Parcel DDigestTag::build(const Attachment& attachment, const oci::Descriptor& subject) const {
  auto parcel = image_artifact(attachment, {}, {.field = "", .typed = false});
  parcel.entry.tag = fmt::format("{}.{}.{}", oci::referrers_tag(subject.digest),
                                 short_hash(parcel.manifest.digest().str()), attachment.label);
  return parcel;
}

Outcome<void> DDigestTag::put(const Parcel& parcel) {
  if (parcel.entry.tag.size() > kLongestTag) {
    return tl::unexpected(
        Failure{FailureKind::kLimit, fmt::format("the tag {} would have {} characters; {} are allowed",
                                                 parcel.entry.tag, parcel.entry.tag.size(), kLongestTag)});
  }
  for (const auto& blob : parcel.blobs) {
    if (auto pushed = wire().push_blob(blob); !pushed) return pushed;
  }
  const auto answer = wire().put_manifest(parcel.entry.tag, parcel.manifest);
  if (!answer) return tl::unexpected(answer.error());
  return {};
}

Outcome<void> DDigestTag::attach(Subject& subject, std::span<const Attachment> attachments) {
  for (const auto& attachment : attachments) {
    if (auto done = put(build(attachment, subject.descriptor)); !done) return done;
  }
  return {};
}

Outcome<std::vector<Entry>> DDigestTag::list(const Subject& subject, const Filter& /*filter*/) {
  // `last` need not exist, so the list can be entered just before the first tag of this subject.
  const auto prefix = prefix_of(subject);
  std::string last = oci::referrers_tag(subject.descriptor.digest);
  std::vector<Entry> entries;
  for (int number = 0; number < kMostTagPages; ++number) {
    Wire::Options options;
    options.query = {{"last", last}};
    if (settings().page > 0) options.query.emplace_back("n", std::to_string(settings().page));
    const auto page = wire().list_tags(options, {200, 404});
    if (!page) return tl::unexpected(page.error());
    const auto tags = page->status == 200 ? tags_in(*page) : std::vector<std::string>{};
    bool beyond = false;
    for (const auto& tag : tags) {
      if (tag.starts_with(prefix)) {
        Entry entry;
        entry.tag = tag;
        entries.push_back(std::move(entry));
      } else {
        beyond |= tag > prefix;
      }
    }
    const bool full = settings().page > 0 && tags.size() >= static_cast<std::size_t>(settings().page);
    if (beyond || tags.empty() || !(full || page->headers.has("Link")) || tags.back() <= last) return entries;
    last = tags.back();
  }
  return tl::unexpected(Failure{FailureKind::kBroken, "the tag list does not end"});
}

Outcome<std::vector<Entry>> DDigestTag::discover(const Subject& subject, const Filter& filter) {
  auto entries = list(subject, filter);
  if (!entries || (filter.artifact_type.empty() && !filter.label)) return entries;
  // Only the short name stands in the tag.
  const std::string suffix = "." + filter.label.value_or("");
  std::erase_if(*entries, [&](const Entry& entry) { return filter.label && !entry.tag.ends_with(suffix); });
  // It was asked for by that name.
  for (auto& entry : *entries) entry.artifact_type = filter.label ? filter.artifact_type : std::string();
  return entries;
}

Outcome<oci::Content> DDigestTag::read_tag(const Entry& entry) {
  const auto answer = wire().get_manifest(entry.tag);
  if (!answer) return tl::unexpected(answer.error());
  return manifest_in(entry, *answer);
}

Ask DDigestTag::first_question(const Entry& entry) const {
  return {Ask::Kind::kManifest, entry.tag, {}};
}

Outcome<oci::Content> DDigestTag::manifest_in(const Entry& entry, const http::Response& answer) const {
  auto manifest = content_of(answer);
  if (!manifest) return manifest;
  const auto hash = "." + short_hash(manifest->digest().str()) + ".";
  if (entry.tag.find(hash) != std::string::npos) return manifest;
  return tl::unexpected(Failure{
      FailureKind::kBroken,
      fmt::format("tag {} leads to {}, which its hash does not name", entry.tag, manifest->digest().str()), 200});
}

Outcome<void> DDigestTag::describe(std::vector<Entry>& entries, Detail detail) {
  const auto told = [](const Entry& entry) { return !entry.artifact_type.empty(); };
  if (detail == Detail::kType && std::ranges::all_of(entries, told)) return {};
  const auto question = [this](const Entry& entry) { return first_question(entry); };
  const auto read = [this](Entry& entry, const http::Response& answer) -> Outcome<void> {
    auto manifest = manifest_in(entry, answer);
    if (!manifest) return tl::unexpected(manifest.error());
    entry.descriptor = manifest->descriptor();
    tell(entry, std::move(*manifest));
    return {};
  };
  // Anyone may put a tag there that leads nowhere.
  return read_manifests(*this, entries, question, read, Unreadable::kIsSkipped);
}

Outcome<std::string> DDigestTag::fetch(const Entry& entry) {
  if (entry.manifest) return Detached::fetch(entry);
  auto manifest = read_tag(entry);
  if (!manifest) return tl::unexpected(manifest.error());
  Entry known = entry;
  known.descriptor = manifest->descriptor();
  known.manifest = std::move(*manifest);
  return Detached::fetch(known);
}

Outcome<void> DDigestTag::remove_one(const Entry& entry) {
  return wire().delete_manifest(entry.tag);
}

Outcome<void> DDigestTag::remove(Subject& subject) {
  const auto entries = list(subject, {});
  if (!entries) return tl::unexpected(entries.error());
  for (const auto& entry : *entries) {
    // The tag has sixteen characters of the digest: the manifest behind it must be read to be deleted.
    const auto manifest = read_tag(entry);
    if (auto removed = remove_one(entry); !removed) return removed;
    if (!manifest) continue;
    if (auto removed = wire().delete_manifest(manifest->digest().str()); !removed) return removed;
  }
  return wire().delete_manifest(subject.descriptor.digest);
}

Outcome<Parcel> DDigestTag::pick_up(const Entry& entry) {
  auto manifest = read_tag(entry);
  if (!manifest) return tl::unexpected(manifest.error());
  Entry known = entry;
  known.descriptor = manifest->descriptor();
  known.manifest = std::move(*manifest);
  auto parcel = Detached::pick_up(known);
  if (parcel) parcel->entry.artifact_type = type_of(parcel->manifest.bytes());
  return parcel;
}

Outcome<void> DDigestTag::unpack(Subject& subject, const std::vector<Parcel>& parcels) {
  for (auto parcel : parcels) {
    if (parcel.entry.tag.empty()) {  // from another variant, whose listing has no short names
      parcel.entry.tag = fmt::format("{}{}.artifact", prefix_of(subject), short_hash(parcel.manifest.digest().str()));
    }
    if (auto done = put(parcel); !done) return done;
  }
  return {};
}

Variant variant_d_digest_tag() {
  return {"D/digest-tag", "D", "oci-1.0", false, false, opens<DDigestTag>(), {Trail::Kind::kTag, "", ""}};
}

}  // namespace referee::proposals
