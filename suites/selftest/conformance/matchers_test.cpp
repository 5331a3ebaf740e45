#include "referee/conformance/matchers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest-spi.h>

#include <nlohmann/json.hpp>

#include "failure_text.hpp"

namespace referee::conformance {
namespace {

using testing::HasSubstr;
using testing::Not;

http::Response response(int status, std::string body = "", http::Headers headers = {}) {
  http::Response made;
  made.status = status;
  made.body = std::move(body);
  made.headers = std::move(headers);
  made.exchange = 7;
  return made;
}

/// What a report says of a response that does not match: the way from EXPECT_THAT to the Failure.
FailureText failure_of(const http::Response& value, const ResponseMatcher& matcher) {
  testing::TestPartResultArray parts;
  {
    const testing::ScopedFakeTestPartResultReporter reporter(
        testing::ScopedFakeTestPartResultReporter::INTERCEPT_ONLY_CURRENT_THREAD, &parts);
    EXPECT_THAT(value, matcher);
  }
  EXPECT_EQ(parts.size(), 1);
  return parts.size() == 1 ? read_failure(parts.GetTestPartResult(0).summary()) : FailureText{};
}

TEST(Matchers, ShowShortBodiesThatAreText) {
  const auto actual = [](std::string body) {
    return failure_of(response(200, std::move(body), {{"Content-Type", "text/plain"}}), HasStatus(404)).failure.actual;
  };
  EXPECT_EQ(actual("{\"name\":\"a\",\"tags\":null}\n"),
            "status 200 (Content-Type text/plain, 25 bytes: {\"name\":\"a\",\"tags\":null})");
  EXPECT_EQ(actual("two\nlines"), "status 200 (Content-Type text/plain, 9 bytes: two\\x0alines)");
  EXPECT_EQ(actual(std::string(120, 'x')),
            "status 200 (Content-Type text/plain, 120 bytes: " + std::string(120, 'x') + ")");
  for (const auto& hidden :
       {std::string(121, 'x'), std::string("\x1b[31m"), std::string("\xff\x00", 2), std::string()}) {
    EXPECT_EQ(actual(hidden), "status 200 (Content-Type text/plain, " + std::to_string(hidden.size()) + " bytes)");
  }
}

TEST(Matchers, SayExpectedAndActual) {
  const auto text =
      failure_of(response(200, std::string(17, 'x'), {{"Content-Type", "application/json"}}), HasStatus(404));
  EXPECT_EQ(text.failure.expected, "status 404");
  EXPECT_EQ(text.failure.actual, "status 200 (Content-Type application/json, 17 bytes: xxxxxxxxxxxxxxxxx)");
  EXPECT_EQ(text.exchange, 7U);
}

TEST(Matchers, NegationReadsWell) {
  const auto text = failure_of(response(404), Not(HasStatus(404)));
  EXPECT_EQ(text.failure.expected, "anything but status 404");
  EXPECT_EQ(text.failure.actual, "status 404 (0 bytes)");
}

TEST(Matchers, Status) {
  EXPECT_THAT(response(202), HasStatus(202));
  EXPECT_THAT(response(202), HasStatusIn({200, 202}));
  EXPECT_THAT(response(201), Not(HasStatusIn({200, 202})));
  EXPECT_THAT(response(400), IsClientError());
  EXPECT_THAT(response(499), IsClientError());
  EXPECT_THAT(response(500), Not(IsClientError()));
  EXPECT_EQ(failure_of(response(201), HasStatusIn({200, 202})).failure.expected, "status 200 or 202");
}

TEST(Matchers, Headers) {
  const auto one = response(200, "", {{"location", "/v2/x"}});
  EXPECT_THAT(one, HasHeader("Location", "/v2/x"));
  EXPECT_THAT(one, HasHeader("Location", HasSubstr("v2")));
  EXPECT_THAT(one, Not(HasHeader("Location", "/v2/y")));
  EXPECT_THAT(one, HasNoHeader("Range"));
  EXPECT_THAT(one, Not(HasNoHeader("LOCATION")));
  EXPECT_EQ(failure_of(one, HasHeader("Range", "0-1")).failure.actual,
            "status 200 (0 bytes), there is no header Range");
  EXPECT_EQ(failure_of(one, HasHeader("Location", "y")).failure.actual, "status 200 (0 bytes), Location is \"/v2/x\"");
}

TEST(Matchers, WhatATargetSentCannotBreakAMessage) {
  const auto text = failure_of(response(200, "",
                                        {{"Location",
                                          "\x02"
                                          "3\x03\x1b[31m\n\xff"}}),
                               HasHeader("Location", "y"));
  EXPECT_THAT(text.failure.actual, HasSubstr("\\x02"
                                             "3\\x03\\x1b[31m\\x0a\\xff"));
  EXPECT_EQ(text.exchange, 7U);
  EXPECT_LT(failure_of(response(200, "", {{"Location", std::string(100000, 'a')}}), HasHeader("Location", "y"))
                .failure.actual.size(),
            1000U);
}

TEST(Matchers, BodiesAreComparedWithoutBeingPrinted) {
  EXPECT_THAT(response(200, "abc"), HasBody("abc"));
  const auto text = failure_of(response(200, "abXd"), HasBody("abc"));
  EXPECT_THAT(text.failure.actual, HasSubstr("the body has 4 bytes instead of 3; the first difference is at byte 2"));
  EXPECT_THAT(text.failure.actual, Not(HasSubstr("abX")));
}

TEST(Matchers, MediaTypeIgnoresParametersAndCase) {
  const std::string type = "application/json";
  EXPECT_THAT(response(200, "", {{"Content-Type", "application/json"}}), HasMediaType(type));
  EXPECT_THAT(response(200, "", {{"Content-Type", "Application/JSON ; charset=utf-8"}}), HasMediaType(type));
  EXPECT_THAT(response(200, "", {{"Content-Type", "application/jsonx"}}), Not(HasMediaType(type)));
  EXPECT_THAT(response(200), Not(HasMediaType(type)));
}

TEST(Matchers, ServesContentLooksAtBytesAndDigest) {
  const oci::Content content("text/plain", "hello");
  EXPECT_THAT(response(200, "hello"), ServesContent(content));
  EXPECT_THAT(response(200, "hello", {{"Docker-Content-Digest", content.digest().str()}}), ServesContent(content));
  EXPECT_THAT(response(200, "hello", {{"Docker-Content-Digest", "sha256:00"}}), Not(ServesContent(content)));
  EXPECT_THAT(response(200, "hallo"), Not(ServesContent(content)));
  EXPECT_THAT(response(206, "hello"), Not(ServesContent(content)));
}

TEST(Matchers, ErrorCodes) {
  const std::string good = R"({"errors":[{"code":"NAME_UNKNOWN","message":"m","detail":{}},{"code":"DENIED"}]})";
  EXPECT_THAT(response(404, good), HasErrorCode("DENIED"));
  EXPECT_THAT(response(404, good), Not(HasErrorCode("UNSUPPORTED")));
  EXPECT_THAT(response(404, good), HasWellFormedError());
  EXPECT_THAT(response(404, "not found"), HasWellFormedError());
  EXPECT_THAT(response(404, ""), HasWellFormedError());
  for (const char* bad :
       {R"({"error":"x"})", R"({"errors":{}})", R"({"errors":[{"message":"m"}]})", R"({"errors":[1]})", "[]",
        R"({"errors":[{"code":"NOT_FOUND"}]})", R"({"errors":[{"code":7}]})"}) {
    EXPECT_THAT(response(404, bad), Not(HasWellFormedError())) << bad;
    EXPECT_THAT(response(404, bad), Not(HasErrorCode("NAME_UNKNOWN"))) << bad;
  }
  EXPECT_THAT(failure_of(response(404, good), HasErrorCode("UNSUPPORTED")).failure.actual,
              HasSubstr("the codes are NAME_UNKNOWN, DENIED"));
}

TEST(ParseJson, IsBoundedAndNeverThrows) {
  EXPECT_TRUE(parse_json("{\"a\":[1,\"[[[\"]}"));
  EXPECT_TRUE(parse_json(std::string(64, '[') + std::string(64, ']')));
  EXPECT_FALSE(parse_json(std::string(65, '[') + std::string(65, ']')));
  EXPECT_FALSE(parse_json(std::string(100000, '[')));
  EXPECT_FALSE(parse_json(std::string(100000, '{')));
  EXPECT_FALSE(parse_json("\"\xff\""));
  EXPECT_FALSE(parse_json(""));
  EXPECT_FALSE(parse_json("1e999"));
  EXPECT_FALSE(parse_json("{\"a\":1} x"));
  EXPECT_FALSE(parse_json("\"\\"));
}

TEST(IndexEntries, ReadsDescriptorsOrNothing) {
  const std::string entry = R"({"mediaType":"m","digest":"sha256:aa","size":1})";
  EXPECT_EQ(index_entries(response(200, R"({"manifests":[)" + entry + "]}")).value().size(), 1U);
  EXPECT_EQ(listed_digests(response(200, R"({"manifests":[)" + entry + "]}")), std::vector<std::string>{"sha256:aa"});
  EXPECT_TRUE(index_entries(response(200, R"({"manifests":[]})")).value().empty());
  for (const char* bad :
       {R"({"manifests":null})", R"({})", "[]", R"({"manifests":[{"digest":"x"}]})", "x", R"({"manifests":[1]})"}) {
    EXPECT_FALSE(index_entries(response(200, bad))) << bad;
  }
}

TEST(Listed, FailsTheTestThatRunsOnAWrongBody) {
  testing::TestPartResultArray parts;
  {
    const testing::ScopedFakeTestPartResultReporter reporter(
        testing::ScopedFakeTestPartResultReporter::INTERCEPT_ONLY_CURRENT_THREAD, &parts);
    EXPECT_TRUE(listed_digests(response(200, R"({"manifests":null})")).empty());
    EXPECT_TRUE(listed_tags(response(200, R"({"tags":[1]})")).empty());
  }
  ASSERT_EQ(parts.size(), 2);
  const auto first = read_failure(parts.GetTestPartResult(0).summary());
  EXPECT_EQ(first.failure.expected, "a body that is an index: a list `manifests` of descriptors");
  EXPECT_EQ(first.exchange, 7U);
  EXPECT_EQ(listed_tags(response(200, R"({"name":"x","tags":["a","b"]})")), (std::vector<std::string>{"a", "b"}));
}

}  // namespace
}  // namespace referee::conformance
