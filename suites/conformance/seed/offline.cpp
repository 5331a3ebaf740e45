#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>

#include "conformance/registration.hpp"
#include "conformance/seed/signatures.hpp"
#include "conformance/stories/scratch.hpp"
#include "referee/proposals/archive.hpp"

/// What is left of references when there is no network.
namespace referee::suites::seed {

using namespace referee::conformance;  // NOLINT(google-build-using-namespace): questions read as sentences
using stories::Scratch;

namespace {

namespace archive = proposals::archive;

oci::Layout empty_layout(const Scratch& scratch) {
  auto made = oci::Layout::create(scratch.file("layout"));
  if (!made) throw SetupFailed{made.error().message};
  return *made;
}

void verify_offline(Arena& arena) {
  const auto& home = arena.home();
  const auto image = arena.publish(home);
  const auto given = arena.attachments(5, "att");
  const Scratch scratch;
  const auto layout = empty_layout(scratch);
  {
    auto session = arena.session();
    auto subject = image.subject;
    attach_all(session, subject, given);
    take(archive::save(arena.variant(), *session.proposal, pulled(home, image.subject), layout), "saving to a layout");
  }
  const auto before = home.registry().client().exchanges();
  const auto subject = oci::Digest::parse(image.subject.descriptor.digest);
  if (!subject) throw SetupFailed{subject.error()};
  const auto found = take(archive::find(layout, arena.variant(), *subject), "finding in the layout");
  Digests verified;
  for (const auto& entry : found.entries) {
    const auto payload = archive::fetch(layout, arena.variant(), entry);
    if (payload) verified.insert(oci::Digest::of(*payload).str());
  }
  EXPECT_EQ(verified, digests_of(given)) << "attestations that are verified from the layout";
  EXPECT_EQ(home.registry().client().exchanges() - before, 0) << "requests sent while the layout alone was verified";
  note(arena, "verified", fmt::format("{} of {}", verified.size(), given.size()));
  note(arena, "files opened", found.files);
}

void save_and_load(Arena& arena) {
  const auto& home = arena.home();
  const auto image = arena.publish(home);
  const auto given = arena.attachments(5);
  auto session = arena.session();
  auto subject = image.subject;
  attach_all(session, subject, given);
  const auto entries = with_digests(home, discover(session, pulled(home, image.subject)).entries);
  const Scratch scratch;
  const auto layout = empty_layout(scratch);
  take(archive::save(arena.variant(), *session.proposal, pulled(home, image.subject), layout), "saving to a layout");
  const auto target = arena.peer();
  auto there = arena.session(target);
  take(archive::load(layout, arena.variant(), *there.proposal), "loading into another registry");
  const auto same = static_cast<std::size_t>(
      std::ranges::count_if(entries, [&](const auto& entry) { return stored(target, entry); }));
  const bool tag = target.digest_of(image.subject.tag) == home.digest_of(image.subject.tag);
  const auto found = recall(there, pulled(target, image.subject), digests_of(given));
  EXPECT_TRUE(found.complete()) << "found after the journey: " << found.str();
  EXPECT_EQ(same, given.size()) << "attachments with the same digest";
  EXPECT_TRUE(tag) << "the tag leads to the same digest";
  note(arena, "found", found.str());
  note(arena, "same digests", same);
  note(arena, "same tag", tag ? "yes" : "no");
}

void must(const oci::LayoutResult<void>& done) {
  if (!done) throw SetupFailed{done.error().message};
}

/// The image in a layout, where it was built.
void keep(const oci::Layout& layout, const Published& image) {
  for (const auto& platform : image.platforms) {
    for (const auto& blob : platform.blobs) must(layout.put(blob));
    must(layout.put(platform.manifest));
  }
  if (image.subject.root) must(layout.put(*image.subject.root));
  auto entry = image.subject.descriptor;
  entry.annotations[std::string(oci::kRefName)] = image.subject.tag;
  must(layout.add(entry));
}

void no_registry(Arena& arena) {
  const auto& home = arena.home();
  const auto requests = [&] { return home.registry().client().exchanges(); };
  const auto before = requests();
  const auto image = arena.build();
  const auto digest = parsed_digest(image.subject.descriptor);
  const Scratch scratch;
  const auto layout = empty_layout(scratch);
  keep(layout, image);
  // Three parties sign, one after the other.
  std::vector<proposals::Attachment> given;
  auto subject = image.subject;
  for (const auto* whose : {"builder", "owner", "auditor"}) {
    given.push_back(signature(whose, digest));
    take(archive::attach(layout, arena.variant(), subject, std::span(given).last(1)), "signing in the layout");
  }
  const auto entries = take(archive::find(layout, arena.variant(), digest), "finding in the layout").entries;
  std::vector<signing::Candidate> candidates;
  for (const auto& entry : entries) {
    candidates.push_back(candidate(entry, [&] { return archive::fetch(layout, arena.variant(), entry); }));
  }
  const auto decision = signing::decide(owner_policy(), digest, candidates, kNow);
  EXPECT_TRUE(decision.allowed) << "verified from the layout: " << decision.reason;
  EXPECT_EQ(entries.size(), given.size()) << "signatures in the layout";
  EXPECT_EQ(requests(), before) << "requests until then";
  note(arena, "signatures in the layout", entries.size());
  note(arena, "verified there", decision.allowed ? "yes" : "no");
  note(arena, "requests until then", requests() - before);

  auto session = arena.session();
  take(archive::load(layout, arena.variant(), *session.proposal), "loading into the registry");
  const auto same = static_cast<std::size_t>(std::ranges::count_if(entries, [&](const auto& entry) {
    // What the index carries itself came with it.
    return entry.payload.has_value() || stored(home, entry);
  }));
  const auto root = subject.root ? subject.root->digest().str() : image.subject.descriptor.digest;
  const auto found = recall(session, pulled(home, image.subject), digests_of(given));
  EXPECT_EQ(same, given.size()) << "attachments with the digest that they had in the layout";
  EXPECT_EQ(home.digest_of(image.subject.tag), root) << "what the tag leads to";
  EXPECT_TRUE(found.complete()) << "found in the registry: " << found.str();
  note(arena, "same digests in the registry", same);
  note(arena, "found in the registry", found.str());
}

}  // namespace

void register_offline(Catalogue& catalogue) {
  ask(catalogue,
      {.id = "offline-verify",
       .requirement = "S.offline.verify",
       .title = "Attestations can be checked offline",
       .how = "Attaches five, saves the image to a layout, and finds and reads them there without a request.",
       .body = verify_offline,
       .kills = any_variant});
  ask(catalogue, {.id = "offline-saveload",
                  .requirement = "S.offline.saveload",
                  .title = "Saving and loading carries everything",
                  .how = "Attaches five, saves to a layout, loads into a fresh registry, and compares digests, the tag "
                         "and what is found.",
                  .body = save_and_load,
                  .kills = any_variant});
  ask(catalogue,
      {.id = "offline-no-registry",
       .requirement = "S.offline.no-registry",
       .title = "An image is built and signed where there is no registry",
       .how = "Builds an image in a layout and signs it there three times as the variant does, verifies it from the "
              "layout, all without a request; then loads the layout, and the registry must lead to the same.",
       .body = no_registry,
       .kills = any_variant});
}

}  // namespace referee::suites::seed
