#include <gtest/gtest.h>

#include "referee/http/url.hpp"

namespace referee::http {
namespace {

TEST(LinkNext, TakesTheTargetOfRelNext) {
  EXPECT_EQ(link_next("</v2/a/tags/list?n=1&last=b>; rel=\"next\""), "/v2/a/tags/list?n=1&last=b");
  EXPECT_EQ(link_next("<x>;rel=next"), "x");
  EXPECT_EQ(link_next("  <x>  ;  REL = NeXt  "), "x");
  EXPECT_EQ(link_next("<x>; title=\"a, b; rel=prev\"; rel=\"next\""), "x");
  EXPECT_EQ(link_next("<x>; rel=\"prev next\""), "x");
  EXPECT_EQ(link_next("<a,b;c>; rel=next"), "a,b;c");
}

TEST(LinkNext, SearchesAllLinksOfTheHeader) {
  EXPECT_EQ(link_next("<a>; rel=first, <b>; rel=\"next\", <c>; rel=last"), "b");
  EXPECT_EQ(link_next(", ,<a>; rel=prev,, <b>; rel=next"), "b");
}

TEST(LinkNext, IgnoresEverythingElse) {
  EXPECT_EQ(link_next(""), "");
  EXPECT_EQ(link_next("<x>"), "");
  EXPECT_EQ(link_next("<x>; rel=prev"), "");
  EXPECT_EQ(link_next("<x>; rel=nextish"), "");
  EXPECT_EQ(link_next("<x>; title=next"), "");
  EXPECT_EQ(link_next("<x>; rel=prev; rel=next"), "") << "only the first rel counts";
  EXPECT_EQ(link_next("<x>; rel=next; anchor=\"/other\""), "") << "a link of another resource";
}

TEST(LinkNext, IsStrictAboutTheGrammar) {
  EXPECT_EQ(link_next("/v2/x; rel=\"next\""), "") << "no brackets";
  EXPECT_EQ(link_next("<x; rel=\"next\""), "") << "bracket never closed";
  EXPECT_EQ(link_next("<x> rel=\"next\""), "") << "no semicolon";
  EXPECT_EQ(link_next("<x>; rel=\"next"), "") << "quote never closed";
  EXPECT_EQ(link_next("<x>; rel=\"ne\\xt\""), "x") << "an escaped character is the character";
}

}  // namespace
}  // namespace referee::http
