#include "referee/conformance/replay.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "referee/registry/profile.hpp"
#include "text.hpp"

namespace referee::conformance {
namespace {

using HeadJson = nlohmann::ordered_json;

constexpr const char* kRecordingSchema = "referee.recording/1";
constexpr int kMostJobs = 64;
constexpr std::int64_t kLongestCheck = 3'600'000;  // ms
constexpr std::size_t kMostRepositories = 2;

bool known_deviation(const std::string& name) {
  return std::ranges::any_of(registry::deviations(), [&](const auto& known) { return known.name == name; });
}

/// The facts are used to start registries: nothing but known names may reach a command line.
tl::expected<EmbeddedServer::Facts, std::string> read_facts(const HeadJson& json) {
  EmbeddedServer::Facts facts;
  json.at("control_url").get_to(facts.control_url);
  json.at("profile").get_to(facts.profile);
  json.at("deviations").get_to(facts.deviations);
  if (registry::find_profile(facts.profile) == nullptr || !std::ranges::all_of(facts.deviations, known_deviation)) {
    return tl::unexpected(std::string("the recording names a profile or deviation that this version does not know"));
  }
  return facts;
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

tl::expected<RecordedRun, std::string> read_recorded_run(std::string_view text) try {
  const auto wrong = [](std::string why) { return tl::unexpected(std::move(why)); };
  const auto head = HeadJson::parse(text);
  if (head.at("schema") != kRecordingSchema) return wrong("the recording is of a version that is not known here");
  RecordedRun run;
  head.at("tool_version").get_to(run.tool_version);
  head.at("commit").get_to(run.commit);
  head.at("suite").get_to(run.suite);
  head.at("started").get_to(run.started);
  auto& options = run.options;
  head.at("target").get_to(options.target);
  head.at("url").get_to(options.connection.url);
  head.at("namespace").get_to(options.name_space);
  head.at("repositories").get_to(options.fixed_repositories);
  const auto spec = parse_spec(head.at("spec").get<std::string>());
  if (!spec) return wrong("the recording is of a version of the specification that is not known here");
  options.spec = *spec;
  head.at("strict").get_to(options.strict);
  options.seed = std::stoull(head.at("seed").get<std::string>());
  options.jobs = std::clamp(head.at("jobs").get<int>(), 1, kMostJobs);
  options.check_timeout = std::chrono::milliseconds(
      std::clamp<std::int64_t>(head.at("check_timeout_ms").get<std::int64_t>(), 1000, kLongestCheck));
  head.at("scale").get_to(options.scale);
  head.at("fresh_registries").get_to(options.fresh_registries);
  head.at("checks").get_to(options.checks);
  if (options.fixed_repositories.size() > kMostRepositories || !find_scale(options.scale)) {
    return wrong("the recording's first line says what no run can be");
  }
  if (head.contains("embedded")) {
    auto facts = read_facts(head.at("embedded"));
    if (!facts) return wrong(facts.error());
    options.connection.embedded = std::move(*facts);
  }
  options.connection.anonymous = true;
  return run;
} catch (const std::exception&) {
  return tl::unexpected(std::string("the recording's first line does not say how the run was made"));
}

}  // namespace referee::conformance
