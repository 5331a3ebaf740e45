#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>

#include "conformance/registration.hpp"
#include "conformance/seed/common.hpp"

/// What becomes of attachments where somebody else copies the image, or signs a copy of it.
namespace referee::suites::seed {

using namespace referee::conformance;  // NOLINT(google-build-using-namespace): questions read as sentences

namespace {

/// The registry that the image is copied to; its faults, if any, are not ours.
Site downstream(Arena& arena) {
  return arena.peer();
}

/// What a tool does that knows nothing of attachments: copies the tag and everything below it.
Copied plain_copy(const Site& from, const Site& to, const proposals::Subject& subject) {
  const auto seen = pulled(from, subject);
  return take(copy_tree(from, seen, to), "copying the image");
}

/// What a tool does that knows the proposal.
void whole_copy(Arena& arena, const Site& from, const Site& to, const proposals::Subject& subject) {
  auto seen = pulled(from, subject);
  auto source = arena.session(from);
  auto target = arena.session(to);
  const auto parcels = take(source.proposal->pack(seen), "reading what is attached");
  take(copy_tree(from, seen, to), "copying the image");
  take(target.proposal->unpack(seen, parcels), "putting what was attached");
}

std::size_t count_stored(const Site& site, const std::vector<proposals::Entry>& entries) {
  return static_cast<std::size_t>(
      std::ranges::count_if(entries, [&](const auto& entry) { return stored(site, entry); }));
}

void like_regular(Arena& arena) {
  const auto& home = arena.home();
  auto session = arena.session();
  const auto image = arena.publish(home);
  const auto given = arena.attachments(5);
  auto subject = image.subject;
  attach_all(session, subject, given);
  const auto entries = with_digests(home, discover(session, pulled(home, image.subject)).entries);
  const auto target = downstream(arena);
  const auto copied = plain_copy(home, target, image.subject);
  const auto carried = count_stored(target, entries);
  EXPECT_EQ(carried, given.size()) << "attachments that came with a plain copy";
  note(arena, "carried", fmt::format("{} of {}", carried, given.size()));
  note(arena, "found by the protocol", recall_by_tag(arena, target, image, digests_of(given)).str());
  note(arena, "requests", copied.requests);
  note(arena, "bytes", copied.uploaded);
}

void mirror(Arena& arena) {
  constexpr int kRuns = 3;
  const auto& home = arena.home();
  const auto target = downstream(arena);
  const auto image = arena.publish(home);
  // The mirror has copied the image once; then its owner signs the copy.
  (void)plain_copy(home, target, image.subject);
  const auto own_signature = arena.attachments(1);
  auto session = arena.session(target);
  auto subject = pulled(target, image.subject);
  attach_all(session, subject, own_signature);
  const auto signed_before = recall_by_tag(arena, target, image, digests_of(own_signature));
  std::size_t alarms = 0;
  for (int run = 0; run < kRuns; ++run) {
    // Nothing has changed upstream.
    if (home.digest_of(image.subject.tag) == target.digest_of(image.subject.tag)) continue;
    ++alarms;
    (void)plain_copy(home, target, image.subject);
  }
  const auto after = recall_by_tag(arena, target, image, digests_of(own_signature));
  EXPECT_GT(alarms, 0) << "runs in which the copy looked out of date though nothing had changed";
  note(arena, "false alarms", fmt::format("{} in {} runs", alarms, kRuns));
  note(arena, "own signature before", signed_before.str());
  note(arena, "own signature after", after.str());
}

void downstream_keys(Arena& arena) {
  const auto& home = arena.home();
  const auto target = downstream(arena);
  const auto image = arena.publish(home);
  auto upstream = arena.session();
  const auto first = arena.attachments(1);
  auto subject = image.subject;
  attach_all(upstream, subject, first);
  whole_copy(arena, home, target, image.subject);

  const auto mine = arena.attachments(1, "att");
  auto session = arena.session(target);
  auto copy = pulled(target, image.subject);
  attach_all(session, copy, mine);
  const bool same = home.digest_of(image.subject.tag) == target.digest_of(image.subject.tag);

  const auto second = arena.attachments(1);
  subject = pulled(home, image.subject);
  attach_all(upstream, subject, second);
  whole_copy(arena, home, target, image.subject);
  const auto kept = recall(session, pulled(target, image.subject), digests_of(mine), Arena::filter("att"));
  auto theirs = digests_of(first);
  theirs.merge(digests_of(second));
  const auto updated = recall(session, pulled(target, image.subject), theirs, Arena::filter("sig"));
  EXPECT_TRUE(same) << "the tag leads to the same digest here and upstream";
  EXPECT_EQ(kept.found, 1) << "own signatures after the next copy";
  EXPECT_EQ(updated.found, 2) << "signatures of upstream after the next copy";
  note(arena, "same digest as upstream", same ? "yes" : "no");
  note(arena, "own signatures kept", kept.str());
  note(arena, "signatures of upstream", updated.str());
}

void write_access(Arena& arena) {
  const auto& home = arena.home();
  const auto away = arena.beside("third-party");
  const auto image = arena.publish(home);
  const auto given = arena.attachments(1);
  auto session = arena.session(away);
  auto subject = pinned(image);
  const auto attached = session.proposal->attach(subject, given);
  if (!attached) halt(attached.error(), "attaching in another repository");
  const auto there = recall(session, pinned(image), digests_of(given));
  EXPECT_EQ(there.found, 1) << "found in the third party's own repository";
  note(arena, "found there", there.str());
  auto reader = arena.session(home);
  note(arena, "found beside the image", recall(reader, pulled(home, image.subject), digests_of(given)).str());
}

}  // namespace

void register_mirrors(Catalogue& catalogue) {
  ask(catalogue,
      {.id = "copy-like-regular",
       .requirement = "S.copy.like-regular",
       .title = "A plain copy of the image brings its signatures along",
       .how = "Attaches five and copies the tag with everything below it to a fresh registry, as a tool does "
              "that knows no attachments; counts those that are stored there, and those that are found.",
       .body = like_regular,
       .kills = any_variant});
  ask(catalogue,
      {.id = "digest-mirror",
       .requirement = "S.digest.mirror",
       .title = "A mirror that compares digests takes a signed copy for out of date",
       .how = "Copies an image, signs the copy, and lets the mirror run three times: it copies again whenever "
              "the two tags lead to different digests.",
       .body = mirror,
       .kills = any_variant});
  ask(catalogue, {.id = "downstream-keys",
                  .requirement = "S.downstream.keys",
                  .title = "A downstream owner adds signatures without touching what upstream published",
                  .how = "Copies a signed image, signs the copy, lets upstream sign again and copies again. The digest "
                         "must be upstream's all the time, and nobody's signature may be lost.",
                  .body = downstream_keys,
                  .kills = any_variant});
  ask(catalogue, {.id = "write-access",
                  .requirement = "S.write-access",
                  .title = "Who may not write to the image's repository attaches in another one",
                  .how = "Attaches, in a second repository, to an image of the first, known by its digest, and looks "
                         "for it in both.",
                  .body = write_access,
                  .kills = stories::absent_subject});
}

}  // namespace referee::suites::seed
