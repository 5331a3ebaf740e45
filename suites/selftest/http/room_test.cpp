// Bodies that are read straight into the room of their destination: what comes, and what becomes of it, is what a sink
// that gets pieces would see.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <thread>

#include "recording_fixture.hpp"
#include "referee/http/answer_parser.hpp"

namespace referee::http::test {
namespace {

using testing::HasSubstr;

/// Keeps what comes to it, in steps that fit nothing.
class Shelf final : public BodyRoom {
 public:
  explicit Shelf(std::size_t step = 7, std::size_t most = SIZE_MAX) : room_(step, '\0'), most_(most) {}

  std::span<char> room() override { return room_; }
  bool came(std::size_t bytes) override {
    text_ += std::string_view(room_).substr(0, bytes);
    return text_.size() < most_;
  }

  [[nodiscard]] BodySink sink() {
    return [this](std::string_view piece) {
      ++pieces_;
      text_ += piece;
      return text_.size() < most_;
    };
  }

  [[nodiscard]] const std::string& text() const { return text_; }
  /// What came the other way.
  [[nodiscard]] std::size_t pieces() const { return pieces_; }

 private:
  std::string room_;
  std::size_t most_;
  std::string text_;
  std::size_t pieces_ = 0;
};

/// As the parser reads it in pieces of this size.
AnswerParser::State read_in_pieces(AnswerParser& parser, std::string_view text, std::size_t piece) {
  auto state = AnswerParser::State::kMore;
  while (!text.empty() && state == AnswerParser::State::kMore) {
    const auto room = parser.room();
    const auto size = std::min({piece, room.size(), text.size()});
    std::ranges::copy(text.substr(0, size), room.begin());
    text.remove_prefix(size);
    state = parser.received(size);
  }
  return state == AnswerParser::State::kMore ? parser.ended() : state;
}

/// A request whose answer goes there.
Request into_room(std::string url, BodyRoom& room, BodySink into, std::uint64_t most) {
  auto request = get(std::move(url));
  request.into = std::move(into);
  request.room = &room;
  request.max_body = most;
  return request;
}

Result to_shelf(Client& client, const std::string& url, Shelf& shelf, std::uint64_t most = 1U << 30U) {
  return client.send(into_room(url, shelf, shelf.sink(), most));
}

std::string in_chunks(const std::string& body, const std::string& end = "0\r\n\r\n") {
  std::string text = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (std::size_t at = 0; at < body.size(); at += 10) {
    const auto piece = body.substr(at, 10);
    text += (piece.size() == 10 ? std::string("a") : std::to_string(piece.size())) + "\r\n" + piece + "\r\n";
  }
  return text + end;
}

struct Roomed {
  std::string_view name;
  std::string text;
  AnswerParser::State state;
  std::string went;  ///< to the room
  std::string body;  ///< stayed
};

const std::string kAlphabet = "abcdefghijklmnopqrstuvwxyz";

class Roomy : public testing::TestWithParam<Roomed> {};

TEST_P(Roomy, HoweverItArrives) {
  for (const std::size_t piece : {1000U, 7U, 3U, 1U}) {
    AnswerParser parser(0);
    Shelf shelf(5);
    parser.reset(26, &shelf, 26);
    EXPECT_EQ(read_in_pieces(parser, GetParam().text, piece), GetParam().state) << piece;
    EXPECT_THAT(GetParam().went, testing::StartsWith(shelf.text())) << piece;
    if (GetParam().state == AnswerParser::State::kDone) {
      EXPECT_EQ(shelf.text(), GetParam().went) << piece;
      EXPECT_EQ(parser.body(), GetParam().body);
    }
    EXPECT_EQ(parser.streamed(), shelf.text().size());
  }
}

INSTANTIATE_TEST_SUITE_P(
    Answers, Roomy,
    testing::Values(
        Roomed{"length", "HTTP/1.1 200 OK\r\nContent-Length: 26\r\n\r\n" + kAlphabet, AnswerParser::State::kDone,
               kAlphabet, ""},
        Roomed{"nothing", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", AnswerParser::State::kDone, "", ""},
        Roomed{"no_content", "HTTP/1.1 204 No Content\r\n\r\n", AnswerParser::State::kDone, "", ""},
        Roomed{"chunks", in_chunks(kAlphabet), AnswerParser::State::kDone, kAlphabet, ""},
        Roomed{"no_chunk", in_chunks(""), AnswerParser::State::kDone, "", ""},
        Roomed{"until_the_end", "HTTP/1.1 200 OK\r\n\r\n" + kAlphabet, AnswerParser::State::kDone, kAlphabet, ""},
        Roomed{"error", "HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\ngone", AnswerParser::State::kDone, "",
               "gone"},
        Roomed{"cut", "HTTP/1.1 200 OK\r\nContent-Length: 26\r\n\r\nabc", AnswerParser::State::kTruncated, "abc", ""},
        Roomed{"cut_chunk", in_chunks("abcdefghijk", "5\r\nxy"), AnswerParser::State::kTruncated, "abcdefghijkxy", ""},
        Roomed{"bad_chunk", in_chunks("abcdefghijk", "?\r\n"), AnswerParser::State::kMalformed, "abcdefghijk", ""},
        Roomed{"claims_more", "HTTP/1.1 200 OK\r\nContent-Length: 27\r\n\r\n" + kAlphabet + "0",
               AnswerParser::State::kTooLarge, "", ""},
        Roomed{"chunks_more", in_chunks(kAlphabet + "0"), AnswerParser::State::kTooLarge, kAlphabet, ""},
        Roomed{"more_until_the_end", "HTTP/1.1 200 OK\r\n\r\n" + kAlphabet + "0", AnswerParser::State::kTooLarge,
               kAlphabet, ""}),
    [](const auto& one) { return std::string(one.param.name); });

TEST(Room, MayHaveEnough) {
  for (const auto& text : {"HTTP/1.1 200 OK\r\nContent-Length: 26\r\n\r\n" + kAlphabet, in_chunks(kAlphabet),
                           "HTTP/1.1 200 OK\r\n\r\n" + kAlphabet}) {
    for (const std::size_t piece : {1000U, 1U}) {
      AnswerParser parser(0);
      Shelf shelf(5, 10);
      parser.reset(26, &shelf, 26);
      EXPECT_EQ(read_in_pieces(parser, text, piece), AnswerParser::State::kStopped);
      EXPECT_EQ(shelf.text(), "abcdefghij");
    }
  }
}

TEST(Room, OfOneAnswerIsNotThatOfTheNext) {
  AnswerParser parser(26);
  Shelf shelf;
  parser.reset(26, &shelf, 26);
  const auto text = "HTTP/1.1 200 OK\r\nContent-Length: 26\r\n\r\n" + kAlphabet;
  ASSERT_EQ(read_in_pieces(parser, text, 9), AnswerParser::State::kDone);
  parser.reset();
  ASSERT_EQ(read_in_pieces(parser, text, 9), AnswerParser::State::kDone);
  EXPECT_EQ(parser.body(), kAlphabet);
  EXPECT_EQ(parser.streamed(), 0U);
  EXPECT_EQ(shelf.text(), kAlphabet);
}

TEST(Room, BoundsWhatGoesThereAlone) {
  AnswerParser parser(0);
  Shelf shelf;
  parser.reset(4, &shelf, 26);
  EXPECT_EQ(read_in_pieces(parser, "HTTP/1.1 200 OK\r\nContent-Length: 26\r\n\r\n" + kAlphabet, 9),
            AnswerParser::State::kDone);
  for (const auto& [body, state] :
       {std::pair{"gone", AnswerParser::State::kDone}, std::pair{"gone!", AnswerParser::State::kTooLarge}}) {
    parser.reset(4, &shelf, 26);
    EXPECT_EQ(read_in_pieces(parser, std::string("HTTP/1.1 404 Gone\r\n\r\n") + body, 9), state);
  }
  // Sums of sizes that a descriptor made up.
  parser.reset(SIZE_MAX, &shelf, UINT64_MAX);
  EXPECT_EQ(read_in_pieces(parser, "HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551620\r\n\r\nabcd", 9),
            AnswerParser::State::kTooLarge);
  parser.reset(SIZE_MAX, &shelf, UINT64_MAX);
  EXPECT_EQ(read_in_pieces(parser, in_chunks(std::string(1'000'000, 'x')), 99), AnswerParser::State::kDone);
}

TEST(Room, TakesTheShortWayAndKeepsTheConnection) {
  const std::string body(3'000'000, 'x');
  auto server = TestServer::answering([&](const Received& request) {
    if (request.target == "/there") return response(307, "moved", "Location: /here\r\n");
    if (request.target == "/gone") return response(404, "no such blob");
    return response(200, body);
  });
  Bench bench;
  Client client(bench.options());
  Shelf first(65536);
  const auto result = to_shelf(client, server->url(), first);
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_TRUE(first.text() == body);
  EXPECT_EQ(first.pieces(), 0U);
  EXPECT_EQ(result->body, "");
  EXPECT_EQ(result->body_bytes, body.size());
  EXPECT_EQ(bench.exchanges.at(0).response_bytes, body.size());
  Shelf moved(65536);
  EXPECT_TRUE(to_shelf(client, server->url("/there"), moved));
  EXPECT_TRUE(moved.text() == body);
  Shelf none;
  const auto gone = to_shelf(client, server->url("/gone"), none);
  ASSERT_TRUE(gone) << gone.error().message;
  EXPECT_EQ(gone->body, "no such blob");
  EXPECT_EQ(none.text(), "");
  EXPECT_EQ(server->connections(), 1);
}

/// One exchange, whose error is told; nothing is asked for again, since a part of it is gone.
void expect_error(const std::string& answer, ErrorKind kind, const std::string& message, Shelf& shelf,
                  std::uint64_t most = 1U << 30U) {
  TestServer server([&server, &answer](Connection& connection) {
    const auto request = connection.read_request();
    if (!request) return;
    server.remember(*request);
    connection.write(answer);
  });
  Bench bench;
  Client client(bench.options());
  const auto result = to_shelf(client, server.url(), shelf, most);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, kind) << result.error().message;
  EXPECT_THAT(result.error().message, HasSubstr(message));
  EXPECT_THAT(result.error().message, HasSubstr(server.authority()));
  EXPECT_EQ(server.requests().size(), 1U);
}

TEST(Room, WhatIsGoneIsNotAskedForAgain) {
  Shelf cut;
  expect_error("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", ErrorKind::kProtocol, "ended within", cut);
  EXPECT_EQ(cut.text(), "abc");
  Shelf odd;
  expect_error(in_chunks(kAlphabet, "?\r\n"), ErrorKind::kProtocol, "no HTTP", odd);
  EXPECT_EQ(odd.text(), kAlphabet);
  Shelf large;
  expect_error(in_chunks(kAlphabet), ErrorKind::kTooLarge, "a body of more than 20 bytes", large, 20);
  EXPECT_EQ(large.text(), kAlphabet.substr(0, 20));
  Shelf enough(7, 5);
  expect_error(in_chunks(kAlphabet), ErrorKind::kAbandoned, "no more was wanted", enough);
}

TEST(Room, WhatIsOddFromItsBeginningIsLeftToLibcurl) {
  auto server =
      TestServer::answering([](const Received&) { return "HTTP/1.1 200 OK\nContent-Length: 26\n\n" + kAlphabet; });
  Bench bench;
  Client client(bench.options());
  Shelf shelf;
  const auto result = to_shelf(client, server->url(), shelf);
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(shelf.text(), kAlphabet);
  EXPECT_GT(shelf.pieces(), 0U);
  EXPECT_EQ(server->requests().size(), 2U);
}

TEST(Room, WhatIsNoSuccessMayBeLargerThanTheBody) {
  const std::string page(2000, 'p');
  auto server = TestServer::answering([&](const Received& request) {
    if (request.target == "/there") return response(307, page, "Location: /here\r\n");
    if (request.target == "/gone") return response(404, page);
    return response(200, "{}");
  });
  Bench bench;
  Client client(bench.options());
  for (const bool short_way : {true, false}) {
    Shelf shelf;
    const auto ask = [&](const std::string& path) {
      if (short_way) return to_shelf(client, server->url(path), shelf, 2);
      auto request = get(server->url(path));
      request.into = shelf.sink();
      request.max_body = 2;
      return client.send(request);
    };
    const auto moved = ask("/there");
    ASSERT_TRUE(moved) << moved.error().message;
    EXPECT_EQ(shelf.text(), "{}");
    const auto gone = ask("/gone");
    ASSERT_TRUE(gone) << gone.error().message;
    EXPECT_EQ(gone->body, page);
  }
  EXPECT_EQ(server->requests().size(), 6U);
}

/// Has room for little, and needs a while for it.
class Slow final : public BodyRoom {
 public:
  std::span<char> room() override { return room_; }
  bool came(std::size_t bytes) override {
    came_ += bytes;
    std::this_thread::sleep_for(milliseconds(1));
    return true;
  }
  [[nodiscard]] std::size_t all() const { return came_; }

 private:
  std::array<char, 64> room_{};
  std::size_t came_ = 0;
};

TEST(Room, TimeIsLookedAtThoughThereIsAlwaysMoreToRead) {
  TestServer server([](Connection& connection) {
    if (!connection.read_request()) return;
    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 1000000000000\r\n\r\n");
    const std::string piece(1 << 20U, 'x');
    while (connection.write(piece)) {
    }
  });
  Bench bench;
  auto options = bench.options();
  options.total_timeout = milliseconds(300);
  Client client(options);
  Slow slow;
  const auto result =
      client.send(into_room(server.url(), slow, [](std::string_view /*piece*/) { return true; }, 1ULL << 45U));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kTimeout) << result.error().message;
  EXPECT_TRUE(result.error().spoke_http);
  EXPECT_GT(slow.all(), 0U);
  // A piece takes a thousandth of a second at least; to read all that waits would be twice as much.
  EXPECT_LT(slow.all(), 32'000U);
  EXPECT_EQ(bench.exchanges.at(0).status, 200) << "what came is in the transcript";
}

TEST(Room, ASilentServerIsNotWaitedForLonger) {
  TestServer server([](Connection& connection) {
    if (connection.read_request()) connection.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
    connection.wait_for_close();
  });
  Bench bench;
  auto options = bench.options();
  options.silence_timeout = milliseconds(200);
  Client client(options);
  Shelf shelf;
  const auto result = to_shelf(client, server.url(), shelf);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kTimeout);
  EXPECT_EQ(shelf.text(), "abc");
}

TEST_F(RecordingTest, WhatHasRoomIsRecordedWhole) {
  const std::string blob(100'000, '\x81');
  auto server = TestServer::answering([&](const Received&) { return response(200, blob); });
  const auto ask = [&](Client& client) {
    Shelf shelf;
    const auto answer = to_shelf(client, server->url("/blob"), shelf);
    EXPECT_TRUE(answer && answer->body_bytes == blob.size());
    EXPECT_TRUE(shelf.text() == blob);
  };
  {
    Client client(recording());
    ask(client);
  }
  const auto tape = player();
  Client client(replaying(tape));
  ask(client);
  EXPECT_EQ(server->requests().size(), 1U);
}

}  // namespace
}  // namespace referee::http::test
