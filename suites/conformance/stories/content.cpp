#include <fmt/format.h>

#include <algorithm>

#include "conformance/registration.hpp"
#include "conformance/stories/common.hpp"

/// C.1 to C.4, C.6, C.7 and C.11: storing, deleting, ordering, moving, locking and replacing.
namespace referee::suites::stories {

using namespace referee::conformance;  // NOLINT(google-build-using-namespace): stories read as sentences

namespace {

using TagMap = std::map<std::string, std::string>;

TagMap tag_map(const Site& site) {
  TagMap map;
  for (const auto& tag : site.tags()) map.emplace(tag, site.digest_of(tag));
  return map;
}

/// Tags of `before` that lead elsewhere now.
std::size_t moved(const TagMap& before, const TagMap& now) {
  std::size_t count = 0;
  for (const auto& [tag, digest] : before) {
    const auto found = now.find(tag);
    if (found == now.end() || found->second != digest) ++count;
  }
  return count;
}

Cell store(Arena& arena) {
  auto session = arena.session();
  const auto& home = arena.home();
  std::vector<std::uint64_t> requests;
  std::vector<Recall> found;
  for (const auto& [tag, count] : {std::pair{"v1", 1U}, std::pair{"v2", 3U}, std::pair{"v3", 3U}}) {
    auto image = arena.publish(home, tag);
    const auto given = arena.attachments(count);
    const auto before = session.wire->cost();
    attach_each(session, image.subject, given);
    requests.push_back((session.wire->cost() - before).requests / count);
    found.push_back(recall(session, pulled(home, image.subject), digests_of(given)));
  }
  const bool complete = std::ranges::all_of(found, &Recall::complete);
  Cell cell{.measured = complete ? Measured::kYes : Measured::kNo,
            .work = Work::kRegistry,
            .why = fmt::format("{}, {} and {} found on three images", found[0].str(), found[1].str(), found[2].str())};
  if (requests.back() > 3) cell.work = Work::kClient;  // more than a blob and a manifest: a list is kept
  return cell.number("requests for the first", requests.front()).number("requests for each of three", requests.back());
}

Cell delete_with(Arena& arena) {
  const auto home = arena.operated();
  auto session = arena.session(home);
  auto bystander = arena.publish(home, "other");
  const auto kept = arena.attachments(2);
  attach_all(session, bystander.subject, kept);
  auto image = arena.publish(home, "v1");
  const auto given = arena.attachments(5);
  attach_all(session, image.subject, given);
  const auto entries = with_digests(home, discover(session, pulled(home, image.subject)).entries);
  const auto left = [&] {
    return std::ranges::count_if(entries, [&](const auto& entry) { return stored(home, entry); });
  };
  const auto bystander_left = [&] { return recall(session, pulled(home, bystander.subject), digests_of(kept)); };

  // The image alone, as somebody deletes it who knows nothing of attachments.
  const auto root = home.digest_of("v1");
  take(session.wire->delete_manifest(root), "deleting the image");
  if (root != image.subject.descriptor.digest) {
    take(session.wire->delete_manifest(image.subject.descriptor.digest), "deleting the image");
  }
  const auto at_once = left();
  const auto collected = home.collect_garbage();
  const auto by_server = left();
  const bool harmless = bystander_left().complete();

  // A new client: what the old one knows to be there may have been collected.
  session = arena.session(home);
  auto again = arena.publish(home, "v2");
  attach_all(session, again.subject, given);
  const auto entries_again = with_digests(home, discover(session, pulled(home, again.subject)).entries);
  const auto tags_before = home.tags().size();
  const auto before = session.wire->cost();
  auto subject = pulled(home, again.subject);
  const auto removed = session.proposal->remove(subject);
  const auto requests = (session.wire->cost() - before).requests;
  (void)home.collect_garbage();
  const auto by_client = std::ranges::count_if(entries_again, [&](const auto& entry) { return stored(home, entry); });
  const auto tags_left = static_cast<std::int64_t>(home.tags().size()) - static_cast<std::int64_t>(tags_before);
  const bool still_harmless = bystander_left().complete();

  Cell cell;
  const bool client_can = removed && by_client == 0 && still_harmless;
  cell.measured = by_server == 0 && harmless ? Measured::kYes : client_can ? Measured::kPartly : Measured::kNo;
  cell.work = cell.measured == Measured::kYes ? Work::kRegistry : Work::kClient;
  cell.why = fmt::format(
      "the image deleted, {} of 5 are left at once and {} {}; the protocol's own removal leaves {} after {} requests{}",
      at_once, by_server, collected ? "after collection" : "(no collection could be asked for)", by_client, requests,
      harmless && still_harmless ? "" : "; another image lost its attachments");
  if (!collected) without_collection(cell);
  return cell.number("left at once", static_cast<std::uint64_t>(at_once))
      .number("left after collection", static_cast<std::uint64_t>(by_server))
      .number("left after removal", static_cast<std::uint64_t>(by_client))
      .number("requests of removal", requests)
      .number("tags that removal added", std::to_string(tags_left));
}

Cell before_subject(Arena& arena) {
  auto session = arena.session();
  const auto& home = arena.home();
  auto image = arena.build();
  const auto given = arena.attachments(2);
  auto subject = image.subject;
  const auto attached = session.proposal->attach(subject, given);
  if (!attached) {
    if (attached.error().kind == proposals::FailureKind::kTransport) throw SetupFailed{attached.error().message};
    return {.measured = Measured::kNo, .work = Work::kNobody, .why = attached.error().message};
  }
  const auto early = recall(session, subject, digests_of(given));
  // Then the image: its tag only where the attachments have not made it already.
  const auto tagged = home.digest_of(image.subject.tag);
  auto late_image = image;
  if (!tagged.empty()) late_image.subject.tag.clear();
  arena.push(home, late_image);
  const auto late = recall(session, pulled(home, image.subject), digests_of(given));
  Cell cell;
  cell.measured = !late.complete() ? Measured::kNo : early.complete() ? Measured::kYes : Measured::kPartly;
  cell.work = Work::kNobody;
  cell.why = fmt::format("accepted; {} found before the image is there, {} after", early.str(), late.str());
  return cell;
}

/// The variant that a client uses at a site: this one, or what its proposal provides for registries without its API.
const proposals::Variant* usable(Arena& arena, const Site& site) {
  if (site.open(arena.variant()).support.present) return &arena.variant();
  const auto* fallback = proposals::find_variant(arena.variant().fallback);
  if (fallback == nullptr || !site.open(*fallback).support.present) return nullptr;
  return fallback;
}

struct Journey {
  bool image = false;  ///< arrived under its tag, with its digest
  Recall attachments;  ///< found at the end
  std::uint64_t requests = 0;
  std::string trouble;
};

/// Copies an image with what is attached to it, as a client does that knows the proposal alone.
Journey carry(Arena& arena, const Site& from, const proposals::Subject& subject, const Site& to,
              const Digests& expected) {
  Journey journey;
  journey.attachments.expected = expected.size();
  const auto* leaving = usable(arena, from);
  const auto* arriving = usable(arena, to);
  const auto& client = to.registry().client();  // of both sites
  const auto requests_before = client.exchanges();
  std::vector<proposals::Parcel> parcels;
  auto seen = pulled(from, subject);
  if (leaving != nullptr) {
    auto session = from.open(*leaving);
    auto packed = session.proposal->pack(seen);
    if (packed) {
      parcels = std::move(*packed);
    } else {
      journey.trouble = packed.error().message;
    }
  }
  auto copied = copy_tree(from, seen, to);
  if (!copied) {
    journey.trouble = copied.error().message;
    // What carries the attachments is refused: the image alone.
    seen.root.reset();
    copied = copy_tree(from, seen, to);
  }
  journey.image = copied.has_value() && to.holds(subject.descriptor.digest);
  if (journey.image && arriving != nullptr) {
    auto session = to.open(*arriving);
    if (const auto put = session.proposal->unpack(seen, parcels); !put) journey.trouble = put.error().message;
    journey.attachments = recall(session, pulled(to, subject), expected);
  }
  journey.requests = client.exchanges() - requests_before;
  return journey;
}

Cell old_registries(Arena& arena) {
  auto session = arena.session();
  const auto& home = arena.home();
  auto image = arena.publish(home);
  const auto given = arena.attachments(3);
  attach_all(session, image.subject, given);
  const auto expected = digests_of(given);
  Cell cell;
  std::vector<std::string> lost;
  bool images = true;
  for (const auto* profile : {"oci-1.0", "oci-1.0-strict-fields", "oci-1.0-no-nesting"}) {
    const auto old = arena.peer(profile);
    const auto back = arena.peer();
    const auto there = carry(arena, home, image.subject, old, expected);
    auto home_again = there.image ? carry(arena, old, image.subject, back, expected) : Journey{};
    images = images && there.image && home_again.image;
    const bool whole = there.attachments.complete() && home_again.attachments.complete();
    if (!whole) {
      lost.push_back(fmt::format("{}{}", profile, there.trouble.empty() ? "" : fmt::format(" ({})", there.trouble)));
    }
    cell.number(fmt::format("found on {}", profile), there.attachments.str());
    cell.number(fmt::format("found after {}", profile),
                home_again.attachments.expected == 0 ? "0 of 3" : home_again.attachments.str());
  }
  cell.measured = !images ? Measured::kNo : lost.empty() ? Measured::kYes : Measured::kPartly;
  cell.work = Work::kClient;
  cell.why = !images        ? "the image does not survive the journey"
             : lost.empty() ? "image and attachments come back from all three"
                            : fmt::format("the image survives; attachments are lost on {}", fmt::join(lost, ", "));
  return cell;
}

Cell move(Arena& arena) {
  auto session = arena.session();
  const auto& home = arena.home();
  auto image = arena.publish(home);
  const auto given = arena.attachments(5);
  attach_all(session, image.subject, given);
  const auto expected = digests_of(given);
  const auto entries = with_digests(home, discover(session, pulled(home, image.subject)).entries);
  const auto root = home.digest_of(image.subject.tag);

  const auto peer = arena.peer();
  const auto between = carry(arena, home, image.subject, peer, expected);
  const auto same = std::ranges::count_if(entries, [&](const auto& entry) { return stored(peer, entry); });
  const bool digests = static_cast<std::size_t>(same) == entries.size() && peer.digest_of(image.subject.tag) == root;
  const auto old = arena.peer("oci-1.0");
  const auto down = carry(arena, home, image.subject, old, expected);
  const auto up = down.attachments.complete() ? carry(arena, old, image.subject, arena.peer(), expected) : Journey{};

  Cell cell;
  cell.measured = !between.attachments.complete() ? Measured::kNo : digests ? Measured::kYes : Measured::kPartly;
  cell.work = Work::kClient;
  cell.why = fmt::format("{} found at a registry of the same kind, digests {}{}", between.attachments.str(),
                         digests ? "equal" : "changed", between.trouble.empty() ? "" : "; " + between.trouble);
  return cell.number("requests", between.requests)
      .number("found without support", down.attachments.str())
      .number("found back from there", up.attachments.expected == 0 ? "not tried" : up.attachments.str());
}

Cell locked_tags(Arena& arena) {
  // With Referee's own registry tags are really locked; elsewhere it is counted which would have had to move.
  const auto site = arena.home().controlled() ? arena.twin({"v.immutable-tags"}) : arena.home();
  auto session = arena.session(site);
  auto image = arena.publish(site);
  const auto given = arena.attachments(3);
  std::size_t attached = 0;
  std::string trouble;
  auto subject = image.subject;
  auto known = tag_map(site);
  for (std::size_t index = 0; index < given.size(); ++index) {
    const auto done = session.proposal->attach(subject, std::span(given).subspan(index, 1));
    const auto now = tag_map(site);
    if (done && moved(known, now) == 0) {
      ++attached;
    } else if (trouble.empty()) {
      trouble = done ? "a tag had to move" : done.error().message;
    }
    known = now;
  }
  const auto found = recall(session, subject, digests_of(given));
  attached = std::min(attached, found.found);
  Cell cell;
  cell.measured = attached == 3 ? Measured::kYes : attached > 0 ? Measured::kPartly : Measured::kNo;
  cell.work = Work::kNobody;
  cell.why = fmt::format("{} of 3 attached without moving a tag{}", attached, trouble.empty() ? "" : "; " + trouble);
  return cell.number("attached", attached);
}

Cell replace(Arena& arena) {
  auto session = arena.session();
  const auto& home = arena.home();
  auto image = arena.publish(home);
  const auto old = arena.attachments(1);
  const auto others = arena.attachments(2, "sbom");
  attach_all(session, image.subject, old);
  attach_all(session, image.subject, others);
  const auto replaced = discover(session, pulled(home, image.subject), Arena::filter("sig")).entries;
  if (replaced.size() != 1) return {.measured = Measured::kNo, .why = "the one to be replaced is not found"};
  const auto known = tag_map(home);
  const auto before = session.wire->cost();
  const auto next = arena.attachments(1);
  auto subject = pulled(home, image.subject);
  take(session.proposal->attach(subject, next), "attaching the new one");
  auto both_expected = digests_of(old);
  both_expected.merge(digests_of(next));
  const bool both = recall(session, subject, both_expected, Arena::filter("sig")).complete();
  take(session.proposal->detach(subject, replaced.front()), "detaching the old one");
  const auto requests = (session.wire->cost() - before).requests;
  const auto seen = pulled(home, image.subject);
  const auto now = recall(session, seen, digests_of(next), Arena::filter("sig"));
  const auto rest = recall(session, seen, digests_of(others), Arena::filter("sbom"));
  // A tag of the old one's own goes with it and changes for nobody else.
  const auto after = tag_map(home);
  const auto rewritten = std::ranges::count_if(known, [&](const auto& entry) {
    const auto found = after.find(entry.first);
    return found != after.end() && found->second != entry.second;
  });
  Cell cell;
  cell.measured = !now.complete() || !rest.complete() ? Measured::kNo
                  : rewritten == 0                    ? Measured::kYes
                                                      : Measured::kPartly;
  cell.work = Work::kClient;
  cell.why = fmt::format("{} new, {} others found; {} shared objects rewritten; both seen meanwhile: {}", now.str(),
                         rest.str(), rewritten, both ? "yes" : "no");
  return cell.number("requests", requests).number("rewritten", static_cast<std::uint64_t>(rewritten));
}

Cell vouch(Arena& arena) {
  auto session = arena.session();
  const auto& home = arena.home();
  auto image = arena.build();
  // Everything by one client in one repository: the image by digest, the attestation, the tag last.
  const auto given = arena.attachments(1, "att");
  auto subject = image.subject;
  const auto before = session.wire->cost();
  arena.push(home, image);
  take(session.proposal->attach(subject, given), "attaching the attestation");
  const auto requests = (session.wire->cost() - before).requests;
  const auto found = recall(session, pulled(home, image.subject), digests_of(given), Arena::filter("att"));
  return Cell{.measured = found.complete() ? Measured::kYes : Measured::kNo,
              .work = Work::kClient,
              .why = fmt::format("{} found by whoever pulls the image", found.str())}
      .number("requests", requests);
}

}  // namespace

void register_content(Catalogue& catalogue) {
  add_story(catalogue,
            {.id = "B.2",
             .title = "Move images to registries without support and back",
             .how = "Copies an image with three attachments to an OCI 1.0 registry, one that refuses unknown "
                    "fields and one that refuses nested indexes, and from there to a fresh registry. Y: all "
                    "come back from all three; P: the image does; N: it does not.",
             .body = old_registries,
             .kills = spoilt});
  add_story(catalogue, {.id = "C.1",
                        .title = "Store one or more with a reference",
                        .how = "Attaches one, three and three to three images, one after the other. Y: all are found.",
                        .body = store,
                        .kills = spoilt});
  add_story(catalogue,
            {.id = "C.2",
             .title = "Delete those that refer to an image with it",
             .how = "Deletes an image with five attachments, collects garbage and counts what is left; then the "
                    "same with the protocol's own removal. Y: the registry alone leaves none and touches no "
                    "other; P: the client's removal leaves none; N: something stays.",
             .body = delete_with,
             .kills = spoilt_or_collected});
  add_story(catalogue,
            {.id = "C.3",
             .title = "Attach before the image is there",
             .how = "Attaches to an image that was not pushed, looks for it, pushes the image and looks again. Y: "
                    "found both times; P: only afterwards; N: refused.",
             .body = before_subject,
             .kills = absent_subject});
  add_story(catalogue,
            {.id = "C.4",
             .title = "Move an image with those that refer to it",
             .how = "Copies an image with five attachments to a fresh registry of the same kind, to one without "
                    "support, and back. Y: all found at the first, with their digests; P: with other digests; "
                    "N: some are missing.",
             .body = move,
             .kills = spoilt});
  add_story(catalogue,
            {.id = "C.6",
             .title = "Lock tags",
             .how = "Attaches three, one after the other, where a tag cannot be moved. Y: three; P: the first; N: "
                    "none.",
             .body = locked_tags,
             .kills = spoilt_if_stored});
  add_story(catalogue, {.id = "C.7",
                        .title = "Replace one by a newer one",
                        .how = "Attaches the new one and detaches the old one. Y: nothing else changes its digest; P: "
                               "something shared is rewritten; N: the wrong ones are found.",
                        .body = replace,
                        .kills = spoilt});
  add_story(catalogue, {.id = "C.11",
                        .title = "Vouch for one's own artifact",
                        .how = "One client pushes an image and attaches an attestation, with no other write access. Y: "
                               "found.",
                        .body = vouch,
                        .kills = spoilt});
}

}  // namespace referee::suites::stories
