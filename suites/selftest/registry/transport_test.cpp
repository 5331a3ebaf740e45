// HTTP itself: keep-alive, pipelining, Expect, refused bodies, hostile input.
#include <condition_variable>
#include <mutex>

#include "registry_fixture.hpp"

namespace referee::selftest {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kBase = "GET /v2/ HTTP/1.1\r\nHost: x\r\n\r\n";

class Transport : public RegistryTest {
 protected:
  void start_impatient() {
    registry::ServerOptions options;
    options.idle_timeout = 100ms;
    start(options);
  }
};

TEST_F(Transport, PipelinedRequestsAreAnsweredInOrder) {
  RawConnection connection(server_->port());
  std::string all;
  for (int i = 0; i < 50; ++i) {
    all += kBase;
    all += "GET /v2/a/tags/list HTTP/1.1\r\nHost: x\r\n\r\n";
    all += "POST /v2/a/blobs/uploads/?digest=" + digest_of("x") + " HTTP/1.1\r\nContent-Length: 1\r\n\r\nx";
    all += "HEAD /v2/a/blobs/" + digest_of("x") + " HTTP/1.1\r\n\r\n";
  }
  ASSERT_TRUE(connection.send(all));
  for (int i = 0; i < 50; ++i) {
    EXPECT_EQ(connection.receive().status, 200);
    EXPECT_EQ(connection.receive().status, i == 0 ? 404 : 200);
    EXPECT_EQ(connection.receive().status, 201);
    EXPECT_EQ(connection.receive(true).status, 200);
  }
}

TEST_F(Transport, ClosesWhenAsked) {
  RawConnection connection(server_->port());
  connection.send("GET /v2/ HTTP/1.1\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(connection.receive().header("Connection"), "close");
  EXPECT_TRUE(connection.closed());
  RawConnection old(server_->port());
  old.send("GET /v2/ HTTP/1.0\r\n\r\n");
  EXPECT_EQ(old.receive().status, 200);
  EXPECT_TRUE(old.closed());
}

TEST_F(Transport, AnswersExpect) {
  RawConnection connection(server_->port());
  connection.send("POST /v2/a/blobs/uploads/?digest=" + digest_of("hello") +
                  " HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
  EXPECT_EQ(connection.receive().status, 100);
  connection.send("hello");
  EXPECT_EQ(connection.receive().status, 201);
  // A body that will not be accepted is not asked for.
  connection.send("PUT /v2/a/manifests/x HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 99999999\r\n\r\n");
  EXPECT_THAT(connection.receive(), Fails(413, "MANIFEST_INVALID"));
  EXPECT_TRUE(connection.closed());
}

TEST_F(Transport, ARefusedBodyLeavesTheConnectionUsable) {
  RawConnection connection(server_->port());
  const std::string body(5'000'000, ' ');
  ASSERT_TRUE(connection.send("PUT /v2/a/manifests/x HTTP/1.1\r\nContent-Length: 5000000\r\n\r\n" + body));
  EXPECT_THAT(connection.receive(), Fails(413, "MANIFEST_INVALID"));
  connection.send("PUT /v2/a/manifests/x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n4c4b40\r\n" + body +
                  "\r\n0\r\n\r\n");
  EXPECT_THAT(connection.receive(), Fails(413, "MANIFEST_INVALID"));
  connection.send(kBase);
  EXPECT_EQ(connection.receive().status, 200);
}

TEST_F(Transport, TheAnswerToAHugeRefusedBodyCanBeRead) {
  const std::string piece(1'000'000, ' ');
  for (const std::string_view length : {"Content-Length: 40000000", "Transfer-Encoding: chunked"}) {
    RawConnection connection(server_->port());
    connection.send("PUT /v2/a/manifests/x HTTP/1.1\r\n" + std::string(length) + "\r\n\r\n");
    // All of it is sent before the answer is looked at: a reset would lose the answer.
    for (int i = 0; i < 40; ++i) {
      ASSERT_TRUE(connection.send(length[0] == 'T' ? "f4240\r\n" + piece + "\r\n" : piece)) << i;
    }
    const auto reply = connection.receive();
    EXPECT_THAT(reply, Fails(413, "MANIFEST_INVALID"));
    EXPECT_EQ(reply.header("Connection"), "close");
  }
}

TEST_F(Transport, BodiesWhereNoneBelongAreBounded) {
  EXPECT_THAT(request("GET", "/v2/", {}, std::string(1000, 'x')), HasStatus(200));
  EXPECT_THAT(request("GET", "/v2/", {}, std::string(100'000, 'x')), Fails(413, "SIZE_INVALID"));
  EXPECT_THAT(get("/v2/"), HasStatus(200));
}

TEST_F(Transport, GarbageIsRefused) {
  for (const std::string bytes :
       {"\x16\x03\x01\x02\r\n\r\n", "GET\r\n\r\n", "GET /v2/ HTTP/9.9\r\n\r\n", "GET /v2/ HTTP/1.1\r\nno colon\r\n\r\n",
        "PUT /v2/a/manifests/x HTTP/1.1\r\nContent-Length: x\r\n\r\n",
        "PUT /v2/a/manifests/x HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n"}) {
    RawConnection connection(server_->port());
    connection.send(bytes);
    EXPECT_THAT(connection.receive(), Fails(400, "UNSUPPORTED")) << bytes;
    EXPECT_TRUE(connection.closed());
  }
  EXPECT_THAT(get("/v2/"), HasStatus(200));
}

TEST_F(Transport, BrokenChunksAreRefused) {
  const auto location = open_upload("a");
  for (const auto* body : {"zz\r\nabc\r\n0\r\n\r\n", "3\r\nabcdef\r\n0\r\n\r\n", "fffffffffffffffff\r\n"}) {
    RawConnection connection(server_->port());
    connection.send("PATCH " + location + " HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + body);
    EXPECT_EQ(connection.receive().status, 400) << body;
  }
}

TEST_F(Transport, LongHeadersAreRefused) {
  for (const std::string& field : {std::string("X: ") + std::string(100'000, 'x') + "\r\n", std::string()}) {
    RawConnection connection(server_->port());
    std::string text = "GET /v2/ HTTP/1.1\r\n" + field;
    for (int i = 0; i < 10'000; ++i) text += "X-" + std::to_string(i) + ": y\r\n";
    connection.send(text + "\r\n");
    EXPECT_THAT(connection.receive(), Fails(431, "UNSUPPORTED"));
  }
}

TEST_F(Transport, SilentConnectionsAreClosed) {
  start_impatient();
  RawConnection idle(server_->port());
  EXPECT_TRUE(idle.closed());
  RawConnection half(server_->port());
  half.send("GET /v2/ HT");
  EXPECT_TRUE(half.closed());
  RawConnection body(server_->port());
  body.send("PUT /v2/a/manifests/x HTTP/1.1\r\nContent-Length: 10\r\n\r\nabc");
  EXPECT_TRUE(body.closed());
}

TEST_F(Transport, ADrippingHeaderIsClosed) {
  start_impatient();
  RawConnection connection(server_->port());
  bool open = connection.send("GET /v2/ HTTP/1.1\r\n");
  for (int i = 0; open && i < 1000; ++i) {
    open = connection.send("X: y\r\n");
    const timespec pause{0, 5'000'000};
    nanosleep(&pause, nullptr);
  }
  EXPECT_FALSE(open) << "each byte must not buy more time";
}

TEST_F(Transport, ValuesCannotBreakOutOfTheHeader) {
  // The digest grammar forbids this; the error text must not carry it either.
  const auto reply = get("/v2/a/manifests/x%0d%0aEvil:%201");
  EXPECT_THAT(reply, HasStatus(400));
  EXPECT_FALSE(reply.has("Evil"));
}

TEST_F(Transport, KeepsAnAccessLog) {
  std::mutex mutex;
  std::condition_variable arrived;
  std::vector<registry::AccessRecord> records;
  registry::ServerOptions options;
  options.delay = 20ms;
  options.access_log = [&](const registry::AccessRecord& record) {
    const std::lock_guard lock(mutex);
    records.push_back(record);
    arrived.notify_one();
  };
  start(options);
  ASSERT_THAT(push_blob("a", "hello"), HasStatus(201));
  get("/v2/a/blobs/" + digest_of("hello"), {{"User-Agent", "test/1"}, {"Range", "bytes=0-1"}, {"Accept", "x/y"}});
  std::unique_lock lock(mutex);  // a record is made just after the client has its answer
  ASSERT_TRUE(arrived.wait_for(lock, 10s, [&] { return records.size() == 2; }));
  EXPECT_EQ(records[0].method, "POST");
  EXPECT_EQ(records[0].request_bytes, 5U);
  EXPECT_EQ(records[0].status, 201);
  EXPECT_GE(records[0].seconds, 0.02);
  EXPECT_EQ(records[1].target, "/v2/a/blobs/" + digest_of("hello"));
  EXPECT_EQ(records[1].user_agent, "test/1");
  EXPECT_EQ(records[1].range, "bytes=0-1");
  EXPECT_EQ(records[1].accept, "x/y");
  EXPECT_EQ(records[1].status, 206);
  EXPECT_EQ(records[1].response_bytes, 2U);
  EXPECT_GT(records[1].started, 1.6e9);
}

TEST_F(Transport, SaysWhyItCannotStart) {
  const auto refused = [](registry::ServerOptions options) {
    const auto server = registry::Server::start(std::move(options));
    return server ? std::string() : server.error();
  };
  registry::ServerOptions options;
  options.profile = "x";
  EXPECT_EQ(refused(options), "unknown profile: x");
  options = {};
  options.deviations = {"r.x"};
  EXPECT_EQ(refused(options), "unknown fault: r.x");
  options = {};
  options.address = "nowhere";
  EXPECT_EQ(refused(options), "not an IP address: nowhere");
  options = {};
  options.address = "192.0.2.1";
  EXPECT_THAT(refused(options), ::testing::StartsWith("cannot listen on 192.0.2.1:0: "));
  options = {};
  options.store = "/dev/null";
  EXPECT_THAT(refused(options), ::testing::StartsWith("store /dev/null is not a folder: use an empty or new folder"));
}

}  // namespace
}  // namespace referee::selftest
