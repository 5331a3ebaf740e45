#include "listed.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <future>
#include <thread>

namespace referee::proposals {
namespace {

/// Calls work for parts of a range, on several threads if there is enough of it: entries that carry their manifests
/// cost two digests each.
void side_by_side(std::size_t count, const std::function<void(std::size_t begin, std::size_t end)>& work) {
  constexpr std::size_t kWorthAThread = 128;
  const std::size_t most = std::clamp(std::thread::hardware_concurrency(), 1U, 8U);
  const auto parts = std::clamp<std::size_t>(count / kWorthAThread, 1, most);
  std::vector<std::future<void>> others;
  for (std::size_t part = 1; part < parts; ++part) {
    others.push_back(
        std::async(std::launch::async, [&, part] { work(count * part / parts, count * (part + 1) / parts); }));
  }
  work(0, count / parts);
  for (auto& other : others) other.get();
}

}  // namespace

Outcome<Support> Listed::prepare() {
  auto support = Detached::prepare();
  if (!support || !support->present || !settings().conditions) return support;
  document_.set_conditional(honours_conditions(wire(), index_of({}), "referee-conditions"));
  return support;
}

Parcel Listed::build(const Attachment& attachment, const oci::Descriptor& /*subject*/) const {
  return image_artifact(attachment, {}, {.field = "", .typed = false});
}

Outcome<std::optional<oci::Content>> Listed::current(const Subject& subject) {
  const auto tag = list_tag(subject);
  if (!tag) return tl::unexpected(tag.error());
  return document_.read(*tag);
}

Outcome<oci::Content> Listed::begin(const Subject& /*subject*/, const std::optional<oci::Content>& found) const {
  if (!found) return index_of({});
  return tl::unexpected(
      Failure{FailureKind::kBroken, fmt::format("the tag holds {} ({}), not a list of attachments; it is left alone",
                                                found->digest().str(), found->media_type())});
}

bool Listed::is_list(const Subject& /*subject*/, const oci::Content& found) const {
  return is_index(found);
}

oci::Descriptor Listed::list_line(const Parcel& parcel, const Subject& /*subject*/) const {
  return list_entry(parcel);
}

bool Listed::is_attachment(const oci::Descriptor& descriptor, const Subject& subject) const {
  return descriptor.digest != subject.descriptor.digest;
}

Outcome<void> Listed::written(Subject& /*subject*/, const oci::Content& /*list*/) {
  return {};
}

Outcome<void> Listed::rewrite(Subject& subject,
                              const std::function<Outcome<oci::Content>(const oci::Content&)>& change) {
  const auto tag = list_tag(subject);
  if (!tag) return tl::unexpected(tag.error());
  std::optional<oci::Content> before;
  const auto edit = [&](const std::optional<oci::Content>& found) -> Outcome<std::optional<oci::Content>> {
    before = found;
    const auto list = found && is_list(subject, *found) ? Outcome<oci::Content>(*found) : begin(subject, found);
    if (!list) return tl::unexpected(list.error());
    auto changed = change(*list);
    if (!changed) return tl::unexpected(changed.error());
    return std::move(*changed);
  };
  auto list = document_.update(*tag, edit);
  if (!list) {
    const auto there = attached_in(subject, before);
    return tl::unexpected(with_list_kept(list.error(), there ? there->size() : 0));
  }
  const std::optional<oci::Content> now = std::move(*list);
  return now ? written(subject, *now) : Outcome<void>();
}

Outcome<void> Listed::annotate(Subject& subject, std::span<const Attachment> attachments) {
  Changes added;
  added.reserve(attachments.size());
  for (const auto& attachment : attachments) added.push_back(inline_annotation(attachment));
  return rewrite(subject, [&](const oci::Content& list) {
    return with_entry_annotations(list, subject.descriptor.digest, added);
  });
}

Outcome<void> Listed::attach(Subject& subject, std::span<const Attachment> attachments) {
  if (annotated()) return annotate(subject, attachments);
  std::vector<oci::Descriptor> lines;
  for (const auto& attachment : attachments) {
    const auto parcel = build(attachment, subject.descriptor);
    if (auto done = put(parcel); !done) return done;
    lines.push_back(list_line(parcel, subject));
  }
  return rewrite(subject, [&](const oci::Content& list) { return with_entries(list, lines); });
}

Outcome<std::vector<Entry>> Listed::list(const Subject& subject, const Filter& /*filter*/) {
  const auto read = current(subject);
  if (!read) return tl::unexpected(read.error());
  return attached_in(subject, *read);
}

Outcome<std::vector<Entry>> Listed::attached_in(const Subject& subject,
                                                const std::optional<oci::Content>& found) const {
  std::vector<Entry> entries;
  if (!found || !is_list(subject, *found)) return entries;
  oci::Annotations own;
  auto descriptors = entries_of(*found, &own);
  if (!descriptors) return tl::unexpected(descriptors.error());
  const auto add_carried = [&](const oci::Annotations& annotations) {
    for (const auto& [key, value] : annotations) {
      if (auto entry = inline_entry(key, value)) entries.push_back(std::move(*entry));
    }
  };
  add_carried(own);
  std::vector<oci::Descriptor> attachments;
  attachments.reserve(descriptors->size());
  for (auto& descriptor : *descriptors) {
    if (is_attachment(descriptor, subject)) {
      attachments.push_back(std::move(descriptor));
    } else {
      add_carried(descriptor.annotations);
    }
  }
  const auto carried = entries.size();
  entries.resize(carried + attachments.size());
  side_by_side(attachments.size(), [&](std::size_t begin, std::size_t end) {
    for (auto at = begin; at < end; ++at) entries[carried + at] = entry_of(std::move(attachments[at]));
  });
  return entries;
}

Outcome<void> Listed::detach(Subject& subject, const Entry& entry) {
  const bool carried = entry.tag.starts_with(kInlinePrefix);
  auto done = rewrite(subject, [&](const oci::Content& list) {
    return carried ? with_entry_annotations(list, subject.descriptor.digest, {{entry.tag, ""}})
                   : without_entry(list, entry.descriptor.digest);
  });
  return !done || carried ? done : remove_one(entry);
}

Outcome<void> Listed::remove(Subject& subject) {
  const auto tag = list_tag(subject);
  if (!tag) return tl::unexpected(tag.error());
  const auto entries = list(subject, {});
  if (!entries) return tl::unexpected(entries.error());
  for (const auto& entry : *entries) {
    if (entry.tag.starts_with(kInlinePrefix)) continue;
    if (auto removed = remove_one(entry); !removed) return removed;
  }
  if (auto removed = wire().delete_manifest(*tag); !removed) return removed;
  return wire().delete_manifest(subject.descriptor.digest);
}

Outcome<std::vector<Parcel>> Listed::pack(const Subject& subject) {
  if (!annotated()) return Detached::pack(subject);
  auto entries = list(subject, {});
  if (!entries) return tl::unexpected(entries.error());
  std::vector<Parcel> parcels;
  for (auto& entry : *entries) {
    parcels.push_back({oci::Content(entry.artifact_type, entry.payload.value_or("")), {}, std::move(entry)});
  }
  return parcels;
}

Outcome<void> Listed::unpack(Subject& subject, const std::vector<Parcel>& parcels) {
  if (annotated()) {
    std::vector<Attachment> again;
    for (const auto& parcel : parcels) {
      again.push_back({parcel.entry.artifact_type, "", parcel.entry.annotations, parcel.manifest});
    }
    return again.empty() ? Outcome<void>() : annotate(subject, again);
  }
  std::vector<oci::Descriptor> lines;
  for (const auto& parcel : parcels) {
    if (auto done = put(parcel); !done) return done;
    lines.push_back(list_line(parcel, subject));
  }
  if (lines.empty()) return {};
  return rewrite(subject, [&](const oci::Content& list) { return with_entries(list, lines); });
}

Outcome<std::string> InImage::list_tag(const Subject& subject) const {
  if (!subject.tag.empty()) return subject.tag;
  return tl::unexpected(
      Failure{FailureKind::kUnsupported,
              "attachments live in the image's own index: an image without a tag has no place for them"});
}

Outcome<std::optional<oci::Content>> InImage::current(const Subject& subject) {
  // Whoever looks for attachments here has pulled the image, and with it the list.
  return subject.root;
}

Outcome<oci::Content> InImage::begin(const Subject& subject, const std::optional<oci::Content>& found) const {
  if (!found) {
    return tl::unexpected(Failure{FailureKind::kBroken, fmt::format("tag {} is gone", subject.tag), 404});
  }
  return index_of({subject.descriptor});
}

bool InImage::is_list(const Subject& /*subject*/, const oci::Content& found) const {
  return is_index(found);
}

Outcome<void> InImage::written(Subject& subject, const oci::Content& list) {
  subject.root = list;
  return {};
}

Outcome<std::vector<Parcel>> InImage::pack(const Subject& /*subject*/) {
  return std::vector<Parcel>{};
}

Outcome<void> InImage::unpack(Subject& /*subject*/, const std::vector<Parcel>& /*parcels*/) {
  return {};
}

Outcome<void> InImage::remove(Subject& subject) {
  // The rest is the collector's: nothing but the root keeps it.
  return wire().delete_manifest(subject.root ? subject.root->digest().str() : subject.descriptor.digest);
}

}  // namespace referee::proposals
