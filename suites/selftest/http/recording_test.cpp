// What a client was answered, kept and given again.
#include "referee/http/recording.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <thread>

#include "recording_fixture.hpp"
#include "recording_json.hpp"
#include "referee/http/lane.hpp"

namespace referee::http::test {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST_F(RecordingTest, IsAnsweredInTheSameOrderWithoutTheServer) {
  int count = 0;
  auto server = TestServer::answering([&](const Received& request) {
    const int number = count++;
    return response(200 + number, request.method + std::to_string(number), "X-Odd: \xff\r\n");
  });
  const auto url = server->url("/v2/");
  {
    Client client(recording());
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(client.send(get(url)));
    EXPECT_TRUE(client.send(with_body("PUT", url, "x")));
  }
  const auto asked = server->requests().size();
  const auto tape = player();
  bench_.exchanges.clear();
  Client client(replaying(tape));
  for (int i = 0; i < 3; ++i) {
    const auto answer = client.send(get(url));
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(answer->status, 200 + i);
    EXPECT_EQ(answer->body, "GET" + std::to_string(i));
    EXPECT_EQ(answer->header("X-Odd"), "\xff");
    EXPECT_EQ(answer->url, url);
  }
  EXPECT_EQ(tape->left(), 1U);
  EXPECT_EQ(client.send(with_body("PUT", url, "x"))->body, "PUT3");
  EXPECT_EQ(tape->left(), 0U);
  EXPECT_FALSE(tape->missing());
  EXPECT_EQ(bench_.exchanges.size(), 4U) << "transcripts have the same numbers";
  EXPECT_EQ(client.exchanges(), 4U);
  EXPECT_EQ(server->requests().size(), asked) << "nothing was sent";
}

TEST_F(RecordingTest, TheCommandThatRepeatsARequestIsTheSameAgain) {
  auto server = TestServer::answering([](const Received& /*request*/) { return response(200, "in"); });
  const auto url = server->url("/v2/");
  std::vector<Request> requests{get(url), with_body("PUT", url, "x"), with_body("POST", url, ""),
                                with_body("PATCH", url, "chunks")};
  requests[0].headers.add("Accept", "application/vnd.oci.image.index.v1+json");
  requests[1].headers.add("Content-Type", "text/plain");
  requests[2].has_body = true;
  requests[3].chunked = true;
  requests.push_back(get(url));
  requests.back().method = "HEAD";
  {
    Client client(recording());
    for (const auto& request : requests) EXPECT_TRUE(client.send(request));
  }
  const auto commands = [&] {
    std::vector<std::string> found;
    for (const auto& exchange : bench_.exchanges) found.push_back(curl_command(exchange));
    bench_.exchanges.clear();
    return found;
  };
  const auto first = commands();
  Client client(replaying(player()));
  for (const auto& request : requests) EXPECT_TRUE(client.send(request));
  EXPECT_THAT(commands(), testing::ElementsAreArray(first));
}

TEST_F(RecordingTest, WhatWasNeverRecordedIsNeverSent) {
  auto server = TestServer::answering([](const Received& /*request*/) { return response(200, "in"); });
  {
    Client client(recording());
    EXPECT_TRUE(client.send(with_body("PUT", server->url("/a"), "one")));
  }
  const auto tape = player();
  Client client(replaying(tape));
  for (const auto& request : {get(server->url("/a")), with_body("PUT", server->url("/a"), "two"),
                              with_body("PUT", server->url("/b"), "one")}) {
    const auto answer = client.send(request);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().kind, ErrorKind::kUnrecorded);
    EXPECT_THAT(answer.error().message, HasSubstr("the recording has no answer to " + request.method));
  }
  EXPECT_THAT(tape->missing().value_or(""), HasSubstr("GET")) << "the first";
  EXPECT_TRUE(client.send(with_body("PUT", server->url("/a"), "one")));
  EXPECT_FALSE(client.send(with_body("PUT", server->url("/a"), "one"))) << "it was asked once";
  EXPECT_EQ(server->requests().size(), 1U);
}

TEST_F(RecordingTest, ErrorsAreAnswersToo) {
  const std::string url = "http://127.0.0.1:1/v2/";
  std::string message;
  {
    Client client(recording());
    message = client.send(get(url)).error().message;
  }
  Client client(replaying(player()));
  const auto answer = client.send(get(url));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, ErrorKind::kConnect);
  EXPECT_EQ(answer.error().message, message);
}

TEST_F(RecordingTest, RedirectsAndRetriesAreInsideOneAnswer) {
  int count = 0;
  auto server = TestServer::answering([&](const Received& request) {
    if (request.target == "/from") return response(307, "", "Location: /to\r\n");
    return ++count < 3 ? response(429, "", "Retry-After: 1\r\n") : response(200, "there");
  });
  {
    Client client(recording());
    EXPECT_EQ(client.send(get(server->url("/from")))->body, "there");
  }
  EXPECT_EQ(bench_.exchanges.size(), 4U);
  bench_.exchanges.clear();
  const auto slept = bench_.clock->sleeps().size();
  Client client(replaying(player()));
  const auto answer = client.send(get(server->url("/from")));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->body, "there");
  EXPECT_EQ(answer->url, server->url("/to"));
  EXPECT_EQ(bench_.exchanges.size(), 4U);
  EXPECT_EQ(answer->exchange, 3U);
  EXPECT_EQ(bench_.clock->sleeps().size(), slept) << "nobody waits";
}

TEST_F(RecordingTest, SecretsAreNotInIt) {
  auto server = TestServer::answering([](const Received& request) {
    if (!request.headers.has("Authorization")) return response(401, "", "WWW-Authenticate: Basic realm=\"r\"\r\n");
    return response(200, "your password is correct horse",
                    "Set-Cookie: session=tasty\r\nLocation: /up?token=mellon\r\n");
  });
  auto options = recording();
  options.credentials = fixed_credential(server->authority(), {"user", "correct horse", ""});
  {
    Client client(std::move(options));
    auto own = get(server->url("/own"));
    own.headers.add("Authorization", "Bearer opensesame");
    EXPECT_EQ(client.send(get(server->url("/")))->status, 200);
    EXPECT_EQ(client.send(own)->status, 200);
    EXPECT_EQ(client.send(get(server->url("/up?token=mellon")))->status, 200);
  }
  const auto tape = player();
  for (const auto* secret : {"correct horse", "dXNlcjpjb3JyZWN0", "tasty", "mellon", "opensesame"}) {
    EXPECT_THAT(text(), Not(HasSubstr(secret)));
  }
  Client client(replaying(tape));
  const auto answer = client.send(get(server->url("/")));
  ASSERT_TRUE(answer) << "who replays has no credentials";
  // A URL that the server gave, without its secret, is found again.
  EXPECT_TRUE(client.send(get(server->url("/up?token=[redacted]"))));
}

TEST_F(RecordingTest, WhatWasSentIsNotStoredAgain) {
  const std::string blob(1U << 20U, '\x81');
  auto server = TestServer::answering(
      [&](const Received& request) { return request.method == "GET" ? response(200, blob) : response(201); });
  const auto ask = [&](Client& client) {
    EXPECT_TRUE(client.send(with_body("PUT", server->url("/blob"), blob)));
    std::string came;
    auto request = get(server->url("/blob"));
    request.into = [&came](std::string_view piece) {
      came += piece;
      return true;
    };
    const auto answer = client.send(request);
    EXPECT_TRUE(answer && answer->body_bytes == blob.size() && answer->body.empty());
    EXPECT_TRUE(came == blob);
  };
  {
    Client client(recording());
    ask(client);
  }
  const auto tape = player();
  EXPECT_LT(text().size(), 4096U);
  Client client(replaying(tape));
  ask(client);
}

TEST_F(RecordingTest, WhatAnotherThreadSentIsStored) {
  auto server = TestServer::answering([](const Received& request) {
    return request.method == "GET" ? response(200, "what the other wrote") : response(201);
  });
  const auto ask = [&](Client& client, bool writer_first) {
    const auto write = [&] {
      const Lane lane("writer");
      EXPECT_TRUE(client.send(with_body("PUT", server->url("/tag"), "what the other wrote")));
    };
    if (writer_first) write();
    EXPECT_EQ(client.send(get(server->url("/tag"))).value().body, "what the other wrote");
    if (!writer_first) write();
  };
  {
    Client client(recording());
    ask(client, true);
  }
  const auto tape = player();
  Client client(replaying(tape));
  ask(client, false);
  EXPECT_FALSE(tape->missing());
}

TEST_F(RecordingTest, LargeBodiesAreStoredOnceAndSmall) {
  const std::string list(300'000, 'a');
  auto server = TestServer::answering([&](const Received& /*request*/) { return response(200, list); });
  {
    Client client(recording());
    for (int i = 0; i < 5; ++i) EXPECT_TRUE(client.send(get(server->url())));
  }
  const auto tape = player();
  EXPECT_LT(text().size(), 8192U);
  Client client(replaying(tape));
  EXPECT_EQ(client.send(get(server->url()))->body, list);
}

TEST_F(RecordingTest, ThreadsThatRaceAreToldApart) {
  auto server = TestServer::answering(
      [](const Received& request) { return response(200, std::string(request.headers.get("X-Writer").value_or(""))); });
  const auto race = [&](Client& client) {
    std::vector<std::string> came(4);
    std::vector<std::jthread> threads;
    for (std::size_t number = 0; number < came.size(); ++number) {
      threads.emplace_back([&, number] {
        const Lane lane(number + 1);
        // The same question from each; what it is answered decides what is asked next.
        for (int i = 0; i < 20; ++i) {
          auto request = get(server->url("/tag"));
          request.headers.add("X-Writer", i % 2 == 0 ? "" : std::to_string(number));
          came[number] += client.send(request).value().body + ",";
        }
      });
    }
    threads.clear();
    return came;
  };
  std::vector<std::string> first;
  {
    Client client(recording());
    first = race(client);
  }
  const auto tape = player();
  Client client(replaying(tape));
  EXPECT_EQ(race(client), first);
  EXPECT_EQ(tape->left(), 0U);
  EXPECT_EQ(Lane::current(), "");
}

TEST_F(RecordingTest, FlightsAreRecordedToo) {
  auto server = TestServer::answering([](const Received& request) { return response(200, request.target); });
  const auto fly = [&](Client& client) {
    std::vector<std::string> came(30);
    std::size_t next = 0;
    client.fly(8, [&]() -> std::optional<Flight> {
      if (next == came.size()) return std::nullopt;
      const auto number = next++;
      return Flight{get(server->url("/" + std::to_string(number))),
                    [&came, number](const Result& result) { came[number] = result.value().body; }};
    });
    return came;
  };
  std::vector<std::string> first;
  {
    Client client(recording());
    first = fly(client);
  }
  const auto asked = server->requests().size();
  Client client(replaying(player()));
  EXPECT_EQ(fly(client), first);
  EXPECT_EQ(server->requests().size(), asked);
}

TEST_F(RecordingTest, OwnServersAreLeftOut) {
  auto server = TestServer::answering([](const Received& /*request*/) { return response(200, "live"); });
  {
    Client client(recording());
    client.leave_out(server->authority());
    EXPECT_TRUE(client.send(get(server->url())));
  }
  const auto tape = player();
  EXPECT_EQ(tape->left(), 0U);
  Client client(replaying(tape));
  client.leave_out(server->authority());
  EXPECT_EQ(client.send(get(server->url()))->body, "live");
}

TEST_F(RecordingTest, PartsStandApartAndACutOneLeavesNothing) {
  auto server = TestServer::answering([](const Received& request) { return response(200, request.target); });
  {
    Client client(recording());
    EXPECT_TRUE(client.send(get(server->url("/cut"))));
    writer_->begin("second");
    EXPECT_TRUE(client.send(get(server->url("/second"))));
  }
  const auto recording = closed();
  EXPECT_THAT(recording->parts(), testing::ElementsAre("second"));
  Player tape(recording);
  EXPECT_FALSE(tape.begin("part"));
  EXPECT_TRUE(tape.begin("second"));
  EXPECT_EQ(tape.left(), 1U);
}

}  // namespace
}  // namespace referee::http::test
