#include <fmt/format.h>

#include "conformance/registration.hpp"
#include "conformance/stories/common.hpp"

/// B.3 to B.6: tags of artifacts, other repositories, detection, mounts.
namespace referee::suites::stories {

using namespace referee::conformance;  // NOLINT(google-build-using-namespace): stories read as sentences

namespace {

Cell own_tag(Arena& arena) {
  auto session = arena.session();
  const auto& home = arena.home();
  auto image = arena.publish(home);
  const auto given = arena.attachments(2);
  attach_all(session, image.subject, given);
  const auto found = discover(session, pulled(home, image.subject));
  if (found.entries.empty()) return {.measured = Measured::kNo, .why = "nothing is found to be tagged"};
  const bool by_tag = tag_and_pull(home, found.entries.front(), "artifact-v1");
  const auto after = recall(session, pulled(home, image.subject), digests_of(given));
  return {.measured = by_tag && after.complete() ? Measured::kYes : Measured::kNo,
          .work = Work::kRegistry,
          .why = fmt::format("{} by its own tag; {} found afterwards", by_tag ? "pulled" : "cannot be pulled",
                             after.str())};
}

Cell other_repository(Arena& arena) {
  const auto& home = arena.home();
  const auto beside = arena.beside("copy");
  auto session = arena.session();
  auto there = arena.session(beside);
  auto image = arena.publish(home);
  arena.push(beside, image);
  const auto digest_before = beside.digest_of(image.subject.tag);
  const auto tags_before = beside.tags();
  const auto given = arena.attachments(3);
  auto subject = image.subject;
  attach_each(session, subject, given);

  const auto here = recall(session, pulled(home, image.subject), digests_of(given));
  const auto leaked = discover(there, pulled(beside, image.subject)).entries.size();
  const bool same = beside.digest_of(image.subject.tag) == digest_before && beside.tags() == tags_before;
  Cell cell{.measured = here.complete() && leaked == 0 && same ? Measured::kYes : Measured::kNo,
            .work = Work::kRegistry,
            .why = fmt::format("{} found where they were attached, {} in the other repository, whose tags are {}",
                               here.str(), leaked, same ? "the same" : "changed")};
  return cell.number("leaked", leaked);
}

/// Whether attaching and finding work at a site.
bool works(Arena& arena, const Site& site) {
  auto session = site.open(arena.variant());
  auto image = arena.build();
  arena.push(site, image);
  const auto given = arena.attachments(2);
  auto subject = image.subject;
  for (std::size_t index = 0; index < given.size(); ++index) {
    if (!session.proposal->attach(subject, std::span(given).subspan(index, 1))) return false;
  }
  return recall(session, pulled(site, image.subject), digests_of(given)).complete();
}

Cell detection(Arena& arena) {
  std::vector<std::string> wrong;
  std::size_t most = 0;
  std::size_t asked = 0;
  for (const auto& profile : {arena.variant().profile, std::string("oci-1.0"), std::string("oci-1.0-strict-fields"),
                              std::string("oci-1.0-no-nesting")}) {
    const auto site = arena.peer(profile);
    const auto before = site.registry().client().exchanges();
    const auto claimed = site.open(arena.variant()).support.present;
    most = std::max(most, site.registry().client().exchanges() - before);
    ++asked;
    if (claimed != works(arena, site))
      wrong.push_back(fmt::format("{} ({})", profile, claimed ? "says yes" : "says no"));
  }
  // The target itself as well.
  const auto& home = arena.home();
  const bool claimed = home.open(arena.variant()).support.present;
  const bool true_here = works(arena, arena.beside("detect"));
  ++asked;
  if (claimed != true_here) wrong.emplace_back("the target");
  Cell cell;
  cell.measured = wrong.empty() ? Measured::kYes : claimed == true_here ? Measured::kPartly : Measured::kNo;
  cell.work = Work::kClient;
  cell.why = wrong.empty() ? fmt::format("what the probe says is true of all {} registries", asked)
                           : fmt::format("the probe is wrong about {}", fmt::join(wrong, ", "));
  return cell.number("registries", asked).number("misclassified", wrong.size()).number("requests, with set-up", most);
}

Cell mounts(Arena& arena) {
  const auto& home = arena.home();
  const auto target = arena.beside("mounted");
  auto session = arena.session();
  auto there = arena.session(target);
  auto image = arena.publish(home);
  const std::size_t size = arena.scale().name == "full"    ? 100UL << 20U
                           : arena.scale().name == "proof" ? 1UL << 20U
                                                           : 8UL << 20U;
  auto given = arena.attachments(1);
  given.front().payload = oci::Content(given.front().payload.media_type(), arena.random().bytes(size));
  attach_all(session, image.subject, given);

  const auto parcels = take(session.proposal->pack(pulled(home, image.subject)), "reading what is attached");
  std::size_t mounted = 0;
  std::size_t refused = 0;
  for (const auto& parcel : parcels) {
    for (const auto& blob : parcel.blobs) {
      ++(take(there.wire->mount_blob(blob.digest().str(), home.repository()), "mounting a blob") ? mounted : refused);
    }
  }
  const auto before = there.wire->cost();
  auto subject = pulled(home, image.subject);
  const auto copied = take(copy_tree(home, subject, target, Transfer::kMount), "copying the image");
  take(there.proposal->unpack(subject, parcels), "putting what was attached");
  const auto uploaded = (there.wire->cost() - before).bytes_up + copied.uploaded;
  const auto found = recall(there, pulled(target, image.subject), digests_of(given));
  mounted += copied.mounted;
  Cell cell;
  cell.measured = !found.complete() ? Measured::kNo : uploaded < size ? Measured::kYes : Measured::kPartly;
  cell.work = Work::kRegistry;
  cell.why = fmt::format("{} found after the copy; {} bytes sent for a blob of {}", found.str(), uploaded, size);
  return cell.number("mounted", mounted).number("not mounted", refused).number("bytes sent", uploaded);
}

}  // namespace

void register_compat(Catalogue& catalogue) {
  add_story(catalogue, {.id = "B.3",
                        .title = "Pull an artifact by its own tag",
                        .how = "Attaches two, gives one a tag of its own, pulls it by that, and looks whether both are "
                               "still found. Y or N.",
                        .body = own_tag,
                        .kills = spoilt});
  add_story(catalogue,
            {.id = "B.4",
             .title = "Leave a copy in another repository alone",
             .how = "Pushes one image to two repositories, attaches in one and compares the other's list, tags "
                    "and digests. Y: nothing has changed; N: something has.",
             .body = other_repository,
             .kills = spoilt});
  add_story(catalogue,
            {.id = "B.5",
             .title = "Find out whether a registry has support",
             .how = "Compares what the probe says of registries with and without support, strict ones and one "
                    "without nesting, with whether two attachments are found there. Y: always true; P: true "
                    "of the target, wrong of others; N: wrong of the target.",
             .body = detection,
             .kills = spoilt});
  add_story(catalogue,
            {.id = "B.6",
             .title = "Copy a large artifact by mounting its blobs",
             .how = "Attaches a large blob, mounts all blobs into another repository and puts the manifests. Y: "
                    "found there without sending it again; P: it had to be sent; N: not found.",
             .body = mounts,
             .kills = spoilt});
}

}  // namespace referee::suites::stories
