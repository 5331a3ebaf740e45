// Writers at once: what shares a document loses attachments without conditions and none with them; the others never do.
#include <barrier>
#include <map>
#include <thread>

#include "proposals/proposal_fixture.hpp"

namespace referee::proposals {
namespace {

struct Race {
  std::size_t found = 0;
  std::size_t accepted = 0;
};

Race race(const Variant& variant, bool conditions, const std::string& profile, std::size_t writers) {
  oci::Random random(11);
  const Settings settings{.conditions = conditions};
  Place place(variant, settings, "team/app", {}, profile);
  const auto subject = place.push(oci::image(random));
  const auto given = attachments(random, writers);
  std::vector<std::unique_ptr<Place>> clients;
  for (std::size_t i = 0; i < writers; ++i) clients.push_back(place.neighbour(variant, settings));
  std::barrier start(static_cast<std::ptrdiff_t>(writers));
  std::vector<int> done(writers);
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < writers; ++i) {
      threads.emplace_back([&, i] {
        auto mine = subject;
        start.arrive_and_wait();
        done[i] = clients[i]->proposal().attach(mine, std::span(given).subspan(i, 1)) ? 1 : 0;
      });
    }
  }
  Race result;
  for (const int one : done) result.accepted += static_cast<std::size_t>(one);
  // A reader pulls the image first: some variants keep the list there.
  auto now = subject;
  const auto by_tag = place.registry().get_manifest("team/app", "v1").value();
  now.root = oci::Content(by_tag.header("Content-Type").value_or(""), by_tag.body);
  const auto found = place.proposal().discover(now, {kSignature, "sig"});
  EXPECT_TRUE(found) << found.error().message;
  result.found = found ? found->size() : 0;
  return result;
}

constexpr std::size_t kWriters = 8;

TEST(LostUpdates, DetachedVariantsLoseNothing) {
  for (const auto* id : {"A", "B", "C", "D/digest-tag", "E/api", "oci-1.1/api"}) {
    const auto result = race(*find_variant(id), false, "", kWriters);
    EXPECT_EQ(result.accepted, kWriters) << id;
    EXPECT_EQ(result.found, kWriters) << id;
  }
}

TEST(LostUpdates, ConditionsSaveSharedDocuments) {
  for (const auto* id : {"D/index", "E/tag", "F/reference-index", "F/enhanced", "oci-1.1/fallback", "cosign/tag"}) {
    const auto result = race(*find_variant(id), true, "oci-1.1", kWriters);
    EXPECT_EQ(result.accepted, kWriters) << id;
    EXPECT_EQ(result.found, kWriters) << id;
  }
}

TEST(LostUpdates, WithoutConditionsTheyAreLost) {
  // Whether a race is lost is chance; that none of many is would be a miracle.
  std::map<std::string, std::size_t> lost;
  for (const auto* id : {"D/index", "E/tag", "F/reference-index", "cosign/tag"}) {
    for (int round = 0; round < 5 && lost[id] == 0; ++round) {
      const auto result = race(*find_variant(id), false, "", kWriters);
      EXPECT_EQ(result.accepted, kWriters) << id;
      lost[id] += kWriters - result.found;
    }
    EXPECT_GT(lost[id], 0U) << id;
  }
}

}  // namespace
}  // namespace referee::proposals
