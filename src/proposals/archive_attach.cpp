#include <algorithm>

#include "archive.hpp"
#include "artifact.hpp"
#include "referee/oci/digest.hpp"

namespace referee::proposals::archive {
namespace {

/// An image layout in a registry's place: manifests by name or digest, and blobs. It has no API and speaks no HTTP;
/// what a proposal can only ask of a registry is unsupported.
class LayoutWire final : public Wire {
 public:
  /// `listed`: a manifest without a name gets an entry of its own, since nothing else leads to it.
  LayoutWire(const oci::Layout& layout, bool listed) : Wire(layout.path()), layout_(layout), listed_(listed) {}

  Outcome<http::Response> get_manifest(std::string_view reference, Statuses fine) override {
    const auto found = find(reference);
    if (!found) return tl::unexpected(found.error());
    http::Response answer;
    answer.status = found->media_type.empty() ? 404 : 200;
    if (std::ranges::find(fine, answer.status) == fine.end()) {
      return tl::unexpected(
          Failure{FailureKind::kRefused, std::string(reference) + " is not in the layout", answer.status});
    }
    if (answer.status == 404) return answer;
    auto content = layout_.get(*found, kMostManifest);
    if (!content) return layout_failure(content.error());
    answer.headers.set("Content-Type", content->media_type());
    answer.body = content->bytes();
    return answer;
  }

  Outcome<http::Response> put_manifest(std::string_view reference, const oci::Content& manifest,
                                       const Options& /*options*/, Statuses /*fine*/) override {
    if (auto written = layout_.put(manifest); !written) return layout_failure(written.error());
    const bool named = !oci::Digest::parse(reference);
    if (named) {
      if (auto moved = name(reference, manifest); !moved) return tl::unexpected(moved.error());
    } else if (listed_) {
      auto entry = manifest.descriptor();
      entry.artifact_type = type_of(manifest.bytes());
      if (auto added = layout_.add(entry); !added) return layout_failure(added.error());
    }
    return created();
  }

  Outcome<void> push_blob(const oci::Content& blob) override {
    if (auto written = layout_.put(blob); !written) return layout_failure(written.error());
    return {};
  }

  /// A manifest goes where it belongs, under whatever path a proposal has for manifests.
  Outcome<http::Response> request(std::string method, std::string_view path, std::string_view body,
                                  const Options& options, Statuses fine) override {
    constexpr std::string_view kManifests = "/manifests/";
    const auto at = path.rfind(kManifests);
    if (method != "PUT" || at == std::string_view::npos) return unsupported<http::Response>();
    const oci::Content manifest(options.headers.get("Content-Type").value_or(""), std::string(body));
    return put_manifest(path.substr(at + kManifests.size()), manifest, {}, fine);
  }

  Outcome<void> delete_manifest(std::string_view /*reference*/) override { return unsupported<void>(); }
  Outcome<bool> mount_blob(std::string_view /*digest*/, std::string_view /*from*/) override {
    return unsupported<bool>();
  }
  Outcome<std::string> get_blob(std::string_view /*digest*/) override { return unsupported<std::string>(); }
  Outcome<http::Response> list_tags(const Options& /*options*/, Statuses /*fine*/) override {
    return unsupported<http::Response>();
  }
  Outcome<http::Response> follow(std::string_view /*url*/, Statuses /*fine*/) override {
    return unsupported<http::Response>();
  }

 private:
  template <typename T>
  static Outcome<T> unsupported() {
    return tl::unexpected(Failure{FailureKind::kUnsupported, "an image layout cannot be asked for this", 0});
  }
  static http::Response created() {
    http::Response answer;
    answer.status = 201;
    return answer;
  }

  /// The entry of index.json; without a media type if there is none.
  [[nodiscard]] Outcome<oci::Descriptor> find(std::string_view reference) const {
    const auto entries = layout_.entries();
    if (!entries) return layout_failure(entries.error());
    const auto entry = std::ranges::find_if(
        *entries, [&](const auto& one) { return one.digest == reference || oci::ref_name(one) == reference; });
    return entry == entries->end() ? oci::Descriptor{} : *entry;
  }

  /// The name leads here from now on. What it led to before is no image of its own, and has no entry for long.
  Outcome<void> name(std::string_view reference, const oci::Content& manifest) {
    const auto before = find(reference);
    if (!before) return tl::unexpected(before.error());
    auto entry = manifest.descriptor();
    entry.annotations[std::string(oci::kRefName)] = reference;
    if (auto added = layout_.add(entry); !added) return layout_failure(added.error());
    if (before->digest.empty() || before->digest == entry.digest) return {};
    const auto removed =
        layout_.remove([&](const auto& one) { return one.digest == before->digest && oci::ref_name(one).empty(); });
    if (!removed) return layout_failure(removed.error());
    return {};
  }

  const oci::Layout& layout_;
  bool listed_;
};

}  // namespace

Outcome<void> attach(const oci::Layout& layout, const Variant& variant, Subject& subject,
                     std::span<const Attachment> attachments, Settings settings) {
  LayoutWire wire(layout, variant.trail.kind == Trail::Kind::kField);
  // One writer at a time: there is nobody to be compared with.
  settings.conditions = false;
  const auto proposal = variant.open(wire, settings);
  if (auto pushed = wire.push_blob(oci::empty_blob()); !pushed) return pushed;
  return proposal->attach(subject, attachments);
}

}  // namespace referee::proposals::archive
