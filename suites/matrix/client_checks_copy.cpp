#include <fmt/format.h>

#include <algorithm>

#include "client_judges.hpp"

/// Copies and deletes.
namespace referee::suites::clients {
namespace {

using runtimes::Operation;

void aim(Maker& maker) {
  maker.scenery().target = maker.scenery().repository + "-copy:v1";
}

std::string target_repository(const Evidence& seen) {
  return seen.scenery.target.substr(0, seen.scenery.target.rfind(':'));
}

/// As images usually are: with a compressed layer.
void image_to_copy(Maker& maker) {
  maker.push("image", oci::image(maker.random(), 64, maker.platform()), "v1");
  maker.ask_tag("v1");
  aim(maker);
}
/// There are clients that compress what they copy.
void plain_image_to_copy(Maker& maker) {
  one_image(maker);
  aim(maker);
}
void index_to_copy(Maker& maker) {
  const auto image = oci::image(maker.random(), 64, maker.platform());
  maker.push("image", image);
  auto entry = image.descriptor();
  entry.platform = maker.platform();
  maker.push_manifest("index", oci::IndexBuilder().manifest(entry).build(), "v1");
  maker.ask_tag("v1");
  aim(maker);
}
void image_with_referrers(Maker& maker) {
  some_referrers(maker);
  aim(maker);
}
void image_with_fallback(Maker& maker) {
  one_image(maker);
  const auto subject = maker.scenery().part("image");
  const std::vector<oci::Package> all{maker.referrer(subject), maker.referrer(subject)};
  maker.push("first", all[0]);
  maker.push("second", all[1]);
  maker.push_fallback(subject, all);
  aim(maker);
}
void referrer_to_delete(Maker& maker) {
  image_with_fallback(maker);
  maker.ask_digest(maker.scenery().part("first"));
}

Finding copies_root(const Evidence& seen, std::string_view label) {
  if (!seen.succeeded()) return failed("it failed, although everything was in order");
  const auto copy = seen.ground.manifest("v1", target_repository(seen));
  if (!copy) return wrong("it reports success, and nothing is under the tag");
  return copy->digest() == seen.scenery.part(label).digest()
             ? right()
             : wrong(fmt::format("the copy is not the original, but {}", copy->digest().str()));
}
Finding copies_image(const Evidence& seen) {
  return copies_root(seen, "image");
}
Finding copies_index(const Evidence& seen) {
  auto finding = copies_root(seen, "index");
  if (finding.standing != conformance::Standing::kRight) return finding;
  return seen.ground.manifest(seen.scenery.digest("image"), target_repository(seen))
             ? finding
             : wrong("the image that the index lists is not in the copy");
}

Finding carries_referrers(const Evidence& seen) {
  if (!seen.succeeded()) return failed("it failed, although everything was in order");
  const auto there = seen.ground.referrers(seen.scenery.digest("image"), target_repository(seen));
  for (const auto* label : {"first", "second", "other"}) {
    if (std::ranges::find(there, seen.scenery.digest(label)) == there.end()) {
      return wrong(fmt::format("{} of 3 referrers came along", there.size()));
    }
  }
  return right();
}

Finding carries_fallback(const Evidence& seen) {
  if (!seen.succeeded()) return failed("it failed, although everything was in order");
  const auto repository = target_repository(seen);
  int copied = 0;
  int listed = 0;
  const auto entries = fallback_entries(seen, repository).value_or(std::vector<oci::Descriptor>{});
  for (const auto* label : {"first", "second"}) {
    const auto digest = seen.scenery.digest(label);
    if (seen.ground.manifest(digest, repository)) ++copied;
    if (entry_of(entries, digest) != nullptr) ++listed;
  }
  if (copied == 2 && listed == 2) return right();
  return wrong(fmt::format("{} of 2 referrers came along, {} are listed under the referrers tag", copied, listed));
}

Finding removes_entry(const Evidence& seen) {
  if (seen.ground.manifest(seen.scenery.digest("first"))) {
    return seen.succeeded() ? wrong("it reports success, and the manifest is still there")
                            : failed("it failed, although everything was in order");
  }
  const auto entries = fallback_entries(seen);
  if (!entries) return wrong("with one of two referrers, the whole list is gone");
  if (entry_of(*entries, seen.scenery.digest("second")) == nullptr)
    return wrong("it removed the entry of another, too");
  return entry_of(*entries, seen.scenery.digest("first")) == nullptr
             ? right()
             : wrong("the referrers tag still lists what it deleted");
}

}  // namespace

void add_copy_checks(Checks& to) {
  const auto check = [&](std::string id, std::string about, std::vector<std::string> requirements, std::string expected,
                         void (*content)(Maker&), Finding (*judge)(const Evidence&)) -> ClientCheck& {
    return to.emplace_back(ClientCheck{.id = std::move(id),
                                       .about = std::move(about),
                                       .requirements = std::move(requirements),
                                       .expected = std::move(expected),
                                       .operation = Operation::kCopy,
                                       .content = content,
                                       .judge = judge,
                                       .twin = std::nullopt});
  };
  check("copy", "An image is copied to another repository.", {"copier.unaltered"}, "unaltered", image_to_copy,
        copies_image);
  check("copy-plain-layer", "An image whose layer is not compressed is copied to another repository.",
        {"copier.unaltered"}, "unaltered", plain_image_to_copy, copies_image);
  check("copy-index", "An index is copied with the image that it lists.", {"copier.unaltered"}, "unaltered",
        index_to_copy, copies_index);
  auto& mount = check("copy-mount-202", "An image is copied where blobs cannot be mounted.", {"client.push.mount-202"},
                      "copied", image_to_copy, copies_image);
  mount.scene = {.deviations = {"v.mount-202"}};
  mount.twin = Scene{};
  check("copy-referrers", "An image is copied with its three referrers.", {"client.copy.recursive"}, "three",
        image_with_referrers, carries_referrers);
  auto& old = check("copy-fallback", "An image is copied with its two referrers where there is no referrers API.",
                    {"client.copy.recursive", "client.fallback.push"}, "two", image_with_fallback, carries_fallback);
  old.scene = {.profile = "oci-1.0"};
  old.twin = Scene{};
  auto& deleted = check("delete-fallback", "One of two referrers is deleted where there is no referrers API.",
                        {"client.fallback.delete"}, "one entry", referrer_to_delete, removes_entry);
  deleted.operation = Operation::kDelete;
  deleted.scene = {.profile = "oci-1.0"};
  deleted.twin = Scene{};
}

}  // namespace referee::suites::clients
