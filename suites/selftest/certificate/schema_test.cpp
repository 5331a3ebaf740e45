// Recordings and statements against their schemas.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include "fixture.hpp"
#include "referee/embedded/files.hpp"
#include "referee/signing/bundle.hpp"

namespace referee::certificate::test {
namespace {

using nlohmann::json;

/// The first complaint of the schema, or empty.
class Schema {
 public:
  explicit Schema(const std::string& name) {
    const auto parsed = json::parse(embedded::file("reports/schemas/" + name).value());
    valijson::SchemaParser().populateSchema(valijson::adapters::NlohmannJsonAdapter(parsed), schema_);
  }
  [[nodiscard]] std::string complaint(const json& document) const {
    valijson::Validator validator;
    valijson::ValidationResults results;
    const valijson::adapters::NlohmannJsonAdapter target(document);
    if (validator.validate(schema_, target, &results)) return "";
    std::string found = "invalid:";
    for (valijson::ValidationResults::Error error; results.popError(error);) found += " " + error.description;
    return found;
  }

 private:
  valijson::Schema schema_;
};

TEST(Schemas, EveryLineOfARecordingMatches) {
  const Schema schema("recording.schema.json");
  std::istringstream lines(sound_run().read("recording.jsonl"));
  std::size_t count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    EXPECT_EQ(schema.complaint(json::parse(line)), "") << line.substr(0, 300);
  }
  EXPECT_GT(count, 50U);
  EXPECT_NE(schema.complaint(json::object()), "");
}

TEST(Schemas, AStatementMatches) {
  const Schema schema("certificate.schema.json");
  const auto made = certify(order(sound_run()), vendor(), build(), world().book());
  ASSERT_TRUE(made) << made.error();
  const auto claim = signing::read_bundle(made->files.at(std::string(kBundleFile)));
  ASSERT_TRUE(claim);
  EXPECT_EQ(schema.complaint(json::parse(claim->document)), "");
}

TEST(Schemas, ARuntimesStatementMatches) {
  const Schema schema("certificate.schema.json");
  const Folder folder;
  const auto run = runtime_run();
  write_runtime_run(folder, run);
  const auto made = certify(order(folder), vendor(), build(), world().book(), judged_as(run));
  ASSERT_TRUE(made) << made.error();
  const auto claim = signing::read_bundle(made->files.at(std::string(kBundleFile)));
  ASSERT_TRUE(claim);
  auto statement = json::parse(claim->document);
  EXPECT_EQ(schema.complaint(statement), "");
  statement["predicate"]["configuration"].at(2)["annotations"].erase("runtime");
  EXPECT_NE(schema.complaint(statement), "");
}

}  // namespace
}  // namespace referee::certificate::test
