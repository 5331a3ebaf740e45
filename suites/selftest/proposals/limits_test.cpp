// Where protocols and registries end: what does not fit is refused by name, and what was there stays.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "proposals/proposal_fixture.hpp"
#include "referee/oci/digest.hpp"

namespace referee::proposals {
namespace {

constexpr std::size_t kLargestManifest = 4'194'304;  ///< of deployed registries, and of ours
constexpr std::size_t kMustBeTaken = 4'000'000;

TEST(Limits, ATagThatWouldBeTooLongIsNamedBeforeAnythingIsSent) {
  const auto& variant = *find_variant("D/digest-tag");
  Place place(variant, {});
  oci::Random random(1);
  auto subject = place.push(oci::image(random));
  // 89 characters and the type: 39 fit.
  const std::vector<Attachment> fits{attachment(random, kSignature, std::string(39, 't'))};
  EXPECT_TRUE(place.proposal().attach(subject, fits));
  const auto before = place.wire().cost().requests;
  const std::vector<Attachment> longer{attachment(random, kSignature, std::string(40, 't'))};
  const auto refused = place.proposal().attach(subject, longer);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, FailureKind::kLimit);
  EXPECT_THAT(refused.error().message, testing::HasSubstr("129 characters; 128 are allowed"));
  EXPECT_EQ(place.wire().cost().requests, before);
}

/// A document in which each attachment takes as much as its annotation says.
std::vector<Attachment> heavy(oci::Random& random, std::size_t count, std::size_t bytes) {
  auto all = attachments(random, count);
  for (auto& one : all) one.annotations["dev.referee.weight"] = std::string(bytes, 'w');
  return all;
}

TEST(Limits, ADocumentThatWouldBeTooLargeKeepsWhatItHad) {
#ifdef REFEREE_SANITIZED
  const auto ids = {"D/index", "E/tag"};  // megabytes of JSON take them minutes
#else
  const auto ids = {"D/index", "D/wrap", "E/tag", "F/reference-index", "F/enhanced", "oci-1.1/fallback", "cosign/tag"};
#endif
  for (const auto* id : ids) {
    SCOPED_TRACE(id);
    Place place(*find_variant(id), {});
    oci::Random random(1);
    auto subject = place.push(oci::image(random));
    const auto given = heavy(random, 3, 1'900'000);
    ASSERT_TRUE(place.proposal().attach(subject, std::span(given).first(2))) << "3.8 megabytes";
    const auto refused = place.proposal().attach(subject, std::span(given).last(1));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, FailureKind::kLimit) << refused.error().message;
    EXPECT_THAT(refused.error().message,
                testing::AllOf(testing::HasSubstr("the registry's limit, status 413"),
                               testing::HasSubstr("the list stays as it was, with 2 attachments")));
    EXPECT_EQ(place.proposal().discover(subject, {})->size(), 2U);
  }
}

TEST(Limits, ListsThatARegistryMakesHaveNone) {
#ifdef REFEREE_SANITIZED
  const auto ids = {"B"};
#else
  const auto ids = {"B", "C"};
#endif
  for (const auto* id : ids) {
    SCOPED_TRACE(id);
    Place place(*find_variant(id), {});
    oci::Random random(1);
    auto subject = place.push(oci::image(random));
    const auto given = heavy(random, 3, 1'900'000);
    for (const auto& one : given) ASSERT_TRUE(place.proposal().attach(subject, std::span(&one, 1)));
    EXPECT_EQ(place.proposal().discover(subject, {})->size(), given.size());
  }
}

TEST(Limits, TheLargestManifestIsTakenAndOneByteMoreIsNot) {
  Place place(*find_variant("E/tag"), {});
  const auto put = [&](std::size_t bytes) {
    return place.wire().put_manifest("large", oci::IndexBuilder().pad_to(bytes).build());
  };
  EXPECT_TRUE(put(kMustBeTaken));
  EXPECT_TRUE(put(kLargestManifest));
  const auto refused = put(kLargestManifest + 1);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, FailureKind::kLimit);
  EXPECT_THAT(refused.error().message, testing::HasSubstr("4194305 bytes"));
}

/// A number of entries that the catalogue of claims works out, for entries that it says the size of.
struct Counted {
  const char* variant;
  std::size_t type;              ///< characters of the artifact's type
  oci::Annotations annotations;  ///< of the attachment
  std::string payload_type;
  int more;  ///< bytes that our entry takes beyond the catalogue's
  std::size_t most;
};

/// Bytes by which the list grows with the third attachment.
std::size_t bytes_of_an_entry(const Counted& row) {
  const auto& variant = *find_variant(row.variant);
  Place place(variant, {});
  oci::Random random(1);
  auto subject = place.push(oci::image(random));
  std::vector<std::size_t> sizes;
  for (auto one : attachments(random, 3)) {
    one.artifact_type = std::string(row.type, 't');
    one.annotations = row.annotations;
    if (!row.payload_type.empty()) one.payload = oci::Content(row.payload_type, one.payload.bytes());
    EXPECT_TRUE(place.proposal().attach(subject, std::span(&one, 1)));
    auto tag = variant.in_image ? subject.tag : oci::referrers_tag(subject.descriptor.digest);
    if (variant.trail.kind == Trail::Kind::kLayers) tag += ".sig";
    sizes.push_back(place.registry().get_manifest("team/app", tag).value().body.size());
  }
  return sizes[2] - sizes[1];
}

TEST(Limits, EntriesOfTheSameFieldsFitAsOftenAsTheCatalogueSays) {
  constexpr std::size_t kEnvelope = 88;
  const oci::Annotations two{{"org.opencontainers.image.created", "2026-01-01T00:00:00Z"},
                             {std::string(20, 'k'), std::string(29, 'v')}};
  const oci::Annotations signature{{"dev.cosignproject.cosign/signature", std::string(96, 's')}};
  const std::vector<Counted> rows{
      {"E/tag", 37, {}, "", 0, 20'164},
      {"oci-1.1/fallback", 37, two, "", 0, 12'445},
      // Proposal D's example has no `architecture`, which image-spec requires of a platform.
      {"D/index", 4, {}, "", 25, 12'157},
      {"D/wrap", 4, {}, "", 25, 12'157},
      // Ours have no `artifactType`, which registries of the time do not know.
      {"F/reference-index", 4, {}, "", -55, 11'066},
      {"F/enhanced", 4, {}, "", -55, 11'066},
      // cosign's layers do not say the type of what they sign; ours do, in an annotation.
      {"cosign/tag", 4, signature, "application/vnd.dev.cosign.simplesigning.v1+json", 34, 13'486},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.variant);
    const auto entry = static_cast<std::size_t>(static_cast<int>(bytes_of_an_entry(row)) - row.more);
    EXPECT_EQ((kLargestManifest - kEnvelope) / entry, row.most) << entry << " bytes";
  }
}

}  // namespace
}  // namespace referee::proposals
