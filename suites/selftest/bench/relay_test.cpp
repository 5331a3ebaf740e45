// The longer way: what it does to bytes, to time (never less than asked) and to connections that end badly.
#include "referee/bench/relay.hpp"

#include <gmock/gmock.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace referee::bench {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

/// Sends everything back, a thread for each connection, until the other side ends; then it says "end".
class Echo {
 public:
  Echo() : acceptor_(context_, {asio::ip::address_v4::loopback(), 0}) {
    accepting_ = std::thread([this] {
      while (true) {
        error_code error;
        tcp::socket socket(context_);
        (void)acceptor_.accept(socket, error);
        if (error || stopping_) return;
        answering_.emplace_back([socket = std::move(socket)]() mutable { answer(socket); });
      }
    });
  }
  ~Echo() {
    stopping_ = true;
    error_code ignored;
    tcp::socket waker(context_);
    (void)waker.connect(acceptor_.local_endpoint(), ignored);
    accepting_.join();
    for (auto& one : answering_) one.join();
  }
  Echo(const Echo&) = delete;
  Echo& operator=(const Echo&) = delete;
  [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

 private:
  static void answer(tcp::socket& socket) {
    std::vector<char> bytes(100'000);
    error_code error;
    while (true) {
      const auto size = socket.read_some(asio::buffer(bytes), error);
      if (error) break;
      asio::write(socket, asio::buffer(bytes, size), error);
    }
    asio::write(socket, asio::buffer("end", 3), error);
  }

  asio::io_context context_;
  tcp::acceptor acceptor_;
  std::atomic<bool> stopping_{false};
  std::thread accepting_;
  std::vector<std::thread> answering_;
};

class Caller {
 public:
  explicit Caller(std::uint16_t port) : socket_(context_) {
    socket_.connect({asio::ip::address_v4::loopback(), port});
    socket_.set_option(tcp::no_delay(true));
  }
  void send(const std::string& bytes) { asio::write(socket_, asio::buffer(bytes)); }
  void end() { socket_.shutdown(tcp::socket::shutdown_send); }
  std::string read(std::size_t size) {
    std::string bytes(size, '\0');
    error_code error;
    bytes.resize(asio::read(socket_, asio::buffer(bytes), error));
    return bytes;
  }
  void reset() {
    socket_.set_option(asio::socket_base::linger(true, 0));
    socket_.close();
  }

 private:
  asio::io_context context_;
  tcp::socket socket_;
};

std::unique_ptr<Relay> relay_to(std::uint16_t port, std::chrono::microseconds round_trip = {},
                                std::size_t most_held = std::size_t{1} << 20U) {
  auto relay = Relay::start({"127.0.0.1", port, round_trip, most_held});
  EXPECT_TRUE(relay) << relay.error();
  return std::move(*relay);
}

std::string random_bytes(std::size_t size) {
  std::mt19937_64 random(size);
  std::string bytes(size, '\0');
  for (auto& byte : bytes) byte = static_cast<char>(random());
  return bytes;
}

TEST(RelayTest, PassesEveryByteBothWays) {
  const Echo echo;
  for (const auto round_trip : {milliseconds(0), milliseconds(4)}) {
    // Much more than it may hold at once.
    const auto relay = relay_to(echo.port(), round_trip, 256UL * 1024);
    const auto bytes = random_bytes(8'000'000);
    Caller caller(relay->port());
    std::thread sender([&] {
      caller.send(bytes);
      caller.end();
    });
    EXPECT_TRUE(caller.read(bytes.size()) == bytes);
    EXPECT_EQ(caller.read(10), "end") << "an end in one direction leaves the other open";
    sender.join();
    const auto totals = relay->totals();
    EXPECT_EQ(totals.connections, 1);
    EXPECT_EQ(totals.to_target, bytes.size());
    EXPECT_EQ(totals.from_target, bytes.size() + 3);
  }
}

TEST(RelayTest, TakesARoundTripForEachAnswerAndOneMoreForTheConnection) {
  const Echo echo;
  const auto relay = relay_to(echo.port(), milliseconds(60));
  const auto before = Clock::now();
  Caller caller(relay->port());
  caller.send("first");
  EXPECT_EQ(caller.read(5), "first");
  const auto first = Clock::now();
  EXPECT_GE(first - before, milliseconds(120));
  for (int at = 0; at < 3; ++at) {
    caller.send("again");
    EXPECT_EQ(caller.read(5), "again");
  }
  EXPECT_GE(Clock::now() - first, milliseconds(180));
}

TEST(RelayTest, DelaysManyConnectionsAtOnce) {
  const Echo echo;
  const auto relay = relay_to(echo.port(), milliseconds(50));
  std::vector<std::thread> threads;
  std::atomic<int> right{0};
  for (int at = 0; at < 40; ++at) {
    threads.emplace_back([&, at] {
      Caller caller(relay->port());
      const auto text = "connection " + std::to_string(at);
      caller.send(text);
      right += caller.read(text.size()) == text ? 1 : 0;
    });
  }
  for (auto& one : threads) one.join();
  EXPECT_EQ(right, 40);
  EXPECT_EQ(relay->totals().connections, 40);
}

TEST(RelayTest, ClosesWhatTheTargetDoesNotTake) {
  std::uint16_t nobody = 0;
  {
    asio::io_context context;
    const tcp::acceptor acceptor(context, {asio::ip::address_v4::loopback(), 0});
    nobody = acceptor.local_endpoint().port();
  }
  const auto relay = relay_to(nobody, milliseconds(1));
  Caller caller(relay->port());
  EXPECT_EQ(caller.read(1), "");
  EXPECT_EQ(relay->totals().refused, 1);
}

TEST(RelayTest, SurvivesResetsAndEndsWithConnectionsOpen) {
  const Echo echo;
  auto relay = relay_to(echo.port(), milliseconds(20));
  for (int at = 0; at < 20; ++at) {
    Caller caller(relay->port());
    caller.send(random_bytes(50'000));
    caller.reset();
  }
  Caller waiting(relay->port());
  waiting.send("held");
  EXPECT_EQ(waiting.read(4), "held");
  waiting.send("on the way");
  relay.reset();
  EXPECT_EQ(waiting.read(100), "");
}

TEST(RelayTest, SaysWhenAHostHasNoAddress) {
  const auto relay = Relay::start({"nobody.invalid", 80, {}, 1});
  ASSERT_FALSE(relay);
  EXPECT_THAT(relay.error(), testing::HasSubstr("the host nobody.invalid has no address"));
}

}  // namespace
}  // namespace referee::bench
