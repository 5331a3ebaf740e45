#include "grammar.hpp"

#include <gtest/gtest.h>

#include "byte_range.hpp"
#include "manifest_document.hpp"
#include "query.hpp"

namespace referee::registry {
namespace {

TEST(Grammar, Tags) {
  EXPECT_TRUE(is_tag("a"));
  EXPECT_TRUE(is_tag("_a.B-1"));
  EXPECT_TRUE(is_tag(std::string(128, 'a')));
  EXPECT_FALSE(is_tag(std::string(129, 'a')));
  EXPECT_FALSE(is_tag(""));
  EXPECT_FALSE(is_tag("a/b"));
}

TEST(Grammar, Digests) {
  const std::string hex(64, 'a');
  EXPECT_EQ(digest_form("sha256:" + hex), DigestForm::kRegistered);
  EXPECT_EQ(digest_form("sha512:" + hex + hex), DigestForm::kRegistered);
  EXPECT_EQ(digest_form("sha512:" + hex + hex, false), DigestForm::kUnregistered);
  EXPECT_EQ(digest_form("sha512:" + hex), DigestForm::kMalformed);
  EXPECT_EQ(digest_form("test+algorithm:Some=Text_-"), DigestForm::kUnregistered);
  EXPECT_EQ(digest_form("test+:a"), DigestForm::kMalformed);
  EXPECT_EQ(digest_form("test:"), DigestForm::kMalformed);
  EXPECT_EQ(digest_form("test:a/b"), DigestForm::kMalformed);
}

TEST(Grammar, Numbers) {
  std::uint64_t value = 0;
  EXPECT_TRUE(parse_number("18446744073709551615", value));
  EXPECT_EQ(value, UINT64_MAX);
  EXPECT_TRUE(parse_number("99999999999999999999999", value));
  EXPECT_EQ(value, UINT64_MAX);
  for (const auto* text : {"", "-1", "+1", "1a", " 1", "0x1"}) EXPECT_FALSE(parse_number(text, value)) << text;
}

TEST(Grammar, AnEmptyContentHasNoRange) {
  EXPECT_EQ(byte_range("bytes=0-", 0).kind, ByteRange::Kind::kUnsatisfiable);
  EXPECT_EQ(byte_range("bytes=-5", 0).kind, ByteRange::Kind::kUnsatisfiable);
  EXPECT_EQ(byte_range("", 0).kind, ByteRange::Kind::kWhole);
}

TEST(Grammar, QueriesKeepThePlus) {
  const auto query = Query::parse("artifactType=application/vnd.a%2Bb+json&empty=&bare&&x=%3D");
  ASSERT_TRUE(query);
  EXPECT_EQ(query->get("artifactType"), "application/vnd.a+b+json");
  EXPECT_EQ(query->get("empty"), "");
  EXPECT_TRUE(query->has("bare"));
  EXPECT_EQ(query->get("x"), "=");
  EXPECT_FALSE(Query::parse("a=%"));
  EXPECT_FALSE(Query::parse("a=%00"));
  EXPECT_EQ(percent_decode(percent_encode("a+b c\xC3\xA9&")), "a+b c\xC3\xA9&");
}

TEST(Grammar, JsonDepthIgnoresStrings) {
  EXPECT_FALSE(is_deeper_than(R"({"a":"[[[[\"[[["})", 1));
  EXPECT_TRUE(is_deeper_than("[[]]", 1));
  EXPECT_FALSE(is_deeper_than("[][][]", 1));
}

}  // namespace
}  // namespace referee::registry
