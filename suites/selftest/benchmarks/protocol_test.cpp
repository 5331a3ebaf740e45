// The grid against real registries: what is measured took the requests of its formula, and what is wrong does not
// count.
#include "benchmarks/protocol.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "benchmarks/formula.hpp"

namespace referee::suites::benchmarks {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

GroundsOptions fresh(std::vector<std::string> deviations = {}) {
  GroundsOptions options;
  options.executable = REFEREE_BINARY;
  options.deviations = std::move(deviations);
  options.seed = 11;
  return options;
}

/// Every operation and form at a small size.
std::vector<Cell> small_cells() {
  std::vector<Cell> cells;
  for (const auto& variant : proposals::variants()) {
    for (const bool inlined : {false, true}) {
      if (inlined && !variant.can_inline) continue;
      for (const std::size_t count : {0U, 3U}) {
        for (const auto operation : {Operation::kAttach, Operation::kDiscover, Operation::kCopy}) {
          cells.push_back({operation, &variant, count, Wanted::kAll, inlined, {}, 4});
        }
        for (const auto wanted : {Wanted::kAll, Wanted::kOne, Wanted::kNone}) {
          cells.push_back({Operation::kVerify, &variant, count, wanted, inlined, {}, 4});
        }
        cells.push_back({Operation::kPull, &variant, count, Wanted::kAll, inlined, {}, 1});
      }
    }
  }
  return cells;
}

ProtocolReport run(GroundsOptions ground, std::vector<Cell> cells, int repetitions = 2) {
  Grounds grounds(std::move(ground));
  ProtocolOptions options;
  options.cells = std::move(cells);
  options.repetitions = repetitions;
  return run_protocol(grounds, options);
}

const CellResult* find(const ProtocolReport& report, const std::string& name) {
  for (const auto& result : report.cells) {
    if (result.cell.name() == name) return &result;
  }
  return nullptr;
}

TEST(ProtocolGrid, EveryVariantTakesTheRequestsOfItsFormula) {
  const auto cells = small_cells();
  const auto report = run(fresh(), cells);
  EXPECT_TRUE(report.whole());
  EXPECT_THAT(report.absent, IsEmpty());
  ASSERT_EQ(report.cells.size(), cells.size());
  for (const auto& result : report.cells) {
    EXPECT_EQ(result.wrong, "") << result.cell.name();
    EXPECT_THAT(result.seconds, SizeIs(2)) << result.cell.name();
    for (const double seconds : result.seconds) EXPECT_GT(seconds, 0) << result.cell.name();
  }
  const auto* verify = find(report, "verify/oci-1.1/api/n:3/policy:all/by:reference/rtt:0/parallel:4");
  ASSERT_NE(verify, nullptr);
  EXPECT_EQ(verify->requests, 7);
  EXPECT_EQ(verify->signatures, 3);
  EXPECT_GT(verify->bytes_down, 3 * 1000);
  EXPECT_EQ(find(report, "verify/A/n:3/policy:one/by:reference/rtt:0/parallel:4")->requests, 5);
  EXPECT_EQ(find(report, "verify/D/index/n:3/policy:all/by:inlined/rtt:0/parallel:4")->requests, 0);
  EXPECT_EQ(find(report, "attach/oci-1.1/api/n:3/by:reference/rtt:0")->requests, 3);
  const auto json = nlohmann::json::parse(report.json);
  EXPECT_GT(std::stod(json.at("context").at("seconds").get<std::string>()), 0);
  EXPECT_GE(json["benchmarks"].size(), 2 * cells.size());
  EXPECT_THAT(protocol_table(report), HasSubstr("verify, policy all, by reference, 4 in flight: median ms (requests)"));
}

/// The first repetition is right; in the second the connection is lost, sooner or later.
TEST(ProtocolGrid, ALostConnectionDoesNotCountAndEndsNothing) {
  for (int polls = 0; polls < 60; polls += 4) {
    int left = -1;  // before the first repetition: for ever
    auto ground = fresh();
    ground.client.cancelled = [&] {
      if (left > 0) --left;
      return left == 0;
    };
    Grounds grounds(std::move(ground));
    ProtocolOptions options;
    options.cells = {{Operation::kCopy, proposals::find_variant("oci-1.1/api"), 0, Wanted::kAll, false, {}, 1}};
    options.repetitions = 2;
    options.progress = [&](std::size_t done, std::size_t /*all*/) { left = done == 1 ? polls : left; };
    const auto report = run_protocol(grounds, options);
    ASSERT_THAT(report.cells, SizeIs(1));
    EXPECT_THAT(report.cells[0].seconds, SizeIs(report.cells[0].wrong.empty() ? 2 : 1)) << polls;
    if (polls == 0) {
      EXPECT_THAT(report.cells[0].wrong, Not(IsEmpty()));
    }
  }
}

TEST(ProtocolGrid, ARoundTripIsPaidForEachRequest) {
  const auto* variant = proposals::find_variant("oci-1.1/api");
  const Cell near{Operation::kVerify, variant, 3, Wanted::kAll, false, {}, 1};
  Cell far = near;
  far.round_trip = std::chrono::milliseconds(15);
  const auto report = run(fresh(), {near, far});
  ASSERT_TRUE(report.whole()) << protocol_table(report);
  // Seven requests, one after another, and no connection to be set up: that was there.
  for (const double seconds : report.cells[1].seconds) EXPECT_GE(seconds, 7 * 0.015);
}

TEST(ProtocolGrid, WhatARegistryHidesDoesNotCount) {
  const auto* variant = proposals::find_variant("oci-1.1/api");
  const auto report =
      run(fresh({"r.ref.no-annotations"}), {{Operation::kVerify, variant, 3, Wanted::kOne, false, {}, 4},
                                            {Operation::kVerify, variant, 3, Wanted::kAll, false, {}, 4}});
  EXPECT_FALSE(report.whole());
  ASSERT_THAT(report.cells, SizeIs(2));
  EXPECT_THAT(report.cells[0].wrong, HasSubstr("it took 5 requests, and the formula says 3"));
  EXPECT_THAT(report.cells[0].seconds, IsEmpty());
  EXPECT_THAT(report.cells[1].wrong, IsEmpty());
  EXPECT_THAT(protocol_table(report), HasSubstr("does not count"));
}

TEST(ProtocolGrid, BytesThatNothingAccountsForDoNotCount) {
  const auto* variant = proposals::find_variant("oci-1.1/api");
  const auto report = run(fresh({"r.ref.wrong-size"}), {{Operation::kVerify, variant, 3, Wanted::kAll, false, {}, 4}});
  ASSERT_THAT(report.cells, SizeIs(1));
  EXPECT_THAT(report.cells[0].wrong, HasSubstr("bytes, and list and content are"));
}

TEST(ProtocolGrid, ARegistryThatListsNoTypesCostsAManifestForEach) {
  const auto* variant = proposals::find_variant("oci-1.1/api");
  const auto report =
      run(fresh({"r.ref.artifacttype-config-always"}), {{Operation::kVerify, variant, 5, Wanted::kOne, false, {}, 4},
                                                        {Operation::kVerify, variant, 5, Wanted::kAll, false, {}, 4}});
  ASSERT_TRUE(report.whole()) << protocol_table(report);
  EXPECT_EQ(report.cells[0].requests, 1 + 5 + 1);
  EXPECT_EQ(report.cells[1].requests, 1 + 2 * 5);
}

TEST(ProtocolGrid, WhatATargetLacksIsNamed) {
  auto ground = fresh();
  conformance::EmbeddedServer::Options embedded;
  embedded.executable = REFEREE_BINARY;
  embedded.profile = "oci-1.0";
  const auto server = conformance::EmbeddedServer::start(embedded);
  ASSERT_TRUE(server) << server.error();
  ground.url = (*server)->url();
  const auto report =
      run(std::move(ground),
          {{Operation::kDiscover, proposals::find_variant("oci-1.1/api"), 10, Wanted::kAll, false, {}, 4},
           {Operation::kDiscover, proposals::find_variant("oci-1.1/api"), 2, Wanted::kAll, false, {}, 4},
           {Operation::kDiscover, proposals::find_variant("oci-1.1/fallback"), 1, Wanted::kAll, false, {}, 4}});
  ASSERT_THAT(report.absent, SizeIs(1));
  EXPECT_EQ(report.absent.front().first, "oci-1.1/api, n:2, n:10");
  EXPECT_THAT(report.absent.front().second, HasSubstr("answered 404"));
  ASSERT_THAT(report.cells, SizeIs(1));
  EXPECT_TRUE(report.whole()) << protocol_table(report);
}

TEST(ProtocolGrid, ALimitOfAProtocolIsNoFailure) {
  auto ground = fresh();
  const auto report = run(
      std::move(ground), {{Operation::kDiscover, proposals::find_variant("D/index"), 2500, Wanted::kAll, true, {}, 4}});
  EXPECT_THAT(report.cells, IsEmpty());
  ASSERT_THAT(report.absent, SizeIs(1));
  EXPECT_THAT(report.absent.front().second, Not(IsEmpty()));
}

TEST(Formula, KnowsWhatAVariantHas) {
  EXPECT_EQ(requests_of("oci-1.1/api", false, "verify", {{"pages", 2}, {"M", 5}}), 12U);
  EXPECT_EQ(requests_of("C", true, "verify", {}), std::nullopt);
  EXPECT_EQ(requests_of("nobody", false, "verify", {}), std::nullopt);
  EXPECT_EQ(requests_of("A", false, "nonsense", {}), std::nullopt);
  EXPECT_EQ(verification_requests("oci-1.1/api", false, true, 100, 1, 3), 5U)
      << "three pages, one manifest, one payload";
  EXPECT_EQ(verification_requests("D/digest-tag", false, true, 100, 1, 1), 102U);
  EXPECT_EQ(verification_requests("C", false, false, 10, 10, 11), 31U);
}

}  // namespace
}  // namespace referee::suites::benchmarks
