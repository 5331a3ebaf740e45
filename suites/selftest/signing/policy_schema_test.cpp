#include <gtest/gtest.h>

#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

#include "policy_samples.hpp"
#include "referee/embedded/files.hpp"
#include "referee/signing/policy.hpp"

namespace referee::signing {
namespace {

bool fits_schema(const nlohmann::json& document) {
  const auto text = embedded::file("reports/schemas/policy.schema.json");
  if (!text) throw std::runtime_error("no such schema");
  const auto parsed = nlohmann::json::parse(*text);
  valijson::Schema schema;
  valijson::SchemaParser().populateSchema(valijson::adapters::NlohmannJsonAdapter(parsed), schema);
  return valijson::Validator().validate(schema, valijson::adapters::NlohmannJsonAdapter(document), nullptr);
}

/// Who checks a policy with the schema learns what the parser would say.
TEST(PolicySchema, AgreesWithTheParser) {
  for (const auto& document : {sample_policy(), full_policy()}) {
    EXPECT_TRUE(fits_schema(document)) << document;
    EXPECT_TRUE(parse_policy(document.dump())) << document;
  }
  for (const auto& mistake : policy_mistakes()) {
    EXPECT_EQ(fits_schema(mistake.document()), !mistake.schema_sees_it) << mistake.pointer << " " << mistake.value;
  }
}

}  // namespace
}  // namespace referee::signing
