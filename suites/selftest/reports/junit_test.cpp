#include <gtest/gtest.h>

#include <pugixml.hpp>
#include <set>

#include "sample.hpp"
#include "tools.hpp"

namespace referee::selftest {
namespace {

class Junit : public testing::Test {
 protected:
  pugi::xml_document parse(const conformance::Run& run) {
    pugi::xml_document document;
    const auto loaded = document.load_string(reports::junit_xml(run, sample_.book()).c_str());
    EXPECT_TRUE(loaded) << loaded.description();
    return document;
  }
  static pugi::xml_node testcase(const pugi::xml_document& document, const std::string& name) {
    return document.select_node(("//testcase[@name='" + name + "']").c_str()).node();
  }

  Sample sample_;
};

TEST_F(Junit, EveryVerdictHasItsElement) {
  const auto document = parse(sample_.run());
  const auto child = [&](const char* name) {
    const auto node = testcase(document, name);
    EXPECT_FALSE(node.empty()) << name;
    for (const auto* element : {"failure", "error", "skipped"}) {
      if (node.child(element)) return std::string(element);
    }
    return std::string();
  };
  EXPECT_EQ(child("oci-1.1/pull/by-digest"), "");
  EXPECT_EQ(child("oci-1.1/referrers/empty-list"), "failure");
  EXPECT_EQ(child("oci-1.1/referrers/filter"), "skipped");
  EXPECT_EQ(child("oci-1.1/errors/message"), "");
  EXPECT_EQ(child("oci-1.1/delete/tag"), "skipped");
  EXPECT_EQ(child("oci-1.1/push/chunked"), "error");
  EXPECT_EQ(child("oci-1.1/push/crash"), "error");
  EXPECT_EQ(child("oci-1.1/push/sha512"), "");
}

TEST_F(Junit, StrictTurnsAWarningIntoAFailure) {
  auto run = sample_.copy();
  run.info.strict = true;
  const auto document = parse(run);
  EXPECT_STREQ(testcase(document, "oci-1.1/errors/message").child("failure").attribute("type").value(), "SHOULD");
  EXPECT_EQ(document.child("testsuites").attribute("failures").as_int(), 2);
}

TEST_F(Junit, TalliesAreThoseOfTheElements) {
  const auto document = parse(sample_.run());
  const auto agree = [](const pugi::xml_node& node) {
    const auto number = [&](const char* path) { return static_cast<int>(node.select_nodes(path).size()); };
    EXPECT_EQ(node.attribute("tests").as_int(), number(".//testcase"));
    EXPECT_EQ(node.attribute("failures").as_int(), number(".//failure"));
    EXPECT_EQ(node.attribute("errors").as_int(), number(".//error"));
    EXPECT_EQ(node.attribute("skipped").as_int(), number(".//skipped"));
  };
  agree(document.child("testsuites"));
  for (const auto suite : document.child("testsuites").children("testsuite")) agree(suite);
  EXPECT_EQ(document.child("testsuites").attribute("tests").as_int(), 10);
}

TEST_F(Junit, FailureTellsExpectedActualRequirementAndCommand) {
  const std::string text = testcase(parse(sample_.run()), "oci-1.1/referrers/empty-list").child("failure").text().get();
  for (const auto* part : {"expected: status 200", "actual:   status 404", "sample.referrers.empty", "curl ",
                           "https://example.org/v1.1/spec.md#listing-referrers"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part;
  }
}

TEST_F(Junit, PropertiesHoldRequirementsLevelAndObservations) {
  const auto document = parse(sample_.run());
  const auto values = [&](const char* id, const std::string& name) {
    std::vector<std::string> found;
    for (const auto property : testcase(document, id).child("properties").children("property")) {
      if (property.attribute("name").value() == name) found.emplace_back(property.attribute("value").value());
    }
    return found;
  };
  EXPECT_EQ(values("oci-1.1/referrers/empty-list", "requirement"),
            (std::vector<std::string>{"sample.referrers.empty", "sample.pull.digest"}));
  EXPECT_EQ(values("oci-1.1/errors/message", "level"), std::vector<std::string>{"SHOULD"});
  EXPECT_EQ(values("oci-1.1/errors/message", "warning"), std::vector<std::string>{"expected a text, got nothing"});
  EXPECT_EQ(values("oci-1.1/push/sha512", "observed").front(), "sha512 = accepted");
  EXPECT_EQ(values("oci-1.1/referrers/pages", "blocked_by"), std::vector<std::string>{"oci-1.1/referrers/empty-list"});
}

TEST_F(Junit, AnIncompleteRunIsNotGreen) {
  auto run = sample_.copy();
  run.checks.resize(1);
  run.info.complete = false;
  const auto document = parse(run);
  EXPECT_EQ(document.child("testsuites").attribute("errors").as_int(), 1);
  EXPECT_TRUE(testcase(document, "run/complete").child("error"));
}

TEST_F(Junit, NamesAreUniqueAndClassesHaveNoStrayDots) {
  auto run = sample_.copy();
  run.checks.push_back(run.checks[0]);
  run.checks.back().raw.id = "e/v3.1/deep/er/leaf";
  const auto document = parse(run);
  std::set<std::string> names;
  for (const auto& each : document.select_nodes("//testcase")) {
    EXPECT_TRUE(names.insert(each.node().attribute("name").value()).second);
  }
  EXPECT_STREQ(testcase(document, "e/v3.1/deep/er/leaf").attribute("classname").value(), "referee.e.v3_1.deep.er");
  EXPECT_STREQ(testcase(document, "oci-1.1/pull/by-digest").attribute("classname").value(), "referee.oci-1.1.pull");
}

TEST_F(Junit, MatchesTheSchema) {
  const auto xmllint = find_program("xmllint");
  if (!xmllint) GTEST_SKIP() << "xmllint (libxml2-utils) is absent";
  const TemporaryFolder folder;
  const auto valid = [&](const std::string& text) {
    const auto path = folder.path() + "/junit.xml";
    write_text(path, text);
    const auto output = run_command(*xmllint + " --nonet --noout --schema " + REFEREE_SOURCE_DIR +
                                    "/reports/schemas/junit.xsd " + path + " 2>&1");
    return output.status == 0 ? std::string() : output.text;
  };
  auto strict = sample_.copy();
  strict.info.strict = true;
  strict.info.complete = false;
  EXPECT_EQ(valid(reports::junit_xml(sample_.run(), sample_.book())), "");
  EXPECT_EQ(valid(reports::junit_xml(strict, sample_.book())), "");
  EXPECT_EQ(valid(reports::junit_xml({}, sample_.book())), "");
  EXPECT_EQ(valid(reports::junit_xml(large_run(40, 1, 10, '\x01'), sample_.book())), "");
  const auto good = reports::junit_xml(sample_.run(), sample_.book());
  EXPECT_NE(valid(replaced(good, "<failure ", "<failures ")), "") << "the schema must be able to say no";
  EXPECT_NE(valid(replaced(good, "oci-1.1/referrers/pages", "oci-1.1/referrers/filter")), "") << "names must be unique";
}

}  // namespace
}  // namespace referee::selftest
