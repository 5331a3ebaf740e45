// What every variant must do whatever its protocol: found is what was attached, and nothing else.
#include <gmock/gmock.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <set>

#include "proposals/proposal_fixture.hpp"
#include "referee/oci/digest.hpp"

namespace referee::proposals {
namespace {

class EveryVariant : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    place_ = std::make_unique<Place>(variant(), Settings{});
    ASSERT_TRUE(place_->support().present) << place_->support().evidence;
  }
  [[nodiscard]] const Variant& variant() const { return *find_variant(GetParam()); }

  std::vector<std::string> payloads(Proposal& proposal, const Subject& subject, const Filter& filter) {
    std::vector<std::string> all;
    const auto entries = proposal.discover(subject, filter);
    if (!entries) {
      ADD_FAILURE() << entries.error().message;
      return all;
    }
    for (const auto& entry : *entries) {
      const auto payload = proposal.fetch(entry);
      EXPECT_TRUE(payload) << payload.error().message;
      all.push_back(payload.value_or(""));
    }
    return all;
  }

  oci::Random random_{7};
  std::unique_ptr<Place> place_;
};

TEST_P(EveryVariant, NothingIsFoundOnAnImageThatNobodySigned) {
  const auto subject = place_->push(oci::image(random_));
  EXPECT_THAT(payloads(place_->proposal(), subject, {}), testing::IsEmpty());
}

TEST_P(EveryVariant, TypesAreToldApart) {
  auto subject = place_->push(oci::image(random_));
  const std::vector<Attachment> given{attachment(random_), attachment(random_, kSbom, "sbom"), attachment(random_)};
  const auto attached = place_->proposal().attach(subject, given);
  ASSERT_TRUE(attached) << attached.error().message;
  EXPECT_THAT(payloads(place_->proposal(), subject, {kSignature, "sig"}),
              testing::UnorderedElementsAre(given[0].payload.bytes(), given[2].payload.bytes()));
  EXPECT_THAT(payloads(place_->proposal(), subject, {kSbom, "sbom"}), testing::ElementsAre(given[1].payload.bytes()));
  EXPECT_THAT(payloads(place_->proposal(), subject, {}), testing::SizeIs(3));
}

TEST_P(EveryVariant, SubjectsAreToldApart) {
  auto signed_image = place_->push(oci::image(random_));
  signed_image.tag = "v1";
  const auto given = attachments(random_, 2);
  ASSERT_TRUE(place_->proposal().attach(signed_image, given));
  const auto other = place_->push(oci::image(random_));
  EXPECT_THAT(payloads(place_->proposal(), other, {kSignature, "sig"}), testing::IsEmpty());
  EXPECT_THAT(payloads(place_->proposal(), signed_image, {kSignature, "sig"}), testing::SizeIs(2));
}

TEST_P(EveryVariant, ASecondClientFindsWhatTheFirstAttached) {
  auto subject = place_->push(oci::image(random_));
  const auto given = attachments(random_, 2);
  ASSERT_TRUE(place_->proposal().attach(subject, std::span(given).first(1)));
  const auto second = place_->neighbour(variant(), {});
  ASSERT_TRUE(second->proposal().attach(subject, std::span(given).last(1)));
  EXPECT_THAT(payloads(place_->proposal(), subject, {kSignature, "sig"}),
              testing::UnorderedElementsAre(given[0].payload.bytes(), given[1].payload.bytes()));
}

TEST_P(EveryVariant, ManyAtOnceAreWhatOneAfterAnotherIs) {
  const auto image = place_->push(oci::image(random_));
  auto subject = image;
  const auto given = attachments(random_, 9);
  ASSERT_TRUE(place_->proposal().attach(subject, given));
  std::map<std::size_t, Cost> costs;
  for (const std::size_t in_flight : {1U, 4U}) {
    const auto client = place_->neighbour(variant(), {});
    auto& proposal = client->proposal();
    proposal.set_in_flight(in_flight);
    const auto before = client->wire().cost();
    auto entries = proposal.discover(subject, {kSignature, "sig"});
    ASSERT_TRUE(entries) << entries.error().message;
    ASSERT_TRUE(proposal.describe(*entries, Proposal::Detail::kType));
    std::vector<const Entry*> wanted;
    for (const auto& entry : *entries) {
      EXPECT_EQ(entry.artifact_type, kSignature);
      wanted.push_back(&entry);
    }
    std::multiset<std::string> payloads;
    proposal.fetch_each(wanted, [&](std::size_t at, Outcome<std::string> payload) {
      ASSERT_TRUE(payload) << at << payload.error().message;
      payloads.insert(std::move(*payload));
    });
    std::multiset<std::string> expected;
    for (const auto& attachment : given) {
      if (attachment.artifact_type == kSignature) expected.insert(attachment.payload.bytes());
    }
    EXPECT_EQ(payloads, expected);
    costs[in_flight] = client->wire().cost() - before;
  }
  EXPECT_EQ(costs[1], costs[4]);
}

TEST_P(EveryVariant, TheImageKeepsItsDigestUnlessItsOwnIndexIsTheList) {
  auto subject = place_->push(oci::image(random_));
  const auto given = attachments(random_, 1);
  ASSERT_TRUE(place_->proposal().attach(subject, given));
  const auto by_tag = place_->registry().get_manifest("team/app", "v1").value();
  const oci::Content now(by_tag.header("Content-Type").value_or(""), by_tag.body);
  EXPECT_EQ(now.digest().str() != subject.descriptor.digest, variant().in_image);
  EXPECT_EQ(place_->registry().head_manifest("team/app", subject.descriptor.digest).value().status, 200);
}

TEST_P(EveryVariant, ContentIsTheSameFromOneSeed) {
  const auto digests = [&](const std::string& repository) {
    oci::Random random(3);
    Place place(variant(), {}, repository);
    auto subject = place.push(oci::image(random));
    const auto given = attachments(random, 3);
    EXPECT_TRUE(place.proposal().attach(subject, given));
    std::vector<std::string> all{subject.root->digest().str()};
    const auto found = place.proposal().discover(subject, {});
    EXPECT_TRUE(found);
    if (found) {
      for (const auto& entry : *found) all.push_back(entry.descriptor.digest + entry.tag);
    }
    return all;
  };
  EXPECT_EQ(digests("a/b"), digests("a/b"));
}

std::vector<std::string> ids() {
  std::vector<std::string> all;
  for (const auto& variant : variants()) all.push_back(variant.id);
  return all;
}

INSTANTIATE_TEST_SUITE_P(Variants, EveryVariant, testing::ValuesIn(ids()),
                         [](const testing::TestParamInfo<std::string>& one) {
                           std::string name;
                           for (const char c : one.param)
                             name += std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
                           return name;
                         });

TEST(VariantList, IdsAreUniqueAndFound) {
  auto all = ids();
  for (const auto& id : all) EXPECT_EQ(find_variant(id)->id, id);
  std::ranges::sort(all);
  EXPECT_EQ(std::ranges::adjacent_find(all), all.end());
  EXPECT_EQ(find_variant("G"), nullptr);
}

TEST(Copy, ASignatureThatAnotherToolMadeKeepsItsConfig) {
  const auto& variant = *find_variant("cosign/tag");
  Place from(variant, {});
  oci::Random random(1);
  auto subject = from.push(oci::image(random));
  const auto signature = oci::ManifestBuilder()
                             .config({"application/vnd.oci.image.config.v1+json", R"({"made":"elsewhere"})"})
                             .layer({"text/plain", "signed"})
                             .build();
  const auto tag = oci::referrers_tag(subject.descriptor.digest) + ".sig";
  ASSERT_TRUE(distribution::push_package(from.registry(), "team/app", signature, tag));
  Place to(variant, {});
  auto there = to.copy_image(from, subject);
  const auto parcels = from.proposal().pack(subject);
  ASSERT_TRUE(parcels) << parcels.error().message;
  const auto copied = to.proposal().unpack(there, *parcels);
  ASSERT_TRUE(copied) << copied.error().message;
  EXPECT_EQ(to.registry().get_manifest("team/app", tag).value().body, signature.manifest.bytes());
}

TEST(Fallback, ATagThatSomebodyElseUsesIsLeftAlone) {
  for (const auto* id : {"E/tag", "oci-1.1/fallback", "F/reference-index"}) {
    Place place(*find_variant(id), {});
    oci::Random random(1);
    auto subject = place.push(oci::image(random));
    const auto stranger = oci::image(random);
    const auto tag = oci::referrers_tag(subject.descriptor.digest);
    ASSERT_TRUE(distribution::push_package(place.registry(), "team/app", stranger, tag));
    const auto given = attachments(random, 1);
    const auto refused = place.proposal().attach(subject, given);
    ASSERT_FALSE(refused) << id;
    EXPECT_EQ(refused.error().kind, FailureKind::kBroken) << id;
    EXPECT_EQ(place.registry().get_manifest("team/app", tag).value().body, stranger.manifest.bytes()) << id;
  }
}

// The two have one path in common, and the evidence says whose answer it was.
TEST(Support, OfAIsNotSeenInTheIndexOfE) {
  for (const auto& [profile, present] : {std::pair{"a", true}, std::pair{"e", false}, std::pair{"oci-1.1", false}}) {
    const Place place(*find_variant("A"), {}, "team/app", {}, profile);
    EXPECT_EQ(place.support().present, present) << profile << ": " << place.support().evidence;
    EXPECT_EQ(place.support().evidence.ends_with("with proposal E's index"), std::string_view(profile) == "e");
  }
}

}  // namespace
}  // namespace referee::proposals
