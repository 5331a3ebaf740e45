#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include "benchmarks/growth.hpp"
#include "load/sample.hpp"
#include "matrix_sample.hpp"
#include "referee/bench/comparison.hpp"
#include "referee/bench/result.hpp"
#include "referee/distribution/journal.hpp"
#include "referee/embedded/files.hpp"
#include "referee/reports/matrix.hpp"
#include "referee/reports/result_table.hpp"
#include "referee/reports/run_comparison.hpp"
#include "referee/reports/trend.hpp"
#include "run_sample.hpp"
#include "sample.hpp"
#include "tools.hpp"

namespace referee::selftest {
namespace {

using nlohmann::json;

/// The first complaint of the schema, or empty.
std::string complaint(const std::string& schema_name, const json& document) {
  const auto text = embedded::file("reports/schemas/" + schema_name);
  if (!text) return "no such schema";
  const auto parsed = json::parse(*text);
  valijson::Schema schema;
  valijson::SchemaParser().populateSchema(valijson::adapters::NlohmannJsonAdapter(parsed), schema);
  valijson::Validator validator;
  valijson::ValidationResults results;
  const valijson::adapters::NlohmannJsonAdapter target(document);
  if (validator.validate(schema, target, &results)) return "";
  std::string found = "invalid:";
  for (valijson::ValidationResults::Error error; results.popError(error);) found += " " + error.description;
  return found;
}

std::vector<json> lines(const std::string& text) {
  std::vector<json> found;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) found.push_back(json::parse(line));
  return found;
}

TEST(ReportSchemas, ResultsMatch) {
  const Sample sample;
  EXPECT_EQ(complaint("results.schema.json", json::parse(reports::results_json(sample.run(), sample.book()))), "");
}

TEST(ReportSchemas, MatrixMatches) {
  EXPECT_EQ(complaint("matrix.schema.json", json::parse(reports::matrix_json(sample_matrix()))), "");
  EXPECT_NE(complaint("matrix.schema.json", json::parse(reports::matrix_json(conformance::Matrix{}))), "")
      << "a matrix has a kind";
}

TEST(ReportSchemas, BenchmarkResultMatches) {
  bench::Result result;
  result.scenario = "rebuild";
  result.about = kHostile;
  result.target = kHostile;
  result.incomplete = kHostile;
  result.findings = {kHostile};
  result.tables = {{kHostile, {"a", "b"}, {{"1", kHostile}}}};
  result.charts = {{kHostile, "x", "y", true, false, {{kHostile, {{1, 2}, {3, std::nan("")}}, kHostile}}, kHostile}};
  result.samples = {{kHostile, "s", false, {1, 2.5}}};
  auto document = json::parse(result_json(result));
  EXPECT_EQ(complaint("benchmark.schema.json", document), "");
  EXPECT_EQ(bench::read_samples(result_json(result))->samples.front().seconds.size(), 2);
  document["samples"][0]["unit"] = "furlongs";
  EXPECT_NE(complaint("benchmark.schema.json", document), "");
}

/// Two runs of one check that nothing but its verdict tells apart.
reports::RunFile hostile_run(conformance::Verdict verdict) {
  auto check = filed(kHostile, verdict, {{"key", std::string(conformance::name(verdict))}});
  check.title = kHostile;
  auto run = filed_run(
      {check, filed("a/b/c", conformance::Verdict::kObserved, {{"key", std::string(conformance::name(verdict))}})});
  run.info.target = run.info.tool_version = kHostile;
  return run;
}

TEST(ReportSchemas, ResultComparisonMatches) {
  reports::ResultComparison all;
  all.before = all.after = kHostile;
  all.runs = {
      reports::compare_runs(hostile_run(conformance::Verdict::kPass), hostile_run(conformance::Verdict::kFail))};
  bench::Comparison times;
  times.compared = {{"verify", 12, 12, 0.010, 0.013, {}}};
  all.benchmarks = {{"protocol.json", times}};
  all.missing = {kHostile};
  auto document = json::parse(reports::result_comparison_json(all));
  EXPECT_EQ(complaint("result-comparison.schema.json", document), "");
  document["runs"][0]["changes"][0]["kind"] = "surprise";
  EXPECT_NE(complaint("result-comparison.schema.json", document), "");
}

TEST(ReportSchemas, ResultTablesMatch) {
  const auto table = reports::table_of(
      {{"one", hostile_run(conformance::Verdict::kPass)}, {kHostile, hostile_run(conformance::Verdict::kUnsupported)}});
  ASSERT_TRUE(table);
  EXPECT_EQ(table->divergences.size(), 1);
  auto document = json::parse(reports::result_tables_json({*table}));
  EXPECT_EQ(complaint("result-tables.schema.json", document), "");
  document["tables"][0]["rows"][0]["cells"][0]["verdict"] = "surprise";
  EXPECT_NE(complaint("result-tables.schema.json", document), "");
}

TEST(ReportSchemas, TrendMatches) {
  reports::TrendMaker maker;
  maker.add(hostile_run(conformance::Verdict::kPass));
  maker.add(hostile_run(conformance::Verdict::kFail));
  auto document = json::parse(reports::trend_json(maker.finish()));
  EXPECT_EQ(complaint("trend.schema.json", document), "");
  document["checks"][0]["verdicts"][0] = "surprise";
  EXPECT_NE(complaint("trend.schema.json", document), "");
}

TEST(ReportSchemas, LoadMatches) {
  auto report = sample_report();
  report.target = kHostile;
  report.limits = {kHostile};
  EXPECT_EQ(complaint("load.schema.json", json::parse(load::report_json(report))), "");
  report.parts.front().machine = {kHostile, kHostile, kHostile, kHostile, 2, 1.5};
  EXPECT_EQ(complaint("load.schema.json", json::parse(load::report_json(report))), "");
  report.calibration.reset();
  report.knee = load::Knee{1, 2, {{1, 1, 0.5, 0, true, ""}, {2, 1, 0.5, 7, false, kHostile}}};
  auto document = json::parse(load::report_json(report));
  EXPECT_EQ(complaint("load.schema.json", document), "");
  document["operations"][1]["corrected"].erase("histogram");
  EXPECT_NE(complaint("load.schema.json", document), "") << "without it nothing can be merged";
}

TEST(ReportSchemas, ComparisonMatches) {
  bench::SampleFile before;
  bench::SampleFile after;
  before.samples = {{kHostile, std::vector<double>(10, 1)}, {"few", {1}}, {"gone", {1}}};
  after.samples = {{kHostile, std::vector<double>(10, 2)}, {"few", {0}}, {"new", {1}}};
  after.wrong = {kHostile};
  auto document = json::parse(comparison_json(bench::compare(before, after)));
  EXPECT_EQ(complaint("comparison.schema.json", document), "");
  EXPECT_EQ(document["compared"][0]["difference"], "slower");
  document["compared"][0]["p"] = 2;
  EXPECT_NE(complaint("comparison.schema.json", document), "");
}

TEST(ReportSchemas, GrowthMatches) {
  suites::benchmarks::GrowthReport report;
  report.repository = "referee/growth-00000001";
  report.repetitions = 2;
  report.counts = {10, 20};
  report.endpoints.push_back({"blob", "", false, {{0.001, 0.002}, {0.001, 0.0012}}, {}});
  report.endpoints.push_back({"manifest by tag", "", false, {{0.001, 0.002}, {0.004, 0.0041}}, {}});
  report.endpoints.back().growth = bench::fit_growth(std::vector<bench::Point>{{10, 1}, {20, 2}, {40, 4}, {80, 8}});
  report.endpoints.push_back({"referrers, first page", kHostile, true, {{}, {}}, {}});
  auto document = json::parse(growth_json(report, {kHostile, "0.1.0", 1, 1.5, 2.5, {}}));
  EXPECT_EQ(complaint("growth.schema.json", document), "");
  EXPECT_EQ(document["endpoints"][1]["law"]["name"], "O(n)");
  EXPECT_EQ(document["endpoints"][2]["times"], json::array());
  document["endpoints"][0]["times"][0]["median"] = -1;
  EXPECT_NE(complaint("growth.schema.json", document), "");
}

TEST(ReportSchemas, EveryRuntimeDescriptionMatches) {
  const auto paths = embedded::files("fixtures/runtimes/");
  EXPECT_FALSE(paths.empty());
  for (const auto path : paths) {
    EXPECT_EQ(complaint("runtime.schema.json", json::parse(*embedded::file(path))), "") << path;
  }
  auto wrong = json::parse(*embedded::file("fixtures/runtimes/podman.json"));
  wrong["shell"] = "sh";
  EXPECT_NE(complaint("runtime.schema.json", wrong), "");
}

TEST(ReportSchemas, AnEmptyRunMatches) {
  const Sample sample;
  EXPECT_EQ(complaint("results.schema.json", json::parse(reports::results_json({}, sample.book()))), "");
}

TEST(ReportSchemas, ChecksThatNoCatalogueKnowsMatch) {
  const Sample sample;
  const auto run = large_run(12, 2, 30, '<');
  EXPECT_EQ(complaint("results.schema.json", json::parse(reports::results_json(run, sample.book()))), "");
}

TEST(ReportSchemas, ImpossibleNumbersMatch) {
  Sample sample;
  auto& check = sample.check("oci-1.1/referrers/empty-list");
  check.raw.seconds = std::numeric_limits<double>::quiet_NaN();
  check.raw.started = -std::numeric_limits<double>::infinity();
  check.raw.exchanges[0].started = 1e300;
  check.raw.exchanges[0].total_seconds = -1;
  EXPECT_EQ(complaint("results.schema.json", json::parse(reports::results_json(sample.run(), sample.book()))), "");
  for (const auto& line : lines(reports::transcript_lines(check)))
    EXPECT_EQ(complaint("transcript.schema.json", line), "");
}

TEST(ReportSchemas, EveryTranscriptLineMatches) {
  const Sample sample;
  std::size_t seen = 0;
  for (const auto& check : sample.run().checks) {
    for (const auto& line : lines(reports::transcript_lines(check))) {
      EXPECT_EQ(complaint("transcript.schema.json", line), "") << line;
      EXPECT_EQ(line["check"], check.raw.id);
      ++seen;
    }
  }
  EXPECT_EQ(seen, 16U);
}

TEST(ReportSchemas, JournalLinesMatch) {
  const TemporaryFolder folder;
  const auto path = folder.path() + "/journal.jsonl";
  {
    auto journal = distribution::Journal::open(path);
    ASSERT_TRUE(journal) << journal.error();
    (*journal)->add({distribution::Pushed::kTag, "http://127.0.0.1:5000", "referee/a", "latest"});
    (*journal)->add({distribution::Pushed::kManifest, "http://127.0.0.1:5000", "referee/a", "sha256:00"});
    (*journal)->add({distribution::Pushed::kBlob, "http://127.0.0.1:5000", "referee/a", "sha256:01"});
    (*journal)->add({distribution::Pushed::kUpload, "http://127.0.0.1:5000", "referee/a", kHostile});
    (*journal)->add({distribution::Pushed::kNode, "http://127.0.0.1:5000", "referee/a", "sha256:02"});
  }
  const auto found = lines(read_text(path));
  EXPECT_EQ(found.size(), 5U);
  for (const auto& line : found) EXPECT_EQ(complaint("journal.schema.json", line), "") << line;
}

/// A schema that says yes to everything would prove nothing.
TEST(ReportSchemas, RefuseWhatIsWrong) {
  const Sample sample;
  const auto good = json::parse(reports::results_json(sample.run(), sample.book()));
  const std::map<std::string, json> changes{{"/schema", "referee.results/2"},
                                            {"/run/seed", 7},
                                            {"/run/surprise", 1},
                                            {"/checks/0/verdict", "fine"},
                                            {"/checks/0/level", "must"},
                                            {"/checks/0/surprise", true},
                                            {"/checks/1/failures/0/exchange/curl", nullptr},
                                            {"/summary/pass", -1},
                                            {"/run/timing/started", "today"},
                                            {"/surprise", 1},
                                            {"/checks/0/observations/a", 1},
                                            {"/run/capabilities/referrers/x", 1}};
  for (const auto& [pointer, value] : changes) {
    auto wrong = good;
    wrong[json::json_pointer(pointer)] = value;
    EXPECT_NE(complaint("results.schema.json", wrong), "") << pointer;
  }
  for (const auto* key : {"id", "verdict", "timing", "requirements", "reason", "blocked_by"}) {
    auto wrong = good;
    wrong["checks"][0].erase(key);
    EXPECT_NE(complaint("results.schema.json", wrong), "") << "without " << key;
  }
  auto line = lines(reports::transcript_lines(sample.run().checks[0])).front();
  line["purpose"] = "fun";
  EXPECT_NE(complaint("transcript.schema.json", line), "");
  EXPECT_NE(complaint("journal.schema.json", json{{"kind", "tag"}, {"registry", "http://a"}, {"repository", "r"}}), "");
}

}  // namespace
}  // namespace referee::selftest
