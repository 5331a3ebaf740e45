#include "b.hpp"

#include <fmt/format.h>

#include "image_index.hpp"
#include "registration.hpp"

namespace referee::proposals {
namespace {

std::string references_path(const Wire& wire, std::string_view reference) {
  return fmt::format("/v2/{}/manifests/{}/references", wire.repository(), reference);
}

}  // namespace

Outcome<Support> B::probe() {
  // What an empty list looks like is left open, so a manifest that refers to another has to be there first.
  const auto target = index_of({});
  if (auto put = wire().put_manifest(target.digest().str(), target); !put) return tl::unexpected(put.error());
  const Attachment scratch{"application/vnd.referee.probe.v1", "probe", {}, oci::empty_blob()};
  const auto referrer = build(scratch, target.descriptor());
  if (auto done = put(referrer); !done) {
    return Support{false, fmt::format("a manifest with `reference`: {}", done.error().message)};
  }
  const auto path = references_path(wire(), target.digest().str());
  const auto answer = wire().request("GET", path, {}, {}, {200, 400, 404, 405});
  if (!answer) return tl::unexpected(answer.error());
  const auto listed = answer->status == 200 ? descriptors_in(*answer, "manifests") : std::vector<oci::Descriptor>{};
  const bool found = listed && !listed->empty();
  return Support{found, fmt::format("GET {} answered {}{}", path, answer->status, found ? " with the referrer" : "")};
}

Parcel B::build(const Attachment& attachment, const oci::Descriptor& subject) const {
  return image_artifact(attachment, subject, {.field = "reference", .payload_in_layer = settings().inlined});
}

Outcome<std::vector<Entry>> B::list(const Subject& subject, const Filter& /*filter*/) {
  return read_pages(wire(), wire().request("GET", references_path(wire(), subject.descriptor.digest)), "manifests");
}

Outcome<std::vector<Entry>> B::discover(const Subject& subject, const Filter& filter) {
  auto entries = list(subject, filter);
  if (!entries) return entries;
  const auto question = [this](const Entry& entry) { return first_question(entry); };
  if (auto done = read_manifests(*this, *entries, question, tell_from); !done) return tl::unexpected(done.error());
  std::erase_if(*entries, [&](const Entry& entry) { return !matches(entry, filter); });
  return entries;
}

Variant variant_b() {
  return {"B", "B", "b", true, false, opens<B>(), {Trail::Kind::kField, "reference", ""}};
}

}  // namespace referee::proposals
