#include "failure_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest-spi.h>

#include <functional>

#include "evidence.hpp"
#include "request_words.hpp"

namespace referee::conformance {
namespace {

using testing::HasSubstr;
using testing::Not;

http::Exchange exchange(std::string method, std::string url, int status) {
  http::Exchange made;
  made.method = std::move(method);
  made.url = std::move(url);
  made.status = status;
  return made;
}

Failure failure_of(const std::function<void()>& expectation, const std::optional<http::Exchange>& shown = {}) {
  testing::TestPartResultArray parts;
  {
    const testing::ScopedFakeTestPartResultReporter reporter(
        testing::ScopedFakeTestPartResultReporter::INTERCEPT_ONLY_CURRENT_THREAD, &parts);
    expectation();
  }
  EXPECT_EQ(parts.size(), 1);
  if (parts.size() != 1) return {};
  return with_headline(read_failure(parts.GetTestPartResult(0).summary()), shown);
}

TEST(FailureText, Equality) {
  const int got = 2;
  const auto failure = failure_of([&] { EXPECT_EQ(got, 3) << "three are asked for"; });
  EXPECT_EQ(failure.what, "three are asked for");
  EXPECT_EQ(failure.actual, "2");
  EXPECT_EQ(failure.expected, "3");
}

TEST(FailureText, WithoutATextOfItsOwnTheRequestIsTheHeadline) {
  const std::string body = "x";
  const auto shown = exchange("GET", "http://127.0.0.1:5000/v2/a/b/manifests/latest", 404);
  const auto failure = failure_of([&] { EXPECT_EQ(body, "y"); }, shown);
  EXPECT_EQ(failure.what, "GET /v2/<name>/manifests/<tag> answered 404");
  EXPECT_EQ(failure.actual, "\"x\"");
  EXPECT_EQ(failure.expected, "\"y\"");
  EXPECT_EQ(failure_of([&] { EXPECT_EQ(body, "y"); }).what, "the check failed") << "nothing was asked";
  EXPECT_EQ(failure_of([&] { EXPECT_EQ(body, "y") << "the same"; }, shown).what, "the same");
  const auto traced = failure_of(
      [&] {
        SCOPED_TRACE("sha512");
        EXPECT_EQ(body, "y");
      },
      shown);
  EXPECT_EQ(traced.what, "GET /v2/<name>/manifests/<tag> answered 404 [sha512]");
}

TEST(FailureText, NoExpressionOfTheSourceIsInIt) {
  const std::string one = "first\nsecond\n";
  const std::string other = "first\nthird\n";
  const double seconds = 2;
  const auto shown = exchange("PUT", "http://h/v2/a/manifests/sha256:00", 201);
  for (const auto& failure : {failure_of([&] { EXPECT_EQ(one, other); }, shown),
                              failure_of([&] { EXPECT_THAT(one.substr(0, 3), testing::IsEmpty()); }, shown),
                              failure_of([&] { EXPECT_NEAR(seconds * 2, seconds, seconds / 2); }, shown),
                              failure_of([&] { EXPECT_GE(one.size() / 2, other.size() * 3); }, shown)}) {
    EXPECT_EQ(failure.what, "PUT /v2/<name>/manifests/<digest> answered 201");
    for (const auto& text : {failure.expected, failure.actual}) {
      EXPECT_NE(text, "");
      EXPECT_THAT(text, Not(testing::AnyOf(HasSubstr("one"), HasSubstr("other"), HasSubstr("seconds"))));
    }
  }
  const auto near = failure_of([&] { EXPECT_NEAR(seconds * 2, seconds, seconds / 2); });
  EXPECT_EQ(near.expected, "2, give or take 1");
  EXPECT_EQ(near.actual, "4");
}

TEST(RequestWords, AreTheSameForEverySeedAndHost) {
  const auto words = [](const char* method, const std::string& path) {
    return request_words(exchange(method, "https://registry.example" + path, 200));
  };
  EXPECT_EQ(words("GET", "/v2/"), "GET /v2/ answered 200");
  EXPECT_EQ(words("GET", "/v2/a/b/tags/list?n=2&last=x&token=83"),
            "GET /v2/<name>/tags/list?n=...&last=... answered 200");
  EXPECT_EQ(words("POST", "/v2/a/blobs/uploads/"), "POST /v2/<name>/blobs/uploads/ answered 200");
  EXPECT_EQ(words("PATCH", "/v2/a/blobs/uploads/6f1e?_state=x"),
            "PATCH /v2/<name>/blobs/uploads/<upload> answered 200");
  EXPECT_EQ(words("HEAD", "/v2/manifests/manifests/x/blobs/sha256:0"), "HEAD /v2/<name>/blobs/<digest> answered 200");
  EXPECT_EQ(words("GET", "/v2/a/referrers/sha256%3A0?artifactType=b"),
            "GET /v2/<name>/referrers/<digest>?artifactType=... answered 200");
  EXPECT_EQ(words("GET", "/v2/a/extension/9"), "GET /v2/... answered 200");
  EXPECT_EQ(words("GET", "/storage/83ab?signature=x"), "GET to an address outside /v2/ answered 200");
  EXPECT_EQ(words("GET", "?x"), "GET to an address outside /v2/ answered 200");
  auto token = exchange("GET", "https://auth/v2/", 0);
  token.purpose = http::Purpose::kToken;
  EXPECT_EQ(request_words(token), "GET to the token server got no answer");
}

TEST(FailureText, Truth) {
  const bool listed = false;
  const auto failure = failure_of([&] { EXPECT_TRUE(listed) << "in the list"; });
  EXPECT_EQ(failure.what, "in the list");
  EXPECT_EQ(failure.actual, "") << "the text says it better than `false`";
  EXPECT_EQ(failure.expected, "");
  const auto bare = failure_of([&] { EXPECT_TRUE(listed); });
  EXPECT_EQ(bare.what, "the check failed");
  EXPECT_EQ(bare.actual, "false");
  EXPECT_EQ(bare.expected, "true");
}

TEST(FailureText, Comparison) {
  const int pages = 1;
  const auto failure = failure_of([&] { EXPECT_GT(pages, 4); });
  EXPECT_EQ(failure.expected, "more than 4");
  EXPECT_EQ(failure.actual, "1");
  const std::string text = "1 vs 4";
  const auto unclear = failure_of([&] { EXPECT_NE(text, "1 vs 4"); });
  EXPECT_EQ(unclear.actual, R"("1 vs 4" vs "1 vs 4")") << "two ways to read it";
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
  EXPECT_EQ(with_headline(read_failure(""), std::nullopt).what, "the check failed");
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
