#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <thread>

#include "conformance/registration.hpp"
#include "conformance/seed/common.hpp"
#include "referee/conformance/matchers.hpp"
#include "referee/http/lane.hpp"

/// From a digest to what is attached to it, whoever attached it and in whatever order it is listed.
namespace referee::suites::seed {

using namespace referee::conformance;  // NOLINT(google-build-using-namespace): questions read as sentences

namespace {

/// What is left when no lookup leads anywhere: every tag is read until one lists the digest. The number of requests.
std::uint64_t crawl(const Site& site, const std::string& digest) {
  const auto before = site.registry().client().exchanges();
  for (const auto& tag : site.tags()) {
    const auto answer = site.registry().get_manifest(site.repository(), tag).value();
    if (answer.body.find(digest) != std::string::npos) break;
  }
  return site.registry().client().exchanges() - before;
}

void reverse(Arena& arena) {
  constexpr int kUnrelated = 10;
  const auto& home = arena.home();
  auto session = arena.session();
  const auto image = arena.publish(home);
  const auto given = arena.attachments(3);
  auto subject = image.subject;
  attach_all(session, subject, given);
  for (int number = 0; number < kUnrelated; ++number) {
    const auto unrelated = oci::image(arena.random());
    (void)arena.context().push_at(home.registry(), home.repository(), unrelated, fmt::format("release-{}", number));
  }
  const auto looked = discover(session, pinned(image));
  const auto found = fetched(session, looked.entries);
  EXPECT_EQ(found, digests_of(given)) << "signatures that are reached from the unsigned digest";
  note(arena, "found from the digest", fmt::format("{} of {}", found.size(), given.size()));
  note(arena, "requests", looked.cost.requests);
  note(arena, "found from the tag", recall_by_tag(arena, home, image, digests_of(given)).str());
  if (found.empty()) note(arena, "requests of a crawl", crawl(home, image.subject.descriptor.digest));
}

void latest(Arena& arena) {
  const auto& home = arena.home();
  const auto image = arena.publish(home);
  const auto given = arena.attachments(2);
  std::vector<std::uint64_t> requests;
  for (const auto& attachment : given) {
    // Two tools that know the tag; neither has seen what the other did.
    auto session = arena.session();
    auto subject = pulled(home, image.subject);
    attach_each(session, subject, std::span(&attachment, 1));
    requests.push_back(session.wire->cost().requests);
  }
  auto reader = arena.session();
  const auto seen = recall(reader, pinned(image), digests_of(given));
  EXPECT_TRUE(seen.complete()) << "both signatures, from the unsigned digest: " << seen.str();
  note(arena, "found", seen.str());
  note(arena, "found from the tag", recall_by_tag(arena, home, image, digests_of(given)).str());
  note(arena, "requests to attach", fmt::format("{} and {}", requests.front(), requests.back()));
}

void modular(Arena& arena) {
  const auto& home = arena.home();
  const auto image = arena.publish(home);
  Digests expected;
  std::vector<proposals::Attachment> tools;
  for (const auto* kind : {"sbom", "sig", "att"}) {
    tools.push_back(arena.attachments(1, kind).front());
    expected.insert(tools.back().payload.digest().str());
  }
  // One after the other, each with nothing but the digest that it was given.
  std::string refused;
  for (const auto& attachment : tools) {
    auto session = arena.session();
    auto subject = pinned(image);
    const auto done = session.proposal->attach(subject, std::span(&attachment, 1));
    if (!done && refused.empty()) refused = done.error().message;
  }
  auto reader = arena.session();
  const auto apart = recall(reader, pinned(image), expected);
  EXPECT_EQ(refused, "") << "tools that know the digest alone";
  EXPECT_TRUE(apart.complete()) << "found: " << apart.str();
  note(arena, "found", apart.str());
  if (!refused.empty()) return;

  // Then all at once: what is lost is another question's claim, and differs from run to run.
  const auto again = arena.publish(home, "v2");
  std::vector<Session> sessions;
  for (std::size_t index = 0; index < tools.size(); ++index) sessions.push_back(arena.session());
  {
    std::vector<std::jthread> threads;
    for (std::size_t index = 0; index < tools.size(); ++index) {
      threads.emplace_back([&, index] {
        const http::Lane lane(index + 1);
        auto subject = pinned(again);
        (void)sessions[index].proposal->attach(subject, std::span(tools).subspan(index, 1));
      });
    }
  }
  note(arena, std::string(kVarying) + "found, all at once", recall(reader, pinned(again), expected).str());
}

void order(Arena& arena) {
  auto session = arena.session();
  const auto& home = arena.home();
  const auto image = arena.publish(home);
  // The newest is attached neither first nor last.
  auto given = arena.attachments(5);
  const auto newest = given.back().payload.digest().str();
  std::swap(given[1], given.back());
  auto subject = image.subject;
  attach_each(session, subject, given);
  auto entries = discover(session, pulled(home, image.subject), Arena::filter("sig")).entries;
  const auto first = fetched(session, entries);
  std::ranges::reverse(entries);
  const auto reversed = fetched(session, entries);
  std::ranges::rotate(entries, entries.begin() + static_cast<std::ptrdiff_t>(entries.size() / 2));
  const auto rotated = fetched(session, entries);
  const auto chosen = take(session.proposal->newest(pulled(home, image.subject), Arena::filter("sig")), "the newest");
  const auto chosen_payload = chosen.entry ? fetched(session, {*chosen.entry}) : Digests{};
  EXPECT_EQ(first, digests_of(given));
  EXPECT_EQ(first, reversed) << "verified in reverse order";
  EXPECT_EQ(first, rotated) << "verified from the middle on";
  EXPECT_EQ(chosen_payload, Digests{newest}) << "the newest by its date";
  note(arena, "verified", fmt::format("{} of {}", first.size(), given.size()));
  note(arena, "the newest", chosen_payload == Digests{newest} ? "right" : "wrong");
}

void negative(Arena& arena) {
  const auto& home = arena.home();
  const auto image = arena.publish(home);
  auto session = arena.session();
  const auto looked = discover(session, pulled(home, image.subject), Arena::filter("sig"));
  EXPECT_GT(looked.cost.requests, 0) << "requests beyond the pull, to learn that there is no signature";
  EXPECT_EQ(looked.entries.size(), 0) << "signatures found of an image that nobody signed";
  note(arena, "requests from the tag", looked.cost.requests);
  note(arena, "bytes from the tag", looked.cost.bytes_down);
  note(arena, "entries", looked.entries.size());
  const auto given = arena.attachments(1);
  auto subject = image.subject;
  attach_all(session, subject, given);
  note(arena, "found once signed", recall_by_tag(arena, home, image, digests_of(given)).str());
}

std::vector<std::string> sorting_faults(const proposals::Variant& variant) {
  auto faults = any_variant(variant);
  if (variant.profile == "a") faults.emplace_back("r.A.sort-oldest-first");
  return faults;
}

/// What an empty list looks like, or an absent tag.
std::vector<std::string> absence_faults(const proposals::Variant& variant) {
  auto faults = any_variant(variant);
  using enum proposals::Trail::Kind;
  if (variant.profile == "oci-1.1" || variant.profile == "e") faults.emplace_back("r.ref.404-when-empty");
  if (variant.profile == "b") faults.emplace_back("r.B.404-when-empty");
  return faults;
}

}  // namespace

void register_lookups(Catalogue& catalogue) {
  ask(catalogue, {.id = "lookup-reverse",
                  .requirement = "S.lookup.reverse",
                  .title = "From the unsigned digest a lookup leads to the signatures",
                  .how = "Attaches three beside ten unrelated tags, looks from the digest alone, and where that "
                         "finds nothing counts what it takes to read tag after tag.",
                  .body = reverse,
                  .kills = any_variant});
  ask(catalogue, {.id = "lookup-latest",
                  .requirement = "S.lookup.latest",
                  .title = "The unsigned digest leads to the newest set of signatures",
                  .how = "Two tools attach one each; then both must be found from the unsigned digest.",
                  .body = latest,
                  .kills = any_variant});
  ask(catalogue, {.id = "modular",
                  .requirement = "S.modular",
                  .title = "Tools attach on their own, knowing nothing but the image's digest",
                  .how = "An SBOM tool, a signer and a scanner attach with the digest alone, one after the other; all "
                         "three must be found. Then all at once, which is only observed.",
                  .body = modular,
                  .kills = [](const auto& variant) {
                    // The image's own index is found by its tag alone: without one nothing gets to the registry.
                    return variant.trail.kind == proposals::Trail::Kind::kOwnIndex ? std::vector<std::string>{}
                                                                                   : any_variant(variant);
                  }});
  ask(catalogue, {.id = "verify-order",
                  .requirement = "S.verify.order",
                  .title = "What is verified does not depend on the order of the list",
                  .how = "Attaches five out of order of their dates, verifies them in three orders and asks for the "
                         "newest.",
                  .body = order,
                  .kills = sorting_faults});
  ask(catalogue, {.id = "verify-negative",
                  .requirement = "S.verify.negative",
                  .title = "Learning that there is no signature costs requests",
                  .how = "Looks for signatures of an image that has none, and then of the same with one.",
                  .body = negative,
                  .kills = absence_faults});
}

}  // namespace referee::suites::seed
