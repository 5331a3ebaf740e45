#include "statement.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "referee/oci/digest.hpp"
#include "referee/signing/bundle.hpp"

namespace referee::certificate {
namespace {

using nlohmann::ordered_json;

/// Ids of several claims, each once, in order.
std::vector<std::string> all_of(const std::vector<Claim>& claims, std::vector<std::string> Claim::* list) {
  std::set<std::string> ids;
  for (const auto& claim : claims) ids.insert((claim.*list).begin(), (claim.*list).end());
  return {ids.begin(), ids.end()};
}

std::string file_type(std::string_view name) {
  const auto dot = name.rfind('.');
  const auto ending = dot == std::string_view::npos ? "" : name.substr(dot);
  if (ending == ".json") return "application/json";
  if (ending == ".jsonl") return "application/jsonl";
  if (ending == ".html") return "text/html";
  if (ending == ".xml") return "application/xml";
  if (ending == ".svg") return "image/svg+xml";
  if (ending == ".yaml") return "application/yaml";
  return "text/plain";
}

}  // namespace

ordered_json digest_value(const std::string& text) {
  ordered_json value = ordered_json::object();
  const auto colon = text.find(':');
  if (colon != std::string::npos) value[text.substr(0, colon)] = text.substr(colon + 1);
  return value;
}

ordered_json tool_entry(const std::string& version, const std::string& commit, const Terms& terms) {
  ordered_json tool{{"name", "referee"}, {"digest", {{"gitCommit", commit}}}};
  tool["annotations"] = {{"version", version}, {"issued", terms.issued}, {"expires", terms.expires}};
  return tool;
}

std::string time_text(double seconds) {
  return signing::format_time(
      signing::Time(std::chrono::seconds(static_cast<std::int64_t>(std::clamp(seconds, 0.0, 2.5e11)))));
}

bool dirty(const std::string& commit) {
  return commit.empty() || commit == "unknown" || commit.find('+') != std::string::npos;
}

std::string result_of(const std::vector<Claim>& claims) {
  return all_of(claims, &Claim::warned).empty() ? "PASSED" : "WARNED";
}

std::vector<std::string> not_claimed(const conformance::Run& run, const std::vector<Claim>& claims,
                                     const conformance::Catalogue& catalogue) {
  std::vector<std::string> lines;
  for (const auto& profile : profiles()) {
    if (std::ranges::find(claims, profile.name, &Claim::profile) != claims.end()) continue;
    const auto one = claim(profile, run, catalogue);
    if (!one.missing.empty()) continue;
    lines.push_back(fmt::format("{}: {}", profile.name, one.holds() ? "not asked for" : one.why_not()));
  }
  return lines;
}

ordered_json predicate_value(const conformance::RecordedRun& recorded, const conformance::Run& run,
                             const std::vector<Claim>& claims, const conformance::Catalogue& catalogue,
                             const Terms& terms) {
  ordered_json names = ordered_json::array();
  for (const auto& claim : claims) names.push_back(claim.profile);
  ordered_json predicate;
  predicate["result"] = result_of(claims);
  auto& configuration = predicate["configuration"] = ordered_json::array();

  configuration.push_back(tool_entry(recorded.tool_version, recorded.commit, terms));

  ordered_json suite{{"name", "suite"}, {"digest", digest_value(recorded.suite)}};
  suite["annotations"] = {{"spec", std::string(conformance::name(run.info.spec))},
                          {"profiles", names},
                          {"unsupported", all_of(claims, &Claim::unsupported)},
                          {"observed", all_of(claims, &Claim::observed)},
                          {"not_claimed", not_claimed(run, claims, catalogue)}};
  configuration.push_back(std::move(suite));

  ordered_json target{{"name", "target"}, {"uri", run.info.url}};
  target["annotations"] = {{"target", run.info.target},
                           {"namespace", run.info.name_space},
                           {"repositories", recorded.options.fixed_repositories},
                           {"seed", std::to_string(run.info.seed)},
                           {"scale", recorded.options.scale},
                           {"started", time_text(recorded.started)}};
  configuration.push_back(std::move(target));

  predicate["passedTests"] = all_of(claims, &Claim::passed);
  predicate["warnedTests"] = all_of(claims, &Claim::warned);
  predicate["failedTests"] = ordered_json::array();
  return predicate;
}

ordered_json statement_value(const std::vector<std::pair<std::string, std::string>>& subjects, ordered_json predicate) {
  ordered_json statement;
  statement["_type"] = std::string(signing::kStatementType);
  auto& list = statement["subject"] = ordered_json::array();
  for (const auto& [name, digest] : subjects) list.push_back({{"name", name}, {"digest", digest_value(digest)}});
  statement["predicateType"] = std::string(kPredicateType);
  statement["predicate"] = std::move(predicate);
  return statement;
}

oci::Package submission_image(const std::map<std::string, std::string>& files) {
  oci::ManifestBuilder builder;
  builder.artifact_type(kSubmissionType);
  std::vector<oci::Content> blobs;
  for (const auto& [name, bytes] : files) {
    oci::Content blob(file_type(name), bytes);
    auto descriptor = blob.descriptor();
    descriptor.annotations["org.opencontainers.image.title"] = name;
    builder.layer_descriptor(std::move(descriptor));
    blobs.push_back(std::move(blob));
  }
  auto package = builder.build();
  for (auto& blob : blobs) package.blobs.push_back(std::move(blob));
  return package;
}

}  // namespace referee::certificate
