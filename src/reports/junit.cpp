#include <fmt/format.h>

#include <algorithm>
#include <pugixml.hpp>
#include <sstream>

#include "json_values.hpp"
#include "model.hpp"
#include "referee/oci/words.hpp"
#include "referee/reports/writers.hpp"
#include "text.hpp"

// The shape that Jenkins' JUnit plugin, GitLab and the GitHub viewers read; reports/schemas/junit.xsd.
namespace referee::reports {
namespace {

using conformance::CheckResult;
using conformance::Verdict;

enum class Kind : std::uint8_t { kPlain, kFailure, kError, kSkipped };

Kind kind_of(Verdict verdict, bool strict) {
  switch (verdict) {
    case Verdict::kFail:
      return Kind::kFailure;
    case Verdict::kWarn:
      return strict ? Kind::kFailure : Kind::kPlain;
    case Verdict::kError:
    case Verdict::kInconclusive:
      return Kind::kError;
    case Verdict::kUnsupported:
    case Verdict::kBlocked:
      return Kind::kSkipped;
    case Verdict::kPass:
    case Verdict::kObserved:
      break;
  }
  return Kind::kPlain;
}

struct Tally {
  std::size_t tests = 0;
  std::size_t failures = 0;
  std::size_t errors = 0;
  std::size_t skipped = 0;
  double seconds = 0;

  void add(Kind kind, double time) {
    ++tests;
    failures += kind == Kind::kFailure ? 1 : 0;
    errors += kind == Kind::kError ? 1 : 0;
    skipped += kind == Kind::kSkipped ? 1 : 0;
    seconds += time;
  }
  void add(const Tally& other) {
    tests += other.tests;
    failures += other.failures;
    errors += other.errors;
    skipped += other.skipped;
    seconds += other.seconds;
  }
};

void attribute(pugi::xml_node node, const char* name, std::string_view value) {
  // Line ends in attributes are normalised away by XML readers: one line from the start.
  auto text = xml_text(value);
  std::ranges::replace_if(text, [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
  node.append_attribute(name).set_value(text.c_str());
}

void set_tally(pugi::xml_node node, const Tally& tally) {
  node.append_attribute("tests").set_value(tally.tests);
  node.append_attribute("failures").set_value(tally.failures);
  node.append_attribute("errors").set_value(tally.errors);
  node.append_attribute("skipped").set_value(tally.skipped);
  attribute(node, "time", seconds_text(tally.seconds));
}

void property(pugi::xml_node properties, const char* name, std::string_view value) {
  auto node = properties.append_child("property");
  attribute(node, "name", name);
  attribute(node, "value", value);
}

std::string one_line(const CheckResult& check, const std::string& title) {
  if (!check.raw.failures.empty()) {
    const auto& first = check.raw.failures.front();
    std::string text = first.expected.empty() && first.actual.empty()
                           ? first.what
                           : fmt::format("expected {}, got {}", first.expected, first.actual);
    if (check.raw.failures.size() > 1) text += fmt::format(" (and {} more)", check.raw.failures.size() - 1);
    return clip(text, 1024);
  }
  if (!check.reason.empty()) return clip(check.reason, 1024);
  return title.empty() ? check.raw.id : title;
}

/// Everything that a person needs who sees only this text.
std::string details(const conformance::RunInfo& run, const CheckResult& check, const std::string& title,
                    const std::vector<Cited>& cited) {
  std::string text = title + "\n";
  if (const auto reason = reason_beside(check); !reason.empty()) {
    text += fmt::format("\nreason: {}\n", clip(reason, kTextBytes));
  }
  std::size_t number = 0;
  for (const auto& failure : check.raw.failures) {
    if (++number > kFailuresEach) {
      text += fmt::format("\n{} more\n", check.raw.failures.size() - kFailuresEach);
      break;
    }
    text += fmt::format("\n{}. {}\n", number, clip(failure.what, kTextBytes));
    if (!failure.expected.empty()) text += fmt::format("   expected: {}\n", clip(failure.expected, kTextBytes));
    if (!failure.actual.empty()) text += fmt::format("   actual:   {}\n", clip(failure.actual, kTextBytes));
    if (const auto* shown = evidence(check, failure); shown != nullptr) {
      text +=
          fmt::format("   request:  {} {} -> {}\n   repeat:   {}\n", shown->method, shown->url,
                      shown->status == 0 ? "no response" : std::to_string(shown->status), http::curl_command(*shown));
    }
  }
  if (!check.raw.failures.empty()) {
    text += fmt::format("\ncontent:  {} --select {} --keep\n", conformance::check_command(run), check.raw.id);
  }
  for (const auto& requirement : cited) {
    text += fmt::format("\nrequirement {} ({}): {}\n  {}\n", requirement.id, level_name(requirement.level),
                        requirement.text, requirement.link);
  }
  return xml_text(text);
}

void add_properties(pugi::xml_node testcase, const CheckResult& check, const std::vector<Cited>& cited) {
  auto properties = testcase.append_child("properties");
  property(properties, "verdict", conformance::name(check.verdict));
  property(properties, "level", level_name(check.level));
  for (const auto& requirement : cited) {
    property(properties, "requirement", requirement.id);
    if (!requirement.link.empty()) property(properties, "link", requirement.link);
  }
  if (check.verdict == Verdict::kWarn) property(properties, "warning", one_line(check, check.raw.id));
  if (!check.blocked_by.empty()) property(properties, "blocked_by", clip(check.blocked_by, kTextBytes));
  std::size_t number = 0;
  for (const auto& [key, value] : check.raw.observations) {
    if (++number > kObservationsEach) break;
    property(properties, "observed", clip(key + " = " + value, kTextBytes));
  }
}

void add_outcome(pugi::xml_node testcase, const conformance::RunInfo& run, const CheckResult& check, Kind kind,
                 const std::string& title, const std::vector<Cited>& cited) {
  if (kind == Kind::kSkipped) {
    const auto why = check.verdict == Verdict::kBlocked ? fmt::format("blocked by {}", check.blocked_by)
                                                        : fmt::format("unsupported: {}", check.reason);
    attribute(testcase.append_child("skipped"), "message", clip(why, 1024));
    return;
  }
  if (kind == Kind::kPlain) {
    // A warning passes, but its evidence must not get lost.
    if (check.verdict == Verdict::kWarn) {
      testcase.append_child("system-out").text().set(details(run, check, title, cited).c_str());
    }
    return;
  }
  auto node = testcase.append_child(kind == Kind::kFailure ? "failure" : "error");
  attribute(node, "message", one_line(check, title));
  attribute(node, "type",
            kind == Kind::kFailure ? level_name(check.level) : std::string(conformance::name(check.verdict)));
  node.text().set(details(run, check, title, cited).c_str());
}

Tally add_suite(pugi::xml_node root, const Section& section, const conformance::RunInfo& info, const Book& book) {
  auto suite = root.append_child("testsuite");
  attribute(suite, "name", section.suite.empty() ? section.heading : section.suite + ": " + section.heading);
  Tally tally;
  double started = info.started;
  for (const auto* check : section.checks) {
    tally.add(kind_of(check->verdict, info.strict), check->raw.seconds);
    if (check == section.checks.front()) started = check->raw.started;
  }
  set_tally(suite, tally);
  if (const auto time = iso_time(started); !time.empty()) attribute(suite, "timestamp", time.substr(0, 19));
  auto properties = suite.append_child("properties");
  property(properties, "target", info.target);
  property(properties, "spec", conformance::name(info.spec));
  property(properties, "seed", std::to_string(info.seed));
  for (const auto* check : section.checks) {
    const auto parts = split_id(check->raw.id);
    auto group = parts.group;
    std::ranges::replace(group, '.', '_');  // Jenkins splits package and class at the last dot
    std::ranges::replace(group, '/', '.');
    auto testcase = suite.append_child("testcase");
    attribute(testcase, "name", check->raw.id);
    attribute(
        testcase, "classname",
        fmt::format("referee{}{}{}{}", parts.suite.empty() ? "" : ".", parts.suite, group.empty() ? "" : ".", group));
    attribute(testcase, "time", seconds_text(check->raw.seconds));
    const auto cited = requirements(*check, book, info.spec);
    add_properties(testcase, *check, cited);
    add_outcome(testcase, info, *check, kind_of(check->verdict, info.strict), title(*check, book), cited);
  }
  return tally;
}

/// A run that was cut must not look green: an error stands for the checks that are missing.
Tally add_unfinished(pugi::xml_node root, const conformance::Run& run) {
  Tally tally;
  tally.add(Kind::kError, 0);
  auto suite = root.append_child("testsuite");
  attribute(suite, "name", "run");
  set_tally(suite, tally);
  auto testcase = suite.append_child("testcase");
  attribute(testcase, "name", "run/complete");
  attribute(testcase, "classname", "referee.run");
  attribute(testcase, "time", "0.000");
  auto error = testcase.append_child("error");
  attribute(error, "message",
            fmt::format("the run is not complete: {} of {} {} a verdict", run.checks.size(),
                        oci::counted(run.info.selected, "check"), run.checks.size() == 1 ? "has" : "have"));
  attribute(error, "type", "incomplete");
  return tally;
}

}  // namespace

std::string junit_xml(const conformance::Run& run, const Book& book) {
  pugi::xml_document document;
  auto declaration = document.append_child(pugi::node_declaration);
  attribute(declaration, "version", "1.0");
  attribute(declaration, "encoding", "UTF-8");
  auto root = document.append_child("testsuites");
  attribute(root, "name", fmt::format("referee {}", run.info.target));
  Tally tally;
  // Attributes stand before children in the text whenever they are added.
  for (const auto& section : sections(run, book)) tally.add(add_suite(root, section, run.info, book));
  if (!run.info.complete) tally.add(add_unfinished(root, run));
  tally.seconds = run.info.seconds;
  set_tally(root, tally);
  std::ostringstream text;
  document.save(text, "  ", pugi::format_default, pugi::encoding_utf8);
  return text.str();
}

}  // namespace referee::reports
