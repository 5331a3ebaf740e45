#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "get_kind.hpp"
#include "referee/load/run.hpp"
#include "talk_server.hpp"

namespace referee::load {
namespace {

using namespace std::chrono_literals;
using selftest::get_kinds;
using selftest::Talk;
using selftest::TalkServer;

struct Hostile {
  std::string about;
  TalkServer::Script script;
  Cause cause;
};

TalkServer::Script always(std::string answer, bool ends = false) {
  return [answer = std::move(answer), ends](Talk& talk, int) {
    while (!talk.request().empty() && talk.say(answer) && !ends) {
    }
  };
}

class HostileServers : public testing::TestWithParam<Hostile> {};

TEST_P(HostileServers, AreCountedByWhatTheyDo) {
  const TalkServer server(GetParam().script);
  for (const double rate : {100.0, 0.0}) {
    Plan plan;
    plan.port = server.port();
    plan.rate = rate;
    plan.duration = 300ms;
    plan.time_limit = 200ms;
    plan.connections = 4;
    plan.weights = {1};
    plan.largest_body = 1000;
    const auto begun = std::chrono::steady_clock::now();
    const auto outcome = run(plan, get_kinds("{}"));
    ASSERT_TRUE(outcome) << outcome.error();
    const auto all = outcome->total();
    EXPECT_EQ(all.right, 0U);
    EXPECT_GT(all.errors.at(static_cast<std::size_t>(GetParam().cause)), 0U) << rate;
    EXPECT_EQ(all.planned, all.wrong());
    if (GetParam().cause != Cause::kTimeout) {
      EXPECT_EQ(all.errors.at(static_cast<std::size_t>(GetParam().cause)), all.wrong()) << "and nothing else";
    }
    EXPECT_LT(std::chrono::steady_clock::now() - begun, 20s);
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, HostileServers,
    testing::Values(
        Hostile{"closes", [](Talk& talk, int) { talk.request(); }, Cause::kClosed},
        Hostile{"truncates", always("HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{}", true), Cause::kTruncated},
        Hostile{"claims less", always("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n{}"), Cause::kMalformed},
        Hostile{"garbage", always("\x16\x03\x01\x02\x05"), Cause::kMalformed},
        Hostile{"much", always("HTTP/1.1 200 OK\r\nContent-Length: 1000000000000\r\n\r\n{}"), Cause::kTooLarge},
        Hostile{"endless head",
                [](Talk& talk, int) {
                  talk.request();
                  talk.say("HTTP/1.1 200 OK\r\n");
                  while (talk.say("X-Y: " + std::string(10'000, 'z') + "\r\n")) {
                  }
                },
                Cause::kTooLarge},
        Hostile{"endless body",
                [](Talk& talk, int) {
                  talk.request();
                  talk.say("HTTP/1.1 200 OK\r\n\r\n");
                  while (talk.say(std::string(10'000, 'z'))) {
                  }
                },
                Cause::kTooLarge},
        Hostile{"hangs", [](Talk& talk, int) { talk.hang(); }, Cause::kTimeout},
        Hostile{"drips",
                [](Talk& talk, int) {
                  talk.request();
                  while (talk.say("H")) std::this_thread::sleep_for(1s);
                },
                Cause::kTimeout},
        Hostile{"refuses", always("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"), Cause::kStatus},
        Hostile{"lies", always("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]"), Cause::kBody}),
    [](const auto& one) {
      std::string name = one.param.about;
      std::ranges::replace(name, ' ', '_');
      return name;
    });

/// Twenty-five operations within half a second.
auto twenty_five(const TalkServer& server, unsigned connections) {
  Plan plan;
  plan.port = server.port();
  plan.rate = 50;
  plan.duration = 500ms;
  plan.connections = connections;
  plan.weights = {1};
  return run(plan, get_kinds("{}"));
}

TEST(KeptConnections, ThatTheServerEndedAreMadeAnew) {
  // Answers once, and closes some time later, as servers with a short keep-alive do.
  const TalkServer server([](Talk& talk, int) {
    talk.request();
    talk.say("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
  });
  const auto outcome = twenty_five(server, 1);
  ASSERT_TRUE(outcome) << outcome.error();
  EXPECT_EQ(outcome->total().right, 25U);
  EXPECT_EQ(outcome->reconnects, 24U);
}

TEST(KeptConnections, AreNotKeptIfTheServerSaysSo) {
  const TalkServer server([](Talk& talk, int) {
    talk.request();
    talk.say("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}");
  });
  const auto outcome = twenty_five(server, 3);
  ASSERT_TRUE(outcome) << outcome.error();
  EXPECT_EQ(outcome->total().right, 25U);
  EXPECT_EQ(outcome->reconnects, 0U);
}

}  // namespace
}  // namespace referee::load
