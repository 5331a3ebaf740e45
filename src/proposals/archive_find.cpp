#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <set>

#include "archive.hpp"
#include "image_index.hpp"
#include "listed.hpp"
#include "referee/oci/digest.hpp"

namespace referee::proposals::archive {
namespace {

/// An entry with what its manifest says.
Entry read_entry(const oci::Descriptor& descriptor, const oci::Content& manifest) {
  auto entry = entry_of(descriptor);
  // Nodes say it in their description.
  const auto json = parse_document(manifest.bytes());
  const bool described = json.is_object() && json.contains("description") && json["description"].is_string();
  const auto about = described ? json["description"].get<std::string>() : manifest.bytes();
  entry.artifact_type = type_of(about);
  entry.annotations = annotations_of(about);
  entry.payload = carried_payload(manifest.bytes(), entry.annotations);
  entry.manifest = manifest;
  return entry;
}

/// What a listing says is kept; what our own layout added is not.
Entry bare_entry(oci::Descriptor descriptor) {
  descriptor.annotations.erase(std::string(oci::kRefName));
  descriptor.annotations.erase(std::string(kSubjectHint));
  return entry_of(descriptor);
}

class Search {
 public:
  Search(const oci::Layout& layout, const Variant& variant, const oci::Digest& subject)
      : layout_(layout), trail_(variant.trail), subject_(subject.str()), tag_(oci::referrers_tag(subject_)) {}

  Outcome<std::vector<Entry>> run() {
    const auto entries = layout_.entries();
    if (!entries) return layout_failure(entries.error());
    for (const auto& entry : *entries) {
      if (layout_.opened() - before_ > kMostManifests) {
        return tl::unexpected(Failure{FailureKind::kLimit, fmt::format("{}: the search would open more than {} files",
                                                                       layout_.path(), kMostManifests)});
      }
      if (auto looked = look_at(entry); !looked) return tl::unexpected(looked.error());
    }
    return std::move(found_);
  }

 private:
  Outcome<void> look_at(const oci::Descriptor& entry) {
    const auto name = oci::ref_name(entry);
    switch (trail_.kind) {
      case Trail::Kind::kField:
        return by_field(entry);
      case Trail::Kind::kTag:
        return by_tag(entry, name);
      case Trail::Kind::kLayers:
        return name.starts_with(tag_ + ".") ? layers_of_tag(entry, name) : Outcome<void>();
      case Trail::Kind::kListTag:
        return name == tag_ ? in_list(entry, true) : Outcome<void>();
      case Trail::Kind::kOwnIndex:
        // What stands on an index itself is known by that index's own digest alone.
        return entry.media_type == oci::media_type::kIndex ? in_list(entry, entry.digest == subject_) : Outcome<void>();
    }
    return {};
  }

  Outcome<oci::Content> open(const oci::Descriptor& descriptor) {
    auto content = layout_.get(descriptor, kMostManifest);
    if (!content) return layout_failure(content.error());
    return std::move(*content);
  }

  void add(Entry entry) {
    const auto key = entry.descriptor.digest + entry.tag;
    if (seen_.insert(key).second || trail_.kind == Trail::Kind::kLayers) found_.push_back(std::move(entry));
  }

  Outcome<void> by_field(const oci::Descriptor& entry) {
    if (const auto hint = entry.annotations.find(std::string(kSubjectHint)); hint != entry.annotations.end()) {
      if (hint->second == subject_) add(bare_entry(entry));
      return {};
    }
    if (entry.digest == subject_ || (!trail_.media_type.empty() && entry.media_type != trail_.media_type)) return {};
    const auto manifest = open(entry);
    if (!manifest) return tl::unexpected(manifest.error());
    if (subject_in(manifest->bytes(), trail_.key) == subject_) add(read_entry(entry, *manifest));
    return {};
  }

  Outcome<void> by_tag(const oci::Descriptor& entry, const std::string& name) {
    // The hash in the tag must be the artifact's own: whoever made the layout may have moved it.
    if (!name.starts_with(fmt::format("{}.{}.", tag_, short_hash(entry.digest)))) return {};
    auto found = bare_entry(entry);
    found.tag = name;
    add(std::move(found));
    return {};
  }

  Outcome<void> layers_of_tag(const oci::Descriptor& entry, const std::string& name) {
    const auto manifest = open(entry);
    if (!manifest) return tl::unexpected(manifest.error());
    for (const auto& layer : descriptors_below(manifest->bytes(), "layers")) {
      auto found = entry_of(layer);
      found.tag = name;
      add(std::move(found));
    }
    return {};
  }

  void add_carried(const oci::Annotations& annotations) {
    for (const auto& [key, value] : annotations) {
      if (auto entry = inline_entry(key, value)) add(std::move(*entry));
    }
  }

  /// `own`: the list is this subject's, so what stands on the list itself is meant too.
  Outcome<void> in_list(const oci::Descriptor& entry, bool own) {
    const auto list = open(entry);
    if (!list) return tl::unexpected(list.error());
    const auto lines = entries_of(*list);
    if (!lines) return tl::unexpected(lines.error());
    if (own) add_carried(annotations_of(list->bytes()));
    for (const auto& line : *lines) {
      const auto about = line.annotations.find(std::string(trail_.key));
      if (line.digest == subject_) {
        add_carried(line.annotations);
      } else if (trail_.key.empty() || (about != line.annotations.end() && about->second == subject_)) {
        add(entry_of(line));
      }
    }
    return {};
  }

  const oci::Layout& layout_;
  const Trail& trail_;
  std::string subject_;
  std::string tag_;
  std::uint64_t before_ = layout_.opened();
  std::vector<Entry> found_;
  std::set<std::string> seen_;
};

}  // namespace

std::string subject_in(std::string_view manifest, std::string_view field) {
  const auto found = descriptors_below(manifest, field);
  return found.size() == 1 ? found.front().digest : std::string();
}

Outcome<Finding> find(const oci::Layout& layout, const Variant& variant, const oci::Digest& subject) {
  const auto before = layout.opened();
  auto entries = Search(layout, variant, subject).run();
  if (!entries) return tl::unexpected(entries.error());
  return Finding{std::move(*entries), layout.opened() - before};
}

Outcome<std::string> fetch(const oci::Layout& layout, const Variant& variant, const Entry& entry) {
  if (entry.payload) return *entry.payload;
  const auto read = [&](const oci::Descriptor& descriptor) -> Outcome<std::string> {
    auto content = layout.get(descriptor);
    if (!content) return layout_failure(content.error());
    return content->bytes();
  };
  if (variant.trail.kind == Trail::Kind::kLayers) return read(entry.descriptor);
  const auto manifest = entry.manifest ? Outcome<std::string>(entry.manifest->bytes()) : read(entry.descriptor);
  if (!manifest) return tl::unexpected(manifest.error());
  if (auto carried = carried_payload(*manifest, annotations_of(*manifest))) return std::move(*carried);
  const auto payload = payload_descriptor(*manifest);
  if (!payload) return tl::unexpected(Failure{FailureKind::kBroken, entry.descriptor.digest + " has no payload"});
  return read(*payload);
}

}  // namespace referee::proposals::archive
