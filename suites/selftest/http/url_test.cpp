#include "referee/http/url.hpp"

#include <gtest/gtest.h>

#include "origin.hpp"

namespace referee::http {
namespace {

struct Resolution {
  std::string reference;
  std::string expected;
};

class Resolve : public testing::TestWithParam<Resolution> {};

TEST_P(Resolve, FollowsTheExamplesOfRfc3986) {
  EXPECT_EQ(resolve("http://a/b/c/d;p?q", GetParam().reference), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    Section54, Resolve,
    testing::Values(Resolution{"g:h", "g:h"}, Resolution{"g", "http://a/b/c/g"}, Resolution{"./g", "http://a/b/c/g"},
                    Resolution{"g/", "http://a/b/c/g/"}, Resolution{"/g", "http://a/g"}, Resolution{"//g", "http://g"},
                    Resolution{"?y", "http://a/b/c/d;p?y"}, Resolution{"g?y", "http://a/b/c/g?y"},
                    Resolution{"#s", "http://a/b/c/d;p?q#s"}, Resolution{"g#s", "http://a/b/c/g#s"},
                    Resolution{"g?y#s", "http://a/b/c/g?y#s"}, Resolution{";x", "http://a/b/c/;x"},
                    Resolution{"g;x", "http://a/b/c/g;x"}, Resolution{"", "http://a/b/c/d;p?q"},
                    Resolution{".", "http://a/b/c/"}, Resolution{"..", "http://a/b/"},
                    Resolution{"../g", "http://a/b/g"}, Resolution{"../..", "http://a/"},
                    Resolution{"../../g", "http://a/g"}, Resolution{"../../../g", "http://a/g"},
                    Resolution{"/./g", "http://a/g"}, Resolution{"/../g", "http://a/g"},
                    Resolution{"g.", "http://a/b/c/g."}, Resolution{"..g", "http://a/b/c/..g"},
                    Resolution{"./g/.", "http://a/b/c/g/"}, Resolution{"g/../h", "http://a/b/c/h"},
                    Resolution{"g;x=1/../y", "http://a/b/c/y"}, Resolution{"g?y/../x", "http://a/b/c/g?y/../x"}));

TEST(Resolve, KeepsPortAndEncoding) {
  EXPECT_EQ(resolve("http://h:5000/v2/a/blobs/uploads/", "/v2/a/blobs/uploads/x?_state=a%3D%3D"),
            "http://h:5000/v2/a/blobs/uploads/x?_state=a%3D%3D");
  EXPECT_EQ(resolve("http://h", "x"), "http://h/x");
}

TEST(PercentEncode, KeepsOnlyUnreserved) {
  EXPECT_EQ(percent_encode("aZ09-._~"), "aZ09-._~");
  EXPECT_EQ(percent_encode("sha256:a/b c+%\xC3\xA9"), "sha256%3Aa%2Fb%20c%2B%25%C3%A9");
}

TEST(WithQuery, AppendsToWhatIsThere) {
  EXPECT_EQ(with_query("http://h/x", {}), "http://h/x");
  EXPECT_EQ(with_query("http://h/x", {{"n", "1"}, {"last", "a/b"}}), "http://h/x?n=1&last=a%2Fb");
  EXPECT_EQ(with_query("http://h/x?_state=1", {{"digest", "a:b"}}), "http://h/x?_state=1&digest=a%3Ab");
  EXPECT_EQ(with_query("http://h/x?", {{"n", "1"}}), "http://h/x?n=1");
  EXPECT_EQ(with_query("http://h/x?a&", {{"n", "1"}}), "http://h/x?a&n=1");
  EXPECT_EQ(with_query("http://h/x#f", {{"n", "1"}}), "http://h/x?n=1#f");
}

TEST(Authority, IsHostWithThePortThatIsWritten) {
  EXPECT_EQ(authority("https://Example.org/v2/"), "example.org");
  EXPECT_EQ(authority("http://user:pw@example.org:5000/x"), "example.org:5000");
  EXPECT_EQ(authority("http://[::1]:5000/"), "[::1]:5000");
  EXPECT_EQ(authority("/relative"), "");
  EXPECT_EQ(authority("http:///u@h/"), "");
  EXPECT_EQ(authority("http://a b/"), "");
  EXPECT_EQ(authority("http://a/\r\nX: y"), "");
}

TEST(Origin, DefaultPortsAreTheSamePlace) {
  EXPECT_TRUE(parse_origin("http://h/")->same(*parse_origin("http://H:80/x")));
  EXPECT_FALSE(parse_origin("http://h/")->same(*parse_origin("https://h/")));
  EXPECT_FALSE(parse_origin("http://h:1/")->same(*parse_origin("http://h:2/")));
}

TEST(Origin, IsThatOfTheUrlWhateverCameBefore) {
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(parse_origin("http://a:1/v2/x")->authority(), "a:1");
    EXPECT_EQ(parse_origin("http://a:1/v2/y?z=1")->authority(), "a:1");
    EXPECT_EQ(parse_origin("http://b:1/v2/x")->authority(), "b:1");
    EXPECT_TRUE(parse_origin("https://a:1/v2/x")->secure());
    EXPECT_FALSE(parse_origin("http://a:1/v2/x")->secure());
    EXPECT_EQ(parse_origin("http://a:1@b:2/v2/x")->host, "b");
    EXPECT_TRUE(parse_origin("http://a:1@b:2/v2/x")->userinfo);
    EXPECT_FALSE(parse_origin("http://a:1/v2/ x"));
    EXPECT_FALSE(parse_origin("http:///a:1/v2/x"));
    EXPECT_EQ(parse_origin("http://a:1?x/y")->authority(), "a:1");
    EXPECT_EQ(parse_origin("http://a:1/v2/x")->port, "1");
  }
}

TEST(Origin, LoopbackIsNotWhatOnlyLooksLikeIt) {
  EXPECT_TRUE(parse_origin("http://127.9.9.9/")->loopback());
  EXPECT_TRUE(parse_origin("http://localhost:1/")->loopback());
  EXPECT_TRUE(parse_origin("http://[::1]/")->loopback());
  EXPECT_FALSE(parse_origin("http://127.0.0.1.evil.example/")->loopback());
  EXPECT_FALSE(parse_origin("http://localhost.evil.example/")->loopback());
}

TEST(Origin, UserInfoIsSeenAndRemoved) {
  EXPECT_TRUE(parse_origin("http://a:b@h/")->userinfo);
  EXPECT_EQ(without_userinfo("http://a:b@h/x@y?z#f"), "http://h/x@y?z");
}

}  // namespace
}  // namespace referee::http
