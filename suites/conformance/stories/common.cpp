#include "conformance/stories/common.hpp"

#include <fmt/format.h>

namespace referee::suites::stories {

Digests digests_of(std::span<const proposals::Attachment> attachments) {
  Digests digests;
  for (const auto& attachment : attachments) digests.insert(attachment.payload.digest().str());
  return digests;
}

Found discover(Session& session, const proposals::Subject& subject, const proposals::Filter& filter) {
  const auto before = session.wire->cost();
  auto entries = take(session.proposal->discover(subject, filter), "discovery");
  return {std::move(entries), session.wire->cost() - before};
}

Digests fetched(Session& session, const std::vector<proposals::Entry>& entries) {
  Digests digests;
  for (const auto& entry : entries) {
    const auto payload = session.proposal->fetch(entry);
    if (payload) {
      digests.insert(oci::Digest::of(*payload).str());
    } else if (payload.error().kind == proposals::FailureKind::kTransport) {
      throw conformance::SetupFailed{payload.error().message};
    }
  }
  return digests;
}

std::string Recall::str() const {
  return fmt::format("{} of {}{}", found, expected, foreign == 0 ? "" : fmt::format(", {} foreign", foreign));
}

Recall recall(Session& session, const proposals::Subject& subject, const Digests& expected,
              const proposals::Filter& filter) {
  Recall result;
  result.expected = expected.size();
  const auto found = session.proposal->discover(subject, filter);
  if (!found) {
    if (found.error().kind == proposals::FailureKind::kTransport) throw conformance::SetupFailed{found.error().message};
    return result;
  }
  for (const auto& digest : fetched(session, *found)) ++(expected.contains(digest) ? result.found : result.foreign);
  return result;
}

void attach_each(Session& session, proposals::Subject& subject, std::span<const proposals::Attachment> attachments) {
  for (std::size_t index = 0; index < attachments.size(); ++index) {
    take(session.proposal->attach(subject, attachments.subspan(index, 1)),
         fmt::format("attaching number {}", index + 1));
  }
}

void attach_all(Session& session, proposals::Subject& subject, std::span<const proposals::Attachment> attachments) {
  if (attachments.empty()) return;
  take(session.proposal->attach(subject, attachments), fmt::format("attaching {}", attachments.size()));
}

bool tag_and_pull(const Site& site, const proposals::Entry& entry, const std::string& tag) {
  auto& registry = site.registry();
  const auto& known = entry.descriptor.digest.empty() ? entry.tag : entry.descriptor.digest;
  const auto manifest = registry.get_manifest(site.repository(), known).value();
  if (manifest.status != 200) return false;
  const oci::Content content(manifest.header("Content-Type").value_or(""), manifest.body);
  if (registry.put_manifest(site.repository(), tag, content).value().status != 201) return false;
  const auto again = registry.get_manifest(site.repository(), tag).value();
  return again.status == 200 && again.body == manifest.body;
}

std::vector<proposals::Entry> with_digests(const Site& site, std::vector<proposals::Entry> entries) {
  for (auto& entry : entries) {
    if (entry.descriptor.digest.empty()) entry.descriptor.digest = site.digest_of(entry.tag);
  }
  return entries;
}

bool stored(const Site& site, const proposals::Entry& entry) {
  if (site.holds(entry.descriptor.digest)) return true;
  return site.registry().head_blob(site.repository(), entry.descriptor.digest).value().status == 200;
}

std::vector<std::string> spoilt(const proposals::Variant& /*variant*/) {
  return {"r.blob.corrupt-get"};
}

std::vector<std::string> collected(const proposals::Variant& variant) {
  // Nodes of proposal C stay until they are deleted; what travels in the image's index goes with it.
  if (variant.profile == "c" || variant.in_image) return {};
  if (variant.profile != "oci-1.0") return {"r.gc.keeps-orphan"};
  // The collector knows the tags of the referrers tag schema, and no others.
  const bool schema = variant.id == "E/tag" || variant.id == "F/reference-index" || variant.id == "oci-1.1/fallback";
  return schema ? std::vector<std::string>{"r.gc.drops-digest-tagged"} : std::vector<std::string>{};
}

std::vector<std::string> spoilt_or_collected(const proposals::Variant& variant) {
  auto faults = collected(variant);
  faults.emplace_back("r.blob.corrupt-get");
  return faults;
}

std::vector<std::string> spoilt_if_stored(const proposals::Variant& variant) {
  // Where tags are locked, an image with an index of its own takes nothing at all.
  return variant.in_image ? std::vector<std::string>{} : spoilt(variant);
}

std::vector<std::string> absent_subject(const proposals::Variant& variant) {
  if (variant.profile == "a") return {"r.A.subject-missing-201"};
  // Those need the image's own index, and say so before they ask the registry.
  if (variant.id == "D/index" || variant.id == "F/enhanced") return {};
  return spoilt(variant);
}

proposals::Subject by_digest(const proposals::Subject& subject) {
  return {subject.descriptor, "", std::nullopt};
}

void without_collection(Cell& cell) {
  cell.number(std::string(conformance::kNotComparable), "no collection of garbage could be asked for");
}

}  // namespace referee::suites::stories
