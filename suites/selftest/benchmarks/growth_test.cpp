// What a request costs as a repository fills: on the reference registry, on one that gives wrong answers, on one
// without the API.
#include "benchmarks/growth.hpp"

#include <gmock/gmock.h>

#include <set>

#include "distribution/fake_server.hpp"
#include "referee/registry/server.hpp"

namespace referee::suites::benchmarks {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

struct Ground {
  explicit Ground(const std::string& profile = "oci-1.1", std::vector<std::string> deviations = {}) {
    registry::ServerOptions options;
    options.profile = profile;
    options.deviations = std::move(deviations);
    server = std::move(*registry::Server::start(options));
    registry = std::make_unique<distribution::Registry>(distribution::test_client(), server->url());
  }
  GrowthReport grow(GrowthOptions options = {}) {
    options.repository = "grown";
    options.counts = {10, 20, 40, 80};
    options.repetitions = 3;
    auto report = run_growth(*registry, options);
    EXPECT_TRUE(report) << report.error();
    return report.value_or(GrowthReport{});
  }
  std::unique_ptr<registry::Server> server;
  std::unique_ptr<distribution::Registry> registry;
};

const EndpointCosts& costs_of(const GrowthReport& report, const std::string& endpoint) {
  for (const auto& costs : report.endpoints) {
    if (costs.endpoint == endpoint) return costs;
  }
  ADD_FAILURE() << "no endpoint " << endpoint;
  return report.endpoints.front();
}

TEST(GrowthScenario, MeasuresEveryEndpointAtEachCount) {
  Ground ground;
  const auto report = ground.grow();
  EXPECT_THAT(report.counts, ElementsAre(10, 20, 40, 80));
  EXPECT_THAT(report.endpoints, SizeIs(13));
  for (const auto& costs : report.endpoints) {
    EXPECT_EQ(costs.unmeasured, "") << costs.endpoint;
    ASSERT_THAT(costs.seconds, SizeIs(4)) << costs.endpoint;
    EXPECT_THAT(costs.seconds, Each(SizeIs(3))) << costs.endpoint;
    EXPECT_TRUE(costs.growth.enough) << costs.endpoint;
  }
  const auto tags = ground.registry->list_tags("grown");
  ASSERT_TRUE(tags);
  EXPECT_THAT(tags->body, testing::AllOf(HasSubstr("n-000000"), HasSubstr("n-000079")));
  EXPECT_THAT(growth_table(report), HasSubstr("manifest by tag"));
}

TEST(GrowthScenario, DoesNotCountWrongAnswers) {
  Ground ground("oci-1.1", {"r.blob.corrupt-get"});
  const auto report = ground.grow();
  EXPECT_THAT(costs_of(report, "blob").unmeasured, HasSubstr("other bytes"));
  EXPECT_FALSE(costs_of(report, "blob").is_worse());
  EXPECT_THAT(growth_table(report), HasSubstr("unmeasured: answered other bytes"));
}

TEST(GrowthScenario, SaysWhatARegistryDoesNotHave) {
  Ground ground("oci-1.0");
  const auto report = ground.grow();
  EXPECT_EQ(costs_of(report, "referrers of another image").unmeasured, "answered 404 instead of 200");
  EXPECT_EQ(costs_of(report, "manifest by digest").unmeasured, "");
}

TEST(GrowthScenario, EndsWhenItIsInterruptedWithWhatItHas) {
  Ground ground;
  GrowthOptions options;
  bool stop = false;
  options.interrupted = [&] { return stop; };
  options.progress = [&](std::string_view line) { stop = line.starts_with("40 "); };
  const auto report = ground.grow(options);
  EXPECT_THAT(report.counts, ElementsAre(10, 20));
  EXPECT_EQ(report.incomplete, "interrupted");
  EXPECT_THAT(report.endpoints.front().seconds, SizeIs(2));
  EXPECT_THAT(growth_table(report), HasSubstr("ended early: interrupted"));
}

TEST(GrowthScenario, FailsWhereNothingCanBePushed) {
  distribution::FakeServer server(
      [](const distribution::FakeRequest&) { return distribution::FakeResponse{403, {}, "{}"}; });
  distribution::Registry registry(distribution::test_client(), server.url());
  GrowthOptions options;
  options.repository = "grown";
  const auto report = run_growth(registry, options);
  ASSERT_FALSE(report);
  EXPECT_THAT(report.error(), HasSubstr("answered 403 instead of 201"));
}

TEST(GrowthScenario, NamesWhatGrowsTooFast) {
  GrowthReport report;
  report.counts = {10, 100, 1000, 10'000};
  report.endpoints.push_back({"manifest by tag", "", false, {{0.001}, {0.010}, {0.1}, {1.0}}, {}});
  report.endpoints.push_back({"blob", "", false, {{0.001}, {0.001}, {0.001}, {0.001}}, {}});
  std::vector<bench::Point> points{{10, 0.001}, {100, 0.01}, {1000, 0.1}, {10'000, 1}};
  report.endpoints[0].growth = bench::fit_growth(points);
  for (auto& point : points) point.cost = 0.001;
  report.endpoints[1].growth = bench::fit_growth(points);
  const auto table = growth_table(report);
  EXPECT_THAT(table, HasSubstr("worse than logarithmic: manifest by tag, O(n)\n"));
  EXPECT_THAT(table, HasSubstr("    1.00   10.00  100.00 1000.00"));
}

}  // namespace
}  // namespace referee::suites::benchmarks
