#include "referee/http/answer_parser.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace referee::http {
namespace {

using State = AnswerParser::State;

constexpr std::size_t kLargest = 100;

/// Feeds the text in pieces of this size; the end of the connection follows if it is not whole by then.
State feed(AnswerParser& parser, std::string_view text, std::size_t piece, bool ends) {
  parser.reset();
  auto state = State::kMore;
  while (!text.empty() && state == State::kMore) {
    const auto room = parser.room();
    const auto size = std::min({piece, room.size(), text.size()});
    std::ranges::copy(text.substr(0, size), room.begin());
    text.remove_prefix(size);
    state = parser.received(size);
  }
  return state == State::kMore && ends ? parser.ended() : state;
}

struct Whole {
  std::string text;
  int status;
  std::string body;
  bool keeps_alive = true;
};

class WholeAnswers : public testing::TestWithParam<Whole> {};

TEST_P(WholeAnswers, AreReadHoweverTheyArrive) {
  AnswerParser parser(kLargest);
  for (const std::size_t piece : {1000U, 7U, 3U, 1U}) {
    EXPECT_EQ(feed(parser, GetParam().text, piece, true), State::kDone) << piece;
    EXPECT_EQ(parser.status(), GetParam().status);
    EXPECT_EQ(parser.body(), GetParam().body);
    EXPECT_EQ(parser.keeps_alive(), GetParam().keeps_alive);
    EXPECT_FALSE(parser.surplus());
  }
}

INSTANTIATE_TEST_SUITE_P(
    Answers, WholeAnswers,
    testing::Values(
        Whole{"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", 200, "{}"},
        Whole{"HTTP/1.1 200\r\ncontent-length:2\r\nCONTENT-LENGTH: 2 \r\n\r\n{}", 200, "{}"},
        Whole{"HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n", 204, ""},
        Whole{"HTTP/1.1 304 Not Modified\r\n\r\n", 304, ""},
        Whole{"HTTP/1.1 201 Created\r\nContent-Length: 0\r\nConnection: Close\r\n\r\n", 201, "", false},
        Whole{"HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx", 200, "x", false},
        Whole{"HTTP/1.0 200 OK\r\nConnection: x, keep-alive\r\nContent-Length: 1\r\n\r\nx", 200, "x", true},
        Whole{"HTTP/1.1 200 OK\r\n\r\nuntil the end", 200, "until the end", false},
        Whole{"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 "
              "OK\r\nContent-Length: "
              "1\r\n\r\nx",
              200, "x"},
        Whole{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n", 200,
              "abcde"},
        Whole{"HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\nA\r\n0123456789\r\n00\r\nTrailer: x\r\n\r\n", 200,
              "0123456789"}));

struct Broken {
  std::string text;
  State state;
};

class BrokenAnswers : public testing::TestWithParam<Broken> {};

TEST_P(BrokenAnswers, AreToldApart) {
  AnswerParser parser(kLargest);
  for (const std::size_t piece : {100'000U, 7U, 1U})
    EXPECT_EQ(feed(parser, GetParam().text, piece, true), GetParam().state) << piece;
}

INSTANTIATE_TEST_SUITE_P(
    Answers, BrokenAnswers,
    testing::Values(
        Broken{"", State::kClosed}, Broken{"HTTP/1.1 200 OK\r\nContent-Le", State::kTruncated},
        Broken{"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc", State::kTruncated},
        Broken{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc", State::kTruncated},
        Broken{"SSH-2.0-OpenSSH_9.2p1\r\n", State::kMalformed}, Broken{"HTTP/2 200 OK\r\n\r\n", State::kMalformed},
        Broken{"HTTP/1.1 OK\r\n\r\n", State::kMalformed}, Broken{"HTTP/1.1 2000\r\n\r\n", State::kMalformed},
        Broken{"HTTP/1.1 099 ?\r\n\r\n", State::kMalformed},
        Broken{"HTTP/1.1 101 Switching\r\n\r\n", State::kMalformed}, Broken{"HTTP/1.1 200 OK\n\n", State::kMalformed},
        Broken{"HTTP/1.1 200 OK\r\nno colon\r\n\r\n", State::kMalformed},
        Broken{"HTTP/1.1 200 OK\r\nA: b\r\n folded\r\n\r\n", State::kMalformed},
        Broken{"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", State::kMalformed},
        Broken{"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", State::kMalformed},
        Broken{"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", State::kMalformed},
        Broken{"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n", State::kMalformed},
        Broken{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n", State::kMalformed},
        Broken{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n", State::kMalformed},
        Broken{"HTTP/1.1 200 OK\r\nContent-Length: 101\r\n\r\n", State::kTooLarge},
        Broken{"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999999\r\n\r\n", State::kTooLarge},
        Broken{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n", State::kTooLarge},
        Broken{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n60\r\n" + std::string(96, 'x') + "\r\n5\r\n",
               State::kTooLarge},
        Broken{"HTTP/1.1 200 OK\r\n\r\n" + std::string(101, 'x'), State::kTooLarge},
        Broken{"HTTP/1.1 200 OK\r\nA: " + std::string(70'000, 'x') + "\r\n\r\n", State::kTooLarge}));

TEST(Answers, WithMoreThanTheirBodySaySo) {
  AnswerParser parser(kLargest);
  ASSERT_EQ(feed(parser, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nabc", 1000, false), State::kDone);
  EXPECT_EQ(parser.body(), "ab");
  EXPECT_TRUE(parser.surplus());
}

TEST(Answers, TellTheirLocation) {
  AnswerParser parser(kLargest);
  ASSERT_EQ(feed(parser, "HTTP/1.1 202 Accepted\r\nLOCATION:  /v2/x?y=z \r\nContent-Length: 0\r\n\r\n", 5, false),
            State::kDone);
  EXPECT_EQ(parser.location(), "/v2/x?y=z");
  ASSERT_EQ(feed(parser, "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n", 5, false), State::kDone);
  EXPECT_EQ(parser.location(), "") << "nothing stays of the answer before";
}

TEST(Answers, MayBeLargerThanTheBufferThatIsThereAtFirst) {
  AnswerParser parser(std::size_t{1} << 20U);
  std::string body;
  for (int i = 0; i < 100'000; ++i) body += std::to_string(i);
  EXPECT_EQ(feed(parser, "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body, 9999,
                 false),
            State::kDone);
  EXPECT_EQ(parser.body(), body);
  std::string chunks = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (std::size_t at = 0; at < body.size(); at += 16) chunks += "10\r\n" + body.substr(at, 16) + "\r\n";
  ASSERT_EQ(body.size() % 16, 10U);
  chunks.replace(chunks.rfind("10\r\n"), 2, "a");
  EXPECT_EQ(feed(parser, chunks + "0\r\n\r\n", 9999, false), State::kDone);
  EXPECT_EQ(parser.body(), body);
}

TEST(Answers, OfTinyChunksAreNotReadForEver) {
  AnswerParser parser(kLargest);
  std::string text = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (int i = 0; i < 200'000; ++i) text += "0;" + std::string(500, 'x') + "\r\n";
  EXPECT_NE(feed(parser, text, 4000, false), State::kMore);
  text = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n";
  for (int i = 0; i < 200'000; ++i) text += "Trailer: x\r\n";
  EXPECT_EQ(feed(parser, text, 4000, false), State::kTooLarge);
}

}  // namespace
}  // namespace referee::http
