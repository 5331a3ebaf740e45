#include <fmt/format.h>
#include <gmock/gmock.h>

#include "conformance/registration.hpp"
#include "conformance/seed/common.hpp"

/// What attaching does to the digest that everybody else goes by.
namespace referee::suites::seed {

using namespace referee::conformance;  // NOLINT(google-build-using-namespace): questions read as sentences

namespace {

/// Somebody who knows the tag, and looks at the digest that it leads to.
class Watcher {
 public:
  Watcher(const Site& site, std::string tag) : site_(site), tag_(std::move(tag)), known_(site_.digest_of(tag_)) {
    seen_.insert(known_);
  }
  /// Whether it is another one than at the last look.
  bool look() {
    auto now = site_.digest_of(tag_);
    if (now == known_) return false;
    known_ = std::move(now);
    seen_.insert(known_);
    return true;
  }
  [[nodiscard]] std::size_t digests() const { return seen_.size(); }

 private:
  const Site& site_;
  std::string tag_;
  std::string known_;
  std::set<std::string> seen_;
};

/// Attaches one after the other, each by a tool that has just pulled the image; counts how often the watcher noticed.
std::size_t noticed(Arena& arena, const Site& site, const Published& image,
                    const std::vector<proposals::Attachment>& given, Watcher& watcher) {
  std::size_t count = 0;
  auto session = arena.session(site);
  for (const auto& attachment : given) {
    auto subject = pulled(site, image.subject);
    attach_each(session, subject, std::span(&attachment, 1));
    if (watcher.look()) ++count;
  }
  return count;
}

void changes(Arena& arena) {
  const auto& home = arena.home();
  const auto image = arena.publish(home);
  const auto given = arena.attachments(std::min<std::size_t>(arena.scale().attachments, 20));
  Watcher watcher(home, image.subject.tag);
  const auto changed = noticed(arena, home, image, given, watcher);
  EXPECT_EQ(changed, given.size()) << "changes of the digest that the tag leads to";
  note(arena, "attached", given.size());
  note(arena, "digest", changed == 0 ? "stable" : fmt::format("changed {} times", changed));
  note(arena, "found", recall_by_tag(arena, home, image, digests_of(given)).str());
}

void redeploy(Arena& arena) {
  const auto& home = arena.home();
  const auto image = arena.publish(home);
  const auto scans = arena.attachments(arena.scale().name == "proof" ? 5 : 30, "att");
  Watcher watcher(home, image.subject.tag);
  const auto restarts = noticed(arena, home, image, scans, watcher);
  EXPECT_EQ(restarts, scans.size()) << "restarts by somebody who deploys whatever the tag leads to";
  note(arena, "nights", scans.size());
  note(arena, "restarts", restarts);
  note(arena, "found", recall_by_tag(arena, home, image, digests_of(scans)).str());
}

void pinned_deployment(Arena& arena) {
  const auto& home = arena.home();
  auto session = arena.session();
  const auto image = arena.publish(home);
  const auto given = arena.attachments(3);
  auto subject = image.subject;
  attach_each(session, subject, given);
  const auto before = session.wire->cost();
  const auto seen = recall(session, pinned(image), digests_of(given));
  EXPECT_EQ(seen.found, 0) << "signatures that came later, seen from the digest alone";
  note(arena, "seen from the digest", seen.str());
  note(arena, "requests", (session.wire->cost() - before).requests);
  note(arena, "seen from the tag", recall_by_tag(arena, home, image, digests_of(given)).str());
}

void trigger(Arena& arena) {
  const auto& home = arena.home();
  auto session = arena.session();
  const auto image = arena.publish(home);
  const auto given = arena.attachments(1);
  Watcher watcher(home, image.subject.tag);
  const bool before = recall(session, pulled(home, image.subject), digests_of(given)).complete();
  auto subject = pulled(home, image.subject);
  attach_all(session, subject, given);
  const bool event = watcher.look();
  const bool after = recall(session, pulled(home, image.subject), digests_of(given)).complete();
  EXPECT_FALSE(before) << "admitted without a signature";
  EXPECT_TRUE(after) << "admitted once it is signed";
  EXPECT_TRUE(event) << "whoever watches the tag is told";
  note(arena, "admitted before", before ? "yes" : "no");
  note(arena, "admitted after", after ? "yes" : "no");
  note(arena, "the watcher is told", event ? "yes" : "no");
}

void invalidate(Arena& arena) {
  constexpr int kTicks = 9;
  constexpr int kSigned = 3;
  constexpr int kRemoved = 6;
  const auto& home = arena.home();
  auto writer = arena.session();
  auto poller = arena.session();
  const auto image = arena.publish(home);
  const auto given = arena.attachments(1);
  Watcher watcher(home, image.subject.tag);
  std::vector<int> told;
  int seen = -1;
  int gone = -1;
  const auto before = poller.wire->cost();
  for (int tick = 0; tick < kTicks; ++tick) {
    auto subject = pulled(home, image.subject);
    if (tick == kSigned) attach_all(writer, subject, given);
    if (tick == kRemoved) {
      const auto entries = discover(writer, subject).entries;
      if (!entries.empty()) take(writer.proposal->detach(subject, entries.front()), "removing the signature");
    }
    if (watcher.look()) told.push_back(tick);
    const auto found = recall(poller, pulled(home, image.subject), digests_of(given));
    if (found.found == 1 && seen < 0) seen = tick;
    if (found.found == 0 && seen >= 0 && gone < 0) gone = tick;
  }
  EXPECT_THAT(told, testing::IsEmpty()) << "ticks at which the digest told the watcher";
  note(arena, "changes told by the digest", told.size());
  note(arena, "polls for two changes", kTicks);
  note(arena, "requests of the polls", (poller.wire->cost() - before).requests);
  note(arena, "ticks until the signature is seen", seen < 0 ? "never" : std::to_string(seen - kSigned));
  note(arena, "ticks until its removal is seen", gone < 0 ? "never" : std::to_string(gone - kRemoved));
}

void audit(Arena& arena) {
  const auto& home = arena.home();
  const auto image = arena.publish(home);
  Watcher watcher(home, image.subject.tag);
  Digests expected;
  // Build, test, SBOM, CI, signature: each stage records the digest that it has seen.
  for (const auto* kind : {"att", "att", "sbom", "att", "sig"}) {
    const auto given = arena.attachments(1, kind);
    expected.merge(digests_of(given));
    (void)noticed(arena, home, image, given, watcher);
  }
  EXPECT_EQ(watcher.digests(), 1) << "digests that an auditor has to join";
  note(arena, "digests to join", watcher.digests());
  note(arena, "found at the end", recall_by_tag(arena, home, image, expected).str());
}

void same_bits(Arena& arena) {
  const auto& home = arena.home();
  auto image = arena.publish(home, "build-1");
  auto again = image;
  again.subject.tag = "build-2";
  arena.push(home, again);
  auto session = arena.session();
  const auto first = arena.attachments(1, "att");
  const auto second = arena.attachments(1, "att");
  attach_all(session, image.subject, first);
  attach_all(session, again.subject, second);
  const std::set<std::string> identities{home.digest_of("build-1"), home.digest_of("build-2")};
  const auto from_first = fetched(session, discover(session, pulled(home, image.subject)).entries);
  EXPECT_EQ(identities.size(), 1) << "digests that two builds of the same bytes have";
  EXPECT_EQ(from_first.size(), 2) << "attestations that either build shows";
  note(arena, "images", identities.size());
  note(arena, "attestations of the first build", from_first.size());
  note(arena, "its own is among them", from_first.contains(*digests_of(first).begin()) ? "yes" : "no");
}

}  // namespace

void register_digests(Catalogue& catalogue) {
  ask(catalogue, {.id = "digest-changes",
                  .requirement = "S.digest.changes",
                  .title = "Each attachment changes the digest that the image's tag leads to",
                  .how = "Attaches up to twenty, one after the other, and looks at the tag each time.",
                  .body = changes,
                  .kills = moving_tags});
  ask(catalogue, {.id = "digest-redeploy",
                  .requirement = "S.digest.redeploy",
                  .title = "A nightly scan redeploys what follows the tag",
                  .how = "For thirty simulated days a scanner attaches its result; a watcher restarts whenever the tag "
                         "leads to another digest.",
                  .body = redeploy,
                  .kills = moving_tags});
  ask(catalogue, {.id = "digest-pinned",
                  .requirement = "S.digest.pinned",
                  .title = "Who is pinned to a digest cannot see signatures that come later",
                  .how = "Attaches three and looks for them with nothing but the image as it was pinned.",
                  .body = pinned_deployment,
                  .kills = any_variant});
  ask(catalogue, {.id = "digest-trigger",
                  .requirement = "S.digest.trigger",
                  .title = "The change of digest tells that the image may be deployed",
                  .how = "An admission rule wants one signature; it is attached, and a watcher looks at the tag.",
                  .body = trigger,
                  .kills = any_variant});
  ask(catalogue,
      {.id = "identity-invalidate",
       .requirement = "S.identity.invalidate",
       .title = "Who watches the digest does not learn of signatures, and has to poll",
       .how = "Over nine ticks a signature comes and goes; one watches the tag's digest, one asks each time.",
       .body = invalidate,
       .kills = any_variant});
  ask(catalogue, {.id = "audit-chain",
                  .requirement = "S.audit.chain",
                  .title = "One digest can be followed through all stages",
                  .how = "Five stages attach their evidence and note the digest that the tag leads to.",
                  .body = audit,
                  .kills = moving_tags});
  ask(catalogue, {.id = "same-bits",
                  .requirement = "S.same-bits",
                  .title = "Two builds with equal bits are one image with two attestations",
                  .how = "Pushes the same index under two tags, attests each, and counts digests and attestations.",
                  .body = same_bits,
                  .kills = any_variant});
}

}  // namespace referee::suites::seed
