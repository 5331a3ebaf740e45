#include "referee/conformance/replay.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "referee/oci/json_depth.hpp"
#include "referee/oci/strict_json.hpp"
#include "referee/registry/profile.hpp"
#include "text.hpp"

namespace referee::conformance {
namespace {

using HeadJson = nlohmann::ordered_json;
/// What is read: names of strangers are found at once.
using Head = nlohmann::json;

constexpr const char* kRecordingSchema = "referee.recording/1";
constexpr int kMostJobs = 64;
constexpr int kDeepestHead = 8;
constexpr std::int64_t kShortestCheck = 1000;      // ms
constexpr std::int64_t kLongestCheck = 3'600'000;  // ms
constexpr std::size_t kMostChecks = 20'000;
constexpr std::size_t kMostRepositories = 2;

bool known_deviation(const std::string& name) {
  return std::ranges::any_of(registry::deviations(), [&](const auto& known) { return known.name == name; });
}

/// Reads the first line: the first thing that is wrong is kept, as a sentence, and what is read after it means nothing.
class HeadReader {
 public:
  explicit HeadReader(const Head& head) : head_(head) {}

  [[nodiscard]] const std::string& wrong() const { return wrong_; }
  void fail(std::string_view name, std::string_view why) {
    if (wrong_.empty()) wrong_ = fmt::format("the recording's first line is none of a run: `{}` {}", name, why);
  }
  /// All of these, perhaps the optional one, and no others.
  void only(std::initializer_list<std::string_view> names, std::string_view optional) {
    for (const auto& [name, value] : head_.items()) {
      if (name == optional || std::ranges::find(names, name) != names.end() || !wrong_.empty()) continue;
      wrong_ = fmt::format("the recording's first line has {}, which no run writes", oci::name_in_words(name));
    }
    for (const auto name : names) {
      if (!head_.contains(name)) fail(name, "is missing");
    }
  }
  std::string text(const char* name) {
    const auto& value = at(name);
    if (value.is_string()) return value.get<std::string>();
    fail(name, "is no text");
    return "";
  }
  std::vector<std::string> texts(const char* name, std::size_t most) {
    const auto& list = at(name);
    if (!list.is_array() || list.size() > most ||
        !std::ranges::all_of(list, [](const Head& one) { return one.is_string(); })) {
      fail(name, fmt::format("is no list of at most {} texts", most));
      return {};
    }
    auto found = list.get<std::vector<std::string>>();
    if (std::set<std::string>(found.begin(), found.end()).size() != found.size()) fail(name, "names something twice");
    return found;
  }
  bool flag(const char* name) {
    const auto& value = at(name);
    if (!value.is_boolean()) fail(name, "is neither true nor false");
    return value.is_boolean() && value.get<bool>();
  }
  std::int64_t whole(const char* name, std::int64_t least, std::int64_t most) {
    const auto& value = at(name);
    const bool fits = value.is_number_unsigned() && value.get<std::uint64_t>() <= static_cast<std::uint64_t>(most);
    if (fits && value.get<std::int64_t>() >= least) return value.get<std::int64_t>();
    fail(name, fmt::format("is no whole number from {} to {}", least, most));
    return least;
  }
  std::uint64_t digits(const char* name) {
    const auto written = text(name);
    std::uint64_t value = 0;
    const auto* const end = written.data() + written.size();
    const auto read = std::from_chars(written.data(), end, value);
    // One way to write it, so that everybody reads the same.
    if (read.ec == std::errc() && read.ptr == end && std::to_string(value) == written) return value;
    fail(name, "is no number");
    return 0;
  }
  double time(const char* name) {
    const auto& value = at(name);
    if (value.is_number() && std::isfinite(value.get<double>()) && value.get<double>() >= 0) return value.get<double>();
    fail(name, "is no time");
    return 0;
  }

 private:
  const Head& at(const char* name) {
    static const Head kNone;
    const auto found = head_.find(name);
    return found == head_.end() ? kNone : *found;
  }

  const Head& head_;
  std::string wrong_;
};

/// The facts are used to start registries: nothing but known names may reach a command line.
EmbeddedServer::Facts read_facts(HeadReader& head, const Head& json) {
  EmbeddedServer::Facts facts;
  HeadReader reader(json);
  if (!json.is_object()) {
    head.fail("embedded", "is no object");
    return facts;
  }
  reader.only({"control_url", "profile", "deviations"}, "");
  facts.control_url = reader.text("control_url");
  facts.profile = reader.text("profile");
  facts.deviations = reader.texts("deviations", registry::deviations().size());
  if (!reader.wrong().empty()) {
    head.fail("embedded", "is not what a run writes: " + reader.wrong());
  } else if (registry::find_profile(facts.profile) == nullptr ||
             !std::ranges::all_of(facts.deviations, known_deviation)) {
    head.fail("embedded", "names a profile or deviation that this version does not know");
  }
  return facts;
}

RecordedRun read_head(HeadReader& head, const Head& json) {
  RecordedRun run;
  head.only({"kind", "schema", "tool_version", "commit", "suite", "target", "url", "namespace", "repositories", "spec",
             "strict", "seed", "jobs", "check_timeout_ms", "scale", "fresh_registries", "started", "checks"},
            "embedded");
  if (head.text("kind") != "run") head.fail("kind", "is not `run`");
  run.tool_version = head.text("tool_version");
  run.commit = head.text("commit");
  run.suite = head.text("suite");
  run.started = head.time("started");
  auto& options = run.options;
  options.target = head.text("target");
  options.connection.url = head.text("url");
  options.name_space = head.text("namespace");
  options.fixed_repositories = head.texts("repositories", kMostRepositories);
  const auto spec = parse_spec(head.text("spec"));
  if (!spec) head.fail("spec", "is a version of the specification that is not known here");
  options.spec = spec.value_or(options.spec);
  options.strict = head.flag("strict");
  options.seed = head.digits("seed");
  options.jobs = static_cast<int>(head.whole("jobs", 1, kMostJobs));
  options.check_timeout = std::chrono::milliseconds(head.whole("check_timeout_ms", kShortestCheck, kLongestCheck));
  options.scale = head.text("scale");
  if (!find_scale(options.scale)) head.fail("scale", "is none that this version knows");
  options.fresh_registries = head.flag("fresh_registries");
  options.checks = head.texts("checks", kMostChecks);
  if (json.contains("embedded")) options.connection.embedded = read_facts(head, json.at("embedded"));
  options.connection.anonymous = true;
  return run;
}

}  // namespace

std::string part_name(std::string_view check, std::string_view suffix) {
  return suffix.empty() ? std::string(check) : fmt::format("{} {}", check, suffix);
}

std::string recording_head(const RunOptions& options, const RunInfo& info) {
  HeadJson head;
  head["kind"] = "run";
  head["schema"] = kRecordingSchema;
  head["tool_version"] = info.tool_version;
  head["commit"] = info.commit;
  head["suite"] = info.suite;
  head["target"] = options.target;
  head["url"] = options.connection.url;
  head["namespace"] = options.name_space;
  head["repositories"] = options.fixed_repositories;
  head["spec"] = name(options.spec);
  head["strict"] = options.strict;
  head["seed"] = std::to_string(options.seed);
  head["jobs"] = options.jobs;
  head["check_timeout_ms"] = options.check_timeout.count();
  head["scale"] = options.scale;
  head["fresh_registries"] = options.fresh_registries;
  if (const auto& facts = options.connection.embedded) {
    auto& embedded = head["embedded"];
    embedded["control_url"] = facts->control_url;
    embedded["profile"] = facts->profile;
    embedded["deviations"] = facts->deviations;
  }
  head["started"] = info.started;
  head["checks"] = options.checks;
  return head.dump(-1, ' ', false, HeadJson::error_handler_t::replace);
}

tl::expected<RecordedRun, std::string> read_recorded_run(std::string_view text) {
  const auto wrong = [](std::string why) { return tl::unexpected(std::move(why)); };
  if (oci::is_deeper_than(text, kDeepestHead)) return wrong("the recording's first line is nested too deeply");
  const auto json = Head::parse(text, nullptr, false);
  // The parser takes a zero byte for the end of the text.
  if (!json.is_object() || text.find('\0') != std::string_view::npos) {
    return wrong("the recording's first line does not say how the run was made");
  }
  const auto schema = json.find("schema");
  if (schema == json.end() || *schema != kRecordingSchema) {
    return wrong("the recording is of a version that is not known here");
  }
  if (const auto name = oci::repeated_name(text)) {
    return wrong(fmt::format("the recording's first line has {} twice", oci::name_in_words(*name)));
  }
  HeadReader head(json);
  auto run = read_head(head, json);
  if (!head.wrong().empty()) return wrong(head.wrong());
  return run;
}

}  // namespace referee::conformance
