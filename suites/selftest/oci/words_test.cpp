#include "referee/oci/words.hpp"

#include <gtest/gtest.h>

namespace referee::oci {
namespace {

TEST(Words, OneIsSingular) {
  EXPECT_EQ(counted(0, "check"), "0 checks");
  EXPECT_EQ(counted(1, "check"), "1 check");
  EXPECT_EQ(counted(-1, "check"), "-1 checks");
  EXPECT_EQ(counted(std::size_t{2}, "check"), "2 checks");
  EXPECT_EQ(counted(1, "registry", "registries"), "1 registry");
  EXPECT_EQ(counted(3, "registry", "registries"), "3 registries");
  EXPECT_EQ(counted(3, "cell differs", "cells differ"), "3 cells differ");
}

TEST(Words, TheNearestNameIsOffered) {
  EXPECT_EQ(did_you_mean("r.ref.nul-list", {"r.tags.order", "r.ref.null-list"}), "; did you mean `r.ref.null-list`?");
  EXPECT_EQ(did_you_mean("referers", {"referrers"}, "@"), "; did you mean `@referrers`?");
  EXPECT_EQ(did_you_mean("nope", {"r.tags.order"}), "");
  EXPECT_EQ(nearest("ab", {"ba"}), "") << "one of two characters is another word";
}

}  // namespace
}  // namespace referee::oci
