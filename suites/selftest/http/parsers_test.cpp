#include <gtest/gtest.h>

#include <random>

#include "challenge.hpp"
#include "encoding.hpp"
#include "origin.hpp"
#include "redactor.hpp"
#include "referee/http/url.hpp"
#include "token.hpp"

namespace referee::http {
namespace {

/// Header values from a hostile registry: pieces of the grammar and random bytes in any order, from a fixed seed.
class Parsers : public testing::Test {
 protected:
  std::string text() {
    static const std::vector<std::string> kPieces = {
        "Bearer ", "Basic",   "realm=",   "\"",       "\\",  ",",  ";",
        "<",       ">",       "rel=",     "next",     " ",   "\t", "=",
        "==",      "http://", "://",      "//",       "/..", "@",  "?",
        "&",       "#",       ":",        "[",        "]",   "%",  std::string(1, '\0'),
        "\r\n",    "token=",  "scope=",   "a",        "1",   "/.", "{",
        "\"t",     "\xff",    "\xe2\x82", "127.0.0.1"};
    std::string made;
    const auto length = random_() % 24;
    for (unsigned i = 0; i < length; ++i) made += kPieces[random_() % kPieces.size()];
    return made;
  }

 private:
  std::mt19937 random_{20260101};  // NOLINT(cert-msc32-c,cert-msc51-cpp): the same cases each time
};

TEST_F(Parsers, TakeAnyInput) {
  Redactor redactor;
  redactor.add_secret("next");
  for (int i = 0; i < 20000; ++i) {
    const auto input = text();
    const auto challenges = parse_challenges({{"WWW-Authenticate", input}});
    EXPECT_LE(challenges.size(), 32U);
    const auto next = link_next(input);
    EXPECT_LE(next.size(), input.size());
    const auto resolved = resolve("http://h/a/b", input);
    EXPECT_FALSE(resolved.empty());
    if (const auto origin = parse_origin(resolved)) {
      EXPECT_FALSE(origin->host.empty());
    }
    if (const auto clean = parse_origin(without_userinfo(resolved))) {
      EXPECT_FALSE(clean->userinfo) << resolved;
    }
    EXPECT_EQ(redactor.text(input).find("next"), std::string::npos) << input;
    EXPECT_TRUE(valid_utf8(to_utf8(input)));
    EXPECT_TRUE(valid_utf8(utf8_prefix(input, 10)));
    EXPECT_FALSE(parse_token(input));
  }
}

TEST_F(Parsers, LongInputTakesLinearTime) {
  for (const auto* piece : {",", "<a>;", "://", "?&", "a=\"", "/../", "Basic a=b,", "\\"}) {
    std::string input;
    while (input.size() < 200000) input += piece;
    parse_challenges({{"WWW-Authenticate", input}});
    link_next(input);
    resolve("http://h/", input);
    EXPECT_LE(Redactor().text(input).size(), input.size() * 3);
    without_userinfo(input);
  }
}

}  // namespace
}  // namespace referee::http
