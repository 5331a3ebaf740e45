#include "failure_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest-spi.h>

#include <functional>

#include "evidence.hpp"

namespace referee::conformance {
namespace {

using testing::HasSubstr;
using testing::Not;

Failure failure_of(const std::function<void()>& expectation) {
  testing::TestPartResultArray parts;
  {
    const testing::ScopedFakeTestPartResultReporter reporter(
        testing::ScopedFakeTestPartResultReporter::INTERCEPT_ONLY_CURRENT_THREAD, &parts);
    expectation();
  }
  EXPECT_EQ(parts.size(), 1);
  return parts.size() == 1 ? read_failure(parts.GetTestPartResult(0).summary()).failure : Failure{};
}

TEST(FailureText, Equality) {
  const int got = 2;
  const auto failure = failure_of([&] { EXPECT_EQ(got, 3) << "three are asked for"; });
  EXPECT_EQ(failure.what, "three are asked for");
  EXPECT_EQ(failure.actual, "2");
  EXPECT_EQ(failure.expected, "3");
}

TEST(FailureText, WithoutAMessageOfItsOwnTheExpressionStands) {
  const std::string body = "x";
  const auto failure = failure_of([&] { EXPECT_EQ(body, "y"); });
  EXPECT_EQ(failure.what, "body == \"y\"");
  EXPECT_EQ(failure.actual, "\"x\"");
  EXPECT_EQ(failure.expected, "\"y\"");
}

TEST(FailureText, Truth) {
  const bool listed = false;
  const auto failure = failure_of([&] { EXPECT_TRUE(listed) << "in the list"; });
  EXPECT_EQ(failure.what, "in the list");
  EXPECT_EQ(failure.actual, "") << "the text says it better than `false`";
  EXPECT_EQ(failure.expected, "");
  const auto bare = failure_of([&] { EXPECT_TRUE(listed); });
  EXPECT_EQ(bare.what, "listed");
  EXPECT_EQ(bare.actual, "false");
  EXPECT_EQ(bare.expected, "true");
}

TEST(FailureText, Comparison) {
  const int pages = 1;
  const auto failure = failure_of([&] { EXPECT_GT(pages, 4); });
  EXPECT_EQ(failure.expected, "(pages) > (4)");
  EXPECT_EQ(failure.actual, "1 vs 4");
}

TEST(FailureText, Containers) {
  const std::vector<std::string> tags{"a", "b"};
  const auto failure = failure_of([&] { EXPECT_THAT(tags, testing::ElementsAre("b", "a")) << "in order"; });
  EXPECT_EQ(failure.what, "in order");
  EXPECT_EQ(failure.expected, "has 2 elements where element #0 is equal to \"b\", element #1 is equal to \"a\"");
  EXPECT_THAT(failure.actual, HasSubstr("{ \"a\", \"b\" }"));
}

TEST(FailureText, AddFailure) {
  EXPECT_EQ(failure_of([] { ADD_FAILURE() << "no such page"; }).what, "no such page");
}

TEST(FailureText, TracesAreKeptAndSourceFilesAreNot) {
  const auto failure = failure_of([] {
    SCOPED_TRACE("sha512");
    EXPECT_TRUE(false) << "accepted";
  });
  EXPECT_EQ(failure.what, "accepted [sha512]");
  EXPECT_THAT(failure.what + failure.actual + failure.expected, Not(HasSubstr(".cpp")));
}

TEST(FailureText, IsOneLineAndBounded) {
  const std::string hostile = std::string(100000, 'a') + "\n\x1b[0m\xff";
  const auto failure = failure_of([&] { EXPECT_EQ(hostile, "") << hostile; });
  for (const auto& text : {failure.what, failure.actual, failure.expected}) {
    EXPECT_LT(text.size(), 700U);
    EXPECT_EQ(text.find_first_of("\n\x1b\xff"), std::string::npos);
  }
  EXPECT_EQ(read_failure("").failure.what, "the check failed");
}

TEST(EvidenceMark, IsTakenOutAndTheLastCounts) {
  std::string text = "a" + exchange_mark(3) + "b" + exchange_mark(12) + "c\x02";
  EXPECT_EQ(take_exchange_mark(text), 12U);
  EXPECT_EQ(text, "abc");
  std::string broken =
      "\x02x\x03\x02"
      "99999999999999999999999\x03";
  EXPECT_EQ(take_exchange_mark(broken), std::nullopt);
  EXPECT_EQ(broken, "");
}

}  // namespace
}  // namespace referee::conformance
