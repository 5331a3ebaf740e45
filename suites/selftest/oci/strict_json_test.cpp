#include "referee/oci/strict_json.hpp"

#include <gtest/gtest.h>

namespace referee::oci {
namespace {

TEST(StrictJson, FindsANameThatIsThereTwice) {
  EXPECT_EQ(repeated_name(R"({"a":1,"b":{"a":2},"c":[{"a":3},{"a":4}]})"), std::nullopt);
  EXPECT_EQ(repeated_name(R"({"a":1,"b":[{"x":1,"x":1}]})"), "x");
  EXPECT_EQ(repeated_name(R"({"a":1,"\u0061":2})"), "a") << "however it is written";
  EXPECT_EQ(repeated_name(R"({"":1,"":2})"), "");
  EXPECT_EQ(repeated_name(R"({"a":1,"a")"), std::nullopt);
}

TEST(StrictJson, NamesAreNeitherEmptyNorCut) {
  EXPECT_EQ(name_in_words("seed"), "`seed`");
  EXPECT_EQ(name_in_words(""), "an empty name");
  EXPECT_EQ(name_in_words(std::string(5000, 'x')), "a name of 5000 bytes");
  EXPECT_EQ(name_in_words("a\x1b[2J"), "a name of 5 bytes that cannot be shown");
}

}  // namespace
}  // namespace referee::oci
