#include "referee/oci/digest.hpp"

#include <gtest/gtest.h>

#include "referee/oci/random.hpp"

namespace referee::oci {
namespace {

TEST(DigestTest, MatchesPublishedVectors) {
  // FIPS 180-4 example messages.
  EXPECT_EQ(Digest::of("").str(), "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(Digest::of("abc").str(), "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(Digest::of("abc", Algorithm::kSha512).str(),
            "sha512:ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
            "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
  // image-spec, manifest.md: the empty descriptor.
  EXPECT_EQ(Digest::of("{}").str(), "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");
}

TEST(DigestTest, StreamingInAnyPiecesEqualsOneShot) {
  Random random(7, "streaming");
  const std::string bytes = random.bytes(100'000);
  for (const Algorithm algorithm : {Algorithm::kSha256, Algorithm::kSha512}) {
    for (const std::size_t piece : {1UL, 63UL, 64UL, 65UL, 4096UL, 99'999UL, 100'000UL}) {
      Hasher hasher(algorithm);
      for (std::size_t at = 0; at < bytes.size(); at += piece) hasher.update(std::string_view(bytes).substr(at, piece));
      EXPECT_EQ(hasher.finish(), Digest::of(bytes, algorithm)) << piece;
    }
    EXPECT_EQ(Hasher(algorithm).finish(), Digest::of("", algorithm));
  }
}

TEST(DigestTest, HasherCanBeMoved) {
  Hasher first;
  first.update("a");
  Hasher second(std::move(first));
  second.update("bc");
  EXPECT_EQ(second.finish(), Digest::of("abc"));
}

TEST(DigestTest, ParsesWhatItWrites) {
  for (const Algorithm algorithm : {Algorithm::kSha256, Algorithm::kSha512}) {
    const Digest digest = Digest::of("x", algorithm);
    const auto parsed = Digest::parse(digest.str());
    ASSERT_TRUE(parsed) << parsed.error();
    EXPECT_EQ(*parsed, digest);
    EXPECT_EQ(parsed->algorithm(), algorithm);
  }
}

TEST(DigestTest, RefusesMalformedDigestsAndSaysWhy) {
  const std::string hex64(64, 'a');
  EXPECT_EQ(Digest::parse(hex64).error(), "a digest has the form algorithm:hex");
  EXPECT_EQ(Digest::parse("").error(), "a digest has the form algorithm:hex");
  EXPECT_EQ(Digest::parse("md5:" + hex64).error(), "the digest's algorithm is neither sha256 nor sha512");
  EXPECT_EQ(Digest::parse("SHA256:" + hex64).error(), "the digest's algorithm is neither sha256 nor sha512");
  EXPECT_EQ(Digest::parse("sha256:" + hex64 + "a").error(), "a sha256 digest has 64 hex characters, this one has 65");
  EXPECT_EQ(Digest::parse("sha512:" + hex64).error(), "a sha512 digest has 128 hex characters, this one has 64");
  const std::string wrong = "the digest holds a character that is not lower-case hex";
  EXPECT_EQ(Digest::parse("sha256:" + std::string(64, 'A')).error(), wrong);
  EXPECT_EQ(Digest::parse("sha256:" + std::string(63, 'a') + "g").error(), wrong);
  EXPECT_EQ(Digest::parse("sha256:" + std::string(63, 'a') + '\0').error(), wrong);
  EXPECT_EQ(Digest::parse("sha256:" + std::string(63, 'a') + ":").error(), wrong);
}

TEST(ReferrersTagTest, FollowsTheSpecificationsThreeExamples) {
  EXPECT_EQ(referrers_tag("sha256:" + std::string(64, 'a')), "sha256-" + std::string(64, 'a'));
  EXPECT_EQ(referrers_tag("sha512:" + std::string(128, 'a')), "sha512-" + std::string(64, 'a'));
  EXPECT_EQ(referrers_tag("test+algorithm+using+algorithm+separators+and+lots+of+characters+to+excercise+overall+"
                          "truncation:alsoSome=InTheEncodedSectionToShowHyphenReplacementAndLotsAndLotsOfCharactersTo"
                          "ExcerciseEncodedTruncation"),
            "test-algorithm-using-algorithm-s-alsoSome-InTheEncodedSectionToShowHyphenReplacementAndLotsAndLot");
}

TEST(ReferrersTagTest, DigestsThatAgreeInTheirFirst64DigitsShareATag) {
  const auto shared = "sha512:" + std::string(64, 'a');
  EXPECT_EQ(referrers_tag(shared + std::string(64, 'b')), referrers_tag(shared + std::string(64, 'c')));
  EXPECT_NE(referrers_tag("sha512:b" + std::string(127, 'a')), referrers_tag("sha512:c" + std::string(127, 'a')));
}

TEST(ReferrersTagTest, NeverExceedsATagNorThrows) {
  EXPECT_EQ(referrers_tag(""), "-");
  EXPECT_EQ(referrers_tag("no-colon"), "no-colon-");
  EXPECT_EQ(referrers_tag("a:b:c"), "a-b-c");
  EXPECT_EQ(referrers_tag("\xff\n:/"), "----");
  EXPECT_EQ(referrers_tag(std::string(500, 'q') + ":" + std::string(500, '_')).size(), 97U);
}

}  // namespace
}  // namespace referee::oci
