#include "load/ground.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>

#include "../reports/tools.hpp"
#include "load/lists.hpp"
#include "load/push.hpp"
#include "referee/distribution/journal.hpp"
#include "referee/http/url.hpp"
#include "referee/load/run.hpp"
#include "referee/registry/server.hpp"

namespace referee::suites::load {
namespace {

using namespace std::chrono_literals;
using referee::load::Cause;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kAll = "pull,push,referrers,tags,verified-pull";

/// The reference registry with the ground on it.
struct Place {
  explicit Place(std::vector<std::string> deviations = {}, const std::string& profile = "oci-1.1",
                 std::optional<registry::AuthOptions> auth = std::nullopt) {
    registry::ServerOptions options;
    options.profile = profile;
    options.auth = auth;
    options.deviations = std::move(deviations);
    server = registry::Server::start(options).value();
    journal = distribution::Journal::open(folder.path() + "/journal.jsonl").value();
    http::ClientOptions client;
    if (auth)
      client.credentials = http::fixed_credential(http::authority(server->url()), {auth->username, auth->password, ""});
    registry = std::make_unique<distribution::Registry>(std::make_shared<http::Client>(std::move(client)),
                                                        server->url(), journal.get());
  }
  [[nodiscard]] GroundOptions options() const {
    GroundOptions made;
    made.repository = "referee/load";
    made.images = 3;
    made.blob_size = 10'000;
    made.journal = journal.get();
    return made;
  }
  [[nodiscard]] referee::load::Plan plan(std::size_t kinds) const {
    referee::load::Plan plan;
    plan.port = server->port();
    plan.rate = 20.0 * static_cast<double>(kinds);
    plan.duration = 1s;
    plan.connections = 8;
    plan.weights.assign(kinds, 1);
    return plan;
  }

  selftest::TemporaryFolder folder;
  std::unique_ptr<registry::Server> server;
  std::unique_ptr<distribution::Journal> journal;
  std::unique_ptr<distribution::Registry> registry;
};

TEST(Mixes, AreShares) {
  EXPECT_EQ(parse_mix("pull=70,push=10,tags"), (std::vector<Share>{{"pull", 70}, {"push", 10}, {"tags", 1}}));
  for (const auto* wrong :
       {"", "pull,", "nonsense", "pull=0", "pull=1001", "pull=-1", "pull=", "pull=1x", "pull,pull=2"}) {
    EXPECT_FALSE(parse_mix(wrong)) << wrong;
  }
  EXPECT_THAT(parse_mix("bulk=3").error(), HasSubstr("no kind of operation 'bulk'"));
}

TEST(Mixes, RunOnARegistry) {
  const Place place;
  const auto mix = parse_mix(kAll).value();
  const auto kinds = prepare(*place.registry, place.options(), mix);
  ASSERT_TRUE(kinds) << kinds.error();
  const auto outcome = referee::load::run(place.plan(5), *kinds);
  ASSERT_TRUE(outcome) << outcome.error();
  const std::vector<std::uint64_t> requests{3, 2, 1, 1, 6};
  for (std::size_t kind = 0; kind < 5; ++kind) {
    EXPECT_EQ((*kinds)[kind]->name(), mix[kind].kind);
    EXPECT_EQ(outcome->kinds[kind].right, 20U) << mix[kind].kind;
    EXPECT_EQ(outcome->kinds[kind].planned, 20U) << mix[kind].kind;
    EXPECT_EQ(outcome->kinds[kind].requests, 20U * requests[kind]) << mix[kind].kind;
  }
  EXPECT_GT(outcome->kinds[1].bytes_sent, 20U * 10'000);
  // What was pushed can be removed: everything stands in the journal.
  const auto entries = distribution::read_journal(place.folder.path() + "/journal.jsonl");
  ASSERT_TRUE(entries);
  EXPECT_EQ(std::ranges::count(*entries, distribution::Pushed::kUpload, &distribution::JournalEntry::kind), 0);
  EXPECT_GT(std::ranges::count(*entries, distribution::Pushed::kBlob, &distribution::JournalEntry::kind), 20);
  const auto report = distribution::cleanup(*place.registry, *entries);
  EXPECT_EQ(report.left.size(), 0U);
}

/// Faults of a registry that a load has to notice, and by what.
struct Lie {
  std::string fault;
  std::string kind;
  Cause cause;
};
class LyingRegistries : public testing::TestWithParam<Lie> {};

TEST_P(LyingRegistries, AreNoticed) {
  // A registry that gives what was pushed, and one with the same content that does not.
  const Place sound;
  const auto mix = parse_mix(GetParam().kind).value();
  const auto kinds = prepare(*sound.registry, sound.options(), mix);
  ASSERT_TRUE(kinds) << kinds.error();
  const Place faulty({GetParam().fault});
  EXPECT_FALSE(prepare(*faulty.registry, faulty.options(), parse_mix("verified-pull").value()) &&
               GetParam().kind == "referrers")
      << "the list is looked at beforehand";
  const auto outcome = referee::load::run(faulty.plan(1), *kinds);
  ASSERT_TRUE(outcome) << outcome.error();
  const auto all = outcome->total();
  EXPECT_EQ(all.right, 0U);
  EXPECT_EQ(all.errors.at(static_cast<std::size_t>(GetParam().cause)), all.planned);
}

INSTANTIATE_TEST_SUITE_P(
    All, LyingRegistries,
    testing::Values(Lie{"r.blob.corrupt-get", "pull", Cause::kBody}, Lie{"r.blob.truncated", "pull", Cause::kBody},
                    Lie{"l.layer.padded", "pull", Cause::kBody}, Lie{"l.layer.cut", "pull", Cause::kTruncated},
                    Lie{"l.layer.endless", "pull", Cause::kTooLarge}, Lie{"l.manifest.padded", "pull", Cause::kBody},
                    Lie{"l.manifest.truncated", "verified-pull", Cause::kBody},
                    Lie{"l.blob.redirect-endless", "verified-pull", Cause::kStatus},
                    Lie{"r.ref.lists-tagged-only", "referrers", Cause::kBody},
                    Lie{"l.ref.status-500", "referrers", Cause::kStatus}),
    [](const auto& one) {
      auto name = one.param.fault;
      std::ranges::replace_if(name, [](char c) { return c == '.' || c == '-'; }, '_');
      return name;
    });

TEST(Grounds, SendWhatAuthorizesThem) {
  for (const auto scheme : {registry::AuthOptions::Scheme::kBasic, registry::AuthOptions::Scheme::kBearer}) {
    const Place place({}, "oci-1.1", registry::AuthOptions{scheme, "user", "secret"});
    const auto kinds = prepare(*place.registry, place.options(), parse_mix(kAll).value());
    ASSERT_TRUE(kinds) << kinds.error();
    const auto outcome = referee::load::run(place.plan(5), *kinds);
    ASSERT_TRUE(outcome) << outcome.error();
    EXPECT_EQ(outcome->total().right, 100U);
  }
}

TEST(Grounds, NeedWhatTheMixAsksFor) {
  const Place old({}, "oci-1.0");
  EXPECT_TRUE(prepare(*old.registry, old.options(), parse_mix("pull,push,tags").value()));
  const auto kinds = prepare(*old.registry, old.options(), parse_mix("referrers").value());
  ASSERT_FALSE(kinds);
  EXPECT_THAT(kinds.error(), HasSubstr("was answered 404 instead of 200: the mix needs the referrers API"));
}

TEST(Uploads, GoOnAtTheSameServer) {
  const auto path = [](std::string_view location) { return upload_path("http://h:5000", "a/b", location); };
  EXPECT_EQ(path("/v2/a/b/blobs/uploads/1?x=y"), "/v2/a/b/blobs/uploads/1?x=y");
  EXPECT_EQ(path("http://h:5000/v2/a/b/blobs/uploads/1"), "/v2/a/b/blobs/uploads/1");
  EXPECT_EQ(path("1"), "/v2/a/b/blobs/uploads/1");
  for (const auto* other : {"", "http://h:50001/x", "http://h/x", "https://h:5000/x", "//other/x",
                            "http://h:5000@other/x", "/x y", "/x\r\nHost: other", "/x#y"}) {
    EXPECT_EQ(path(other), "") << other;
  }
  EXPECT_EQ(path("/" + std::string(10'000, 'x')), "");
}

TEST(Lists, AreComparedAsSets) {
  const auto tags = same_list(R"({"name":"x","tags":["b","a"]})", tags_in);
  EXPECT_TRUE(tags(R"({"name":"x","tags":["b","a"]})"));
  EXPECT_TRUE(tags(R"({"tags": ["a", "b"], "name":"x"})"));
  EXPECT_FALSE(tags(R"({"name":"x","tags":["a"]})"));
  EXPECT_FALSE(tags(R"({"name":"x","tags":["a","b","c"]})"));
  EXPECT_FALSE(tags(R"({"name":"x","tags":null})"));
  EXPECT_FALSE(tags("[["));
  EXPECT_FALSE(tags(std::string(100'000, '[')));
  EXPECT_THAT(digests_in(R"({"manifests":[{"mediaType":"a/b","digest":"sha256:2","size":1},
                             {"mediaType":"a/b","digest":"sha256:1","size":1}]})"),
              ElementsAre("sha256:1", "sha256:2"));
}

}  // namespace
}  // namespace referee::suites::load
