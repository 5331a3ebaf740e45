#include <fmt/format.h>
#include <gmock/gmock.h>

#include "conformance/registration.hpp"
#include "conformance/upgrade/roles.hpp"
#include "referee/conformance/matchers.hpp"

/// The eighteen combinations of UPGRADING.md, each with every column of its table.
namespace referee::suites::upgrade {

using namespace referee::conformance;  // NOLINT(google-build-using-namespace): checks read as sentences

namespace {

using Strings = std::vector<std::string>;

struct Scenario {
  int number;
  Producer producer;
  Ground ground;
  Consumer consumer;
  std::string title;
  Strings kills;
};

/// What the consumer asks when it looks for the list.
Strings expected_requests(const Scenario& scenario) {
  if (scenario.consumer == Consumer::kRat) return {};
  if (scenario.ground == Ground::kMoto) return {"API 200"};
  return {"API 404", scenario.producer == Producer::kBranch ? "tag 200" : "tag 404"};
}

void expect_pushed(const Scenario& scenario, const Produced& produced) {
  EXPECT_EQ(produced.image_status, 201) << "the image's push";
  EXPECT_THAT(produced.refusals, testing::IsEmpty());
  const bool refused = scenario.producer == Producer::kTree && scenario.ground == Ground::kBike;
  if (refused) {
    EXPECT_THAT(produced.attached, testing::Each(testing::AllOf(testing::Ge(400), testing::Le(499))));
  } else {
    EXPECT_THAT(produced.attached, testing::Each(201));
  }
  const bool tagged = scenario.producer == Producer::kBranch && scenario.ground == Ground::kBike;
  EXPECT_EQ(produced.added_tags,
            tagged ? Strings{oci::referrers_tag(produced.image.subject.descriptor.digest)} : Strings{});
}

void expect_found(const Scenario& scenario, const Produced& produced, const Seen& seen) {
  EXPECT_EQ(seen.asked, expected_requests(scenario));
  EXPECT_THAT(seen.troubles, testing::IsEmpty());
  if (scenario.consumer == Consumer::kRat) return;
  const bool nothing_stored = scenario.producer == Producer::kTree && scenario.ground == Ground::kBike;
  const bool unreadable = scenario.producer == Producer::kTree && scenario.consumer == Consumer::kSquirrel;
  EXPECT_EQ(seen.found(), nothing_stored || unreadable ? std::set<std::string>{} : produced.payloads);
  EXPECT_EQ(seen.listed.size(), nothing_stored ? 0 : produced.payloads.size()) << "entries of the list";
  // What cannot be read is not the same as nothing.
  EXPECT_EQ(seen.unsupported, unreadable && !nothing_stored ? produced.payloads.size() : 0);
  if (scenario.producer == Producer::kBranch) {
    EXPECT_THAT(seen.forms, testing::ElementsAre(oci::media_type::kManifest));
  }
}

void play_scenario(const Scenario& scenario, Context& context) {
  Arena arena(context, variant_of(scenario.ground));
  const auto site = find_ground(arena, scenario.ground);
  const auto produced = produce(arena, site, scenario.producer);
  expect_pushed(scenario, produced);
  const auto seen = look(site, scenario.consumer, produced.image.subject.descriptor);
  expect_found(scenario, produced, seen);
  EXPECT_EQ(pull(site, produced.image), "") << "pulling the image";
  if (scenario.consumer == Consumer::kRat && scenario.producer != Producer::kLeaf) {
    // It does not look, but there is something that it does not see.
    const auto there = look(site, Consumer::kBeaver, produced.image.subject.descriptor).listed.size();
    const bool stored = scenario.producer == Producer::kBranch || scenario.ground == Ground::kMoto;
    EXPECT_EQ(there, stored ? produced.payloads.size() : 0) << "what others find";
    context.observe("others find", std::to_string(there));
  }

  context.observe("claim", testing::Test::HasFailure() ? "refuted" : "confirmed");
  context.observe("image push", std::to_string(produced.image_status));
  context.observe("attachment push", fmt::format("{}", fmt::join(produced.attached, ", ")));
  context.observe("tags added", std::to_string(produced.added_tags.size()));
  context.observe("list requests", seen.asked.empty() ? "none" : fmt::format("{}", fmt::join(seen.asked, ", ")));
  context.observe("found", fmt::format("{} of {} listed, {} of an unsupported type", seen.payloads.size(),
                                       seen.listed.size(), seen.unsupported));
}

std::vector<Scenario> scenarios() {
  using enum Producer;
  using enum Ground;
  using enum Consumer;
  // What breaks an image, an old registry's list, and a new one's.
  const Strings pulls{"r.blob.corrupt-get"};
  const Strings absent{"r.get.missing-tag-latest"};
  const Strings fields{"r.put.reject-unknown-field", "r.put.strip-unknown-field"};
  const Strings refers{"r.E.refers-ignored"};
  const Strings artifacts{"r.put.artman-201-not-indexed"};
  return {
      {1, kLeaf, kBike, kRat, "Nothing new anywhere", pulls},
      {2, kLeaf, kBike, kSquirrel, "A consumer looks where nobody attaches and no API is", absent},
      {3, kLeaf, kBike, kBeaver, "A newer consumer looks where nobody attaches and no API is", absent},
      {4, kLeaf, kMoto, kRat, "Only the registry is new", pulls},
      {5, kLeaf, kMoto, kSquirrel, "A consumer asks the API where nobody attaches", {"r.ref.404-when-empty"}},
      {6, kLeaf, kMoto, kBeaver, "A newer consumer asks the API where nobody attaches", {"r.ref.404-when-empty"}},
      {7,
       kBranch,
       kBike,
       kRat,
       "An old consumer does not notice attachments in an old registry",
       {"r.put.reject-unknown-field"}},
      {8, kBranch, kBike, kSquirrel, "Attachments in an old registry are found by the digest tag", fields},
      {9, kBranch, kBike, kBeaver, "A newer consumer finds attachments in an old registry", fields},
      {10,
       kBranch,
       kMoto,
       kRat,
       "An old consumer does not notice attachments in a new registry",
       {"r.blob.corrupt-get", "r.E.refers-ignored"}},
      {11, kBranch, kMoto, kSquirrel, "Attachments in a new registry are found by its API", refers},
      {12, kBranch, kMoto, kBeaver, "A newer consumer finds attachments by the API", refers},
      {13, kTree, kBike, kRat, "An old registry refuses artifact manifests cleanly", artifacts},
      {14, kTree, kBike, kSquirrel, "Nothing is found of what an old registry refused", artifacts},
      {15, kTree, kBike, kBeaver, "A newer consumer finds nothing of what an old registry refused", artifacts},
      {16,
       kTree,
       kMoto,
       kRat,
       "An old consumer does not notice artifact manifests",
       {"r.blob.corrupt-get", "r.E.artman-unlisted"}},
      {17, kTree, kMoto, kSquirrel, "A consumer says that it cannot read artifact manifests", {"r.E.artman-unlisted"}},
      {18, kTree, kMoto, kBeaver, "Everything is new, and artifact manifests are found", {"r.E.artman-unlisted"}},
  };
}

}  // namespace

void register_scenarios(Catalogue& catalogue) {
  for (const auto& scenario : scenarios()) {
    const auto id = fmt::format("u.{:02}", scenario.number);
    catalogue.add(
        {.id = "upgrade/" + id,
         .title = fmt::format("{} ({}, {}, {})", scenario.title, name(scenario.producer), name(scenario.ground),
                              name(scenario.consumer)),
         .how = "Pushes an image and, unless the producer is a leaf, two attachments; then the consumer looks for them "
                "and pulls the image. Push result, tags added, requests for the list, what is found and the pulled "
                "image are held against the table. Registries that the target is not are fresh reference registries.",
         .requirements = {"upgrade." + id},
         .needs = {},
         .after = {},
         .kills = scenario.kills,
         .tags = {"slow"},
         .profiles = {variant_of(scenario.ground).profile},
         .body = [scenario](Context& context) { play_scenario(scenario, context); }});
  }
}

}  // namespace referee::suites::upgrade
