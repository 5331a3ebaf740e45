#include "challenge.hpp"

#include <gtest/gtest.h>

namespace referee::http {
namespace {

std::vector<Challenge> parse(std::string value) {
  return parse_challenges({{"WWW-Authenticate", std::move(value)}});
}

TEST(Challenges, ReadBearerWithCommasInsideQuotes) {
  const auto found =
      parse(R"(Bearer realm="https://auth.example/token",service="reg",scope="repository:a/b:pull,push")");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].scheme, "Bearer");
  EXPECT_EQ(found[0].parameter("realm"), "https://auth.example/token");
  EXPECT_EQ(found[0].parameter("SERVICE"), "reg");
  EXPECT_EQ(found[0].parameter("scope"), "repository:a/b:pull,push");
}

TEST(Challenges, ReadSeveralInOneLine) {
  const auto found = parse(R"(Negotiate, Basic realm="a \"b\", c" , charset=UTF-8, NTLM YWJj==, Bearer realm=x,)");
  ASSERT_EQ(found.size(), 4U);
  EXPECT_EQ(found[0].scheme, "Negotiate");
  EXPECT_EQ(found[1].parameter("realm"), "a \"b\", c");
  EXPECT_EQ(found[1].parameter("charset"), "UTF-8");
  EXPECT_EQ(found[2].token68, "YWJj==");
  EXPECT_EQ(found[3].parameter("realm"), "x");
}

TEST(Challenges, ReadSeveralLinesAndSpacesAroundEquals) {
  const auto found =
      parse_challenges({{"WWW-Authenticate", "Basic realm = \"r\""}, {"www-authenticate", "bearer realm=x"}});
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].parameter("realm"), "r");
  EXPECT_EQ(found[1].scheme, "bearer");
}

TEST(Challenges, SurviveNonsense) {
  EXPECT_TRUE(parse("").empty());
  EXPECT_TRUE(parse(",,, ,").empty());
  EXPECT_TRUE(parse("=\"").empty());
  EXPECT_NO_FATAL_FAILURE(parse("Bearer realm=\"never closed"));
  EXPECT_TRUE(parse("Bearer realm=\"never closed").empty() ||
              parse("Bearer realm=\"never closed")[0].parameters.empty());
  std::string many;
  for (int i = 0; i < 10000; ++i) many += "Basic realm=x,";
  EXPECT_LE(parse(many).size(), 32U);
  std::string parameters = "Bearer ";
  for (int i = 0; i < 10000; ++i) parameters += "a=b,";
  EXPECT_LE(parse(parameters).at(0).parameters.size(), 64U);
}

}  // namespace
}  // namespace referee::http
