#include <fmt/format.h>
#include <gmock/gmock.h>

#include "conformance/registration.hpp"
#include "conformance/upgrade/roles.hpp"
#include "referee/conformance/matchers.hpp"

/// What happens when a registry that was old becomes new.
namespace referee::suites::upgrade {

using namespace referee::conformance;  // NOLINT(google-build-using-namespace): checks read as sentences

namespace {

void keeps_refers(Context& context) {
  Arena arena(context, variant_of(Ground::kBike));
  const auto site = find_ground(arena, Ground::kBike);
  const auto produced = produce(arena, site, Producer::kBranch);
  EXPECT_THAT(produced.attached, testing::Each(201));
  EXPECT_THAT(produced.refusals, testing::IsEmpty());
  const auto seen = look(site, Consumer::kSquirrel, produced.image.subject.descriptor);
  std::size_t kept = 0;
  for (const auto& digest : seen.listed) {
    const auto answer = site.registry().get_manifest(site.repository(), digest).value();
    const auto json = parse_json(answer.body);
    if (json && json->is_object() && json->contains("refers")) ++kept;
  }
  EXPECT_EQ(kept, produced.payloads.size()) << "manifests that still have `refers`";
  context.observe("claim", testing::Test::HasFailure() ? "refuted" : "confirmed");
  context.observe("manifests with refers", std::to_string(kept));
}

/// A registry that was old when the first two were attached and has the API now.
struct Upgraded {
  Site site;
  Produced produced;
};

Upgraded upgraded(Arena& arena) {
  // One like the target, since other checks do not expect it to change under them.
  const auto* embedded = arena.context().embedded();
  const auto& profile = variant_of(Ground::kMoto).profile;
  const bool same = embedded != nullptr && embedded->profile == profile;
  Upgraded result{arena.peer(profile, same ? embedded->deviations : std::vector<std::string>{}), {}};
  (void)result.site.switch_profile(variant_of(Ground::kBike).profile);
  result.produced = produce(arena, result.site, Producer::kBranch);
  (void)result.site.switch_profile(profile);
  return result;
}

void indexes_old_and_new(Context& context) {
  Arena arena(context, variant_of(Ground::kMoto));
  auto [site, produced] = upgraded(arena);
  const auto& subject = produced.image.subject.descriptor;
  const auto old = look(site, Consumer::kSquirrel, subject);
  EXPECT_EQ(old.asked, (std::vector<std::string>{"API 200"}));
  EXPECT_EQ(old.found(), produced.payloads) << "what the digest tag listed before";
  produce_more(arena, site, produced);
  const auto all = look(site, Consumer::kSquirrel, subject);
  EXPECT_EQ(all.found(), produced.payloads) << "with one that came later";
  context.observe("claim", testing::Test::HasFailure() ? "refuted" : "confirmed");
  context.observe("found of the old ones", fmt::format("{} of 2", old.found().size()));
  context.observe("found with a new one", fmt::format("{} of 3", all.found().size()));
}

void leaves_digest_tags(Context& context) {
  Arena arena(context, variant_of(Ground::kMoto));
  auto [site, produced] = upgraded(arena);
  const auto& subject = produced.image.subject.descriptor;
  const auto tag = oci::referrers_tag(subject.digest);
  const auto before = site.digest_of(tag);
  EXPECT_NE(before, "") << "the digest tag stays";
  produce_more(arena, site, produced);
  EXPECT_EQ(site.digest_of(tag), before) << "a producer that finds the API leaves the digest tag alone";
  EXPECT_EQ(produced.added_tags, std::vector<std::string>{tag});
  const auto seen = look(site, Consumer::kBeaver, subject);
  EXPECT_EQ(seen.asked, (std::vector<std::string>{"API 200"})) << "a consumer that finds the API asks nothing else";
  EXPECT_EQ(seen.listed.size(), produced.payloads.size()) << "each is listed once";
  EXPECT_EQ(seen.found(), produced.payloads);
  context.observe("claim", testing::Test::HasFailure() ? "refuted" : "confirmed");
  context.observe("digest tag", site.digest_of(tag) == before ? "unchanged" : "changed");
  context.observe("listed", fmt::format("{} of 3", seen.listed.size()));
}

}  // namespace

void register_transitions(Catalogue& catalogue) {
  catalogue.add({.id = "upgrade/u.t1",
                 .title = "An old registry takes and keeps manifests with refers",
                 .how = "Pushes two image manifests with `refers` and reads them again.",
                 .requirements = {"upgrade.u.t1"},
                 .needs = {},
                 .after = {},
                 .kills = {"r.put.reject-unknown-field", "r.put.strip-unknown-field"},
                 .tags = {"slow"},
                 .profiles = {variant_of(Ground::kBike).profile},
                 .body = keeps_refers});
  catalogue.add({.id = "upgrade/u.t2",
                 .title = "A registry that gets the API lists what digest tags listed, and what comes later",
                 .how =
                     "Attaches two to a registry without the API, switches it on, lists, attaches one more and lists "
                     "again; always with a reference registry, which can be switched.",
                 .requirements = {"upgrade.u.t2"},
                 .needs = {},
                 .after = {},
                 .kills = {"r.E.no-rescan-on-upgrade", "r.E.refers-ignored"},
                 .tags = {"slow"},
                 .profiles = {variant_of(Ground::kMoto).profile},
                 .body = indexes_old_and_new});
  catalogue.add({.id = "upgrade/u.t3",
                 .title = "With the API there, clients leave digest tags alone and nothing counts twice",
                 .how =
                     "Attaches two to a registry without the API, switches it on, attaches one more and compares the "
                     "digest tag, the list and what the consumer asked.",
                 .requirements = {"upgrade.u.t3"},
                 .needs = {},
                 .after = {},
                 .kills = {"r.E.no-rescan-on-upgrade", "r.E.refers-ignored"},
                 .tags = {"slow"},
                 .profiles = {variant_of(Ground::kMoto).profile},
                 .body = leaves_digest_tags});
}

}  // namespace referee::suites::upgrade
