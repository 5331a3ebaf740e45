// pulls.jsonl against its schema.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

#include "matrix/pulls_file.hpp"
#include "referee/embedded/files.hpp"

namespace referee::suites::matrix {
namespace {

using nlohmann::json;

TEST(PullsSchema, EveryLineMatches) {
  const auto parsed = json::parse(embedded::file("reports/schemas/pulls.schema.json").value());
  valijson::Schema schema;
  valijson::SchemaParser().populateSchema(valijson::adapters::NlohmannJsonAdapter(parsed), schema);
  const auto matches = [&](const json& line) {
    valijson::Validator validator;
    return validator.validate(schema, valijson::adapters::NlohmannJsonAdapter(line), nullptr);
  };
  const std::string digest = "sha256:" + std::string(64, 'a');
  Pulls pulls;
  pulls.contents = digest;
  pulls.rows = {"image", "nested-1"};
  pulls.runtimes = {{"toy", "a toy", "runtime", "1", "", "", {}, {"process 7"}, 1.5}};
  pulls.descriptions = {digest};
  Pull pull;
  pull.exit_code = 1;
  pull.digests = {digest};
  pull.requests = {{"GET", "/v2/", 200}};
  pull.all_requests = 1;
  pulls.records = {{"toy", "image", pull, true, ""}, {"toy", "nested-1", std::nullopt, false, "it is gone"}};
  std::istringstream lines(pulls_text(pulls));
  int count = 0;
  for (std::string text; std::getline(lines, text); ++count) {
    auto line = json::parse(text);
    EXPECT_TRUE(matches(line)) << text;
    line["more"] = 1;
    EXPECT_FALSE(matches(line)) << text;
  }
  EXPECT_EQ(count, 5);
}

}  // namespace
}  // namespace referee::suites::matrix
