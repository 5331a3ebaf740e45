// Basic and Bearer authentication, and what the request log says of them.
#include <mutex>
#include <thread>

#include "referee/oci/base64.hpp"
#include "registry_fixture.hpp"

namespace referee::selftest {
namespace {

using registry::AuthOptions;
using ::testing::HasSubstr;
using ::testing::Not;

class Authorization : public RegistryTest {
 protected:
  void start_closed(AuthOptions auth, std::vector<std::string> deviations = {}) {
    registry::ServerOptions options;
    options.auth = std::move(auth);
    options.deviations = std::move(deviations);
    options.access_log = [this](const registry::AccessRecord& record) {
      const std::scoped_lock lock(mutex_);
      last_ = record;
    };
    start(options);
  }
  registry::AccessRecord last() {
    // A client may have its answer before the log has the request.
    while (server_->pending() > 0) std::this_thread::yield();
    const std::scoped_lock lock(mutex_);
    return last_;
  }
  /// Under this name of the server; RawClient has one of its own.
  Reply get_at(const std::string& host, const std::string& target, const std::string& more = "") {
    RawConnection connection(server_->port());
    connection.send("GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\n" + more + "\r\n");
    return connection.receive();
  }
  std::string token(const std::string& scope, const Fields& fields = {}) {
    const auto reply = get("/token?service=referee&scope=" + scope, fields);
    return reply.status == 200 ? nlohmann::json::parse(reply.body)["token"].get<std::string>() : "";
  }
  static Fields bearer(const std::string& token) { return {{"Authorization", "Bearer " + token}}; }
  static Fields basic(const std::string& text) { return {{"Authorization", "Basic " + oci::base64_encode(text)}}; }

  void TearDown() override { server_.reset(); }  // it writes to last_

 private:
  std::mutex mutex_;
  registry::AccessRecord last_;
};

TEST_F(Authorization, ATokenIsForItsRepositoryAndAction) {
  start_closed({});
  const auto refused = get_at("r:1", "/v2/a/tags/list");
  EXPECT_THAT(refused, HasStatus(401));
  EXPECT_EQ(refused.header("WWW-Authenticate"),
            R"(Bearer realm="http://r:1/token",service="referee",scope="repository:a:pull")");
  EXPECT_THAT(request("POST", "/v2/a/blobs/uploads/").header("WWW-Authenticate"), HasSubstr("repository:a:pull,push"));
  EXPECT_THAT(remove("/v2/a/manifests/x").header("WWW-Authenticate"), HasSubstr("repository:a:delete"));
  EXPECT_THAT(get("/v2/").header("WWW-Authenticate"), Not(HasSubstr("scope")));

  const auto push = bearer(token("repository:a:pull,push"));
  EXPECT_THAT(request("POST", "/v2/a/blobs/uploads/", push), HasStatus(202));
  EXPECT_THAT(request("POST", "/v2/b/blobs/uploads/", push), HasStatus(401));
  EXPECT_THAT(remove("/v2/a/manifests/x", push), HasStatus(401));
  EXPECT_THAT(get("/v2/", push), HasStatus(200));
  const auto pull = bearer(token("repository:a:pull"));
  EXPECT_THAT(request("POST", "/v2/a/blobs/uploads/", pull), HasStatus(401));
  EXPECT_THAT(get("/v2/a/tags/list", pull), HasStatus(404)) << "let in, and nothing there";
  EXPECT_THAT(get("/v2/a/tags/list", bearer(token("repository:b:pull&scope=repository:a:pull"))), HasStatus(404));
  EXPECT_THAT(get("/v2/a/tags/list", bearer("made-up")), HasStatus(401));
  EXPECT_THAT(request("POST", "/token"), HasStatus(405));
}

TEST_F(Authorization, TokensMayBeForAUser) {
  start_closed({AuthOptions::Scheme::kBearer, "u", "p"});
  EXPECT_EQ(token("repository:a:pull"), "");
  EXPECT_EQ(token("repository:a:pull", basic("u:wrong")), "");
  EXPECT_NE(token("repository:a:pull", basic("u:p")), "");
  EXPECT_THAT(get("/v2/", basic("u:p")), HasStatus(401)) << "a password is no token";
}

TEST_F(Authorization, APasswordLetsIn) {
  start_closed({AuthOptions::Scheme::kBasic, "u", "p"});
  EXPECT_THAT(get("/v2/").header("WWW-Authenticate"), HasSubstr("Basic"));
  EXPECT_THAT(get("/v2/", basic("u:q")), HasStatus(401));
  EXPECT_THAT(get("/v2/", basic("u:p")), HasStatus(200));
  EXPECT_THAT(get("/token", basic("u:p")), HasStatus(404)) << "no token server";
  registry::ServerOptions nobody;
  nobody.auth = AuthOptions{AuthOptions::Scheme::kBasic, "", ""};
  EXPECT_FALSE(registry::Server::start(nobody).has_value());
}

TEST_F(Authorization, TheLogHasTheKindAndNoSecret) {
  start_closed({AuthOptions::Scheme::kBasic, "u", "p"});
  get_at("name:5", "/v2/", "Authorization: basic " + oci::base64_encode("u:p") + "\r\nIf-Match: \"x\"\r\n");
  EXPECT_EQ(last().authorization, "Basic");
  EXPECT_EQ(last().host, "name:5");
  EXPECT_EQ(last().if_match, "\"x\"");
  get("/v2/", bearer("secret-token"));
  EXPECT_EQ(last().authorization, "Bearer");
  get("/v2/", {{"Authorization", "secret-token"}});
  EXPECT_EQ(last().authorization, "other");
  get("/v2/");
  EXPECT_EQ(last().authorization, "");
}

TEST_F(Authorization, TheOtherHostIsOpen) {
  start_closed({});
  EXPECT_THAT(get_at("localhost:1", "/v2/"), HasStatus(401));
  start_closed({}, {"l.blob.elsewhere"});
  EXPECT_THAT(get_at("localhost:1", "/v2/"), HasStatus(200));
  EXPECT_THAT(get_at("127.0.0.1:1", "/v2/"), HasStatus(401));
}

}  // namespace
}  // namespace referee::selftest
