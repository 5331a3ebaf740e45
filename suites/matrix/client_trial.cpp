#include "client_trial.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "referee/oci/base64.hpp"
#include "referee/oci/layout.hpp"

namespace referee::suites::clients {
namespace {

using conformance::MatrixCell;
using conformance::Outcome;
using conformance::Standing;
using conformance::Verdict;

/// More requests than any of these lists and images needs.
constexpr std::size_t kMostRequests = 400;
constexpr std::uint64_t kLargestOutput = 64ULL << 20U;
/// How long the port may be in someone else's hands.
constexpr int kBindTries = 50;
constexpr std::chrono::milliseconds kBindPause{20};

std::optional<std::string> output_of(const std::string& path) {
  std::error_code failure;
  const auto size = std::filesystem::file_size(path, failure);
  if (failure || size > kLargestOutput) return std::nullopt;
  std::ifstream file(path, std::ios::binary);
  std::ostringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

bool save(const std::string& path, const std::string& text) {
  std::error_code failure;
  std::filesystem::create_directories(std::filesystem::path(path).parent_path(), failure);
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text << std::flush;
  const bool written = static_cast<bool>(file);
  ::chmod(path.c_str(), 0600);
  return written;
}

std::string docker_config(const registry::AuthOptions& auth, const std::string& registry) {
  const nlohmann::json json{
      {"auths", {{registry, {{"auth", oci::base64_encode(auth.username + ":" + auth.password)}}}}}};
  return json.dump() + "\n";
}

bool write_layout(const oci::Package& package, const std::string& folder) {
  const auto layout = oci::Layout::create(folder);
  if (!layout) return false;
  const bool blobs =
      std::ranges::all_of(package.blobs, [&](const oci::Content& blob) { return layout->put(blob).has_value(); });
  return blobs && layout->put(package.manifest) && layout->add(package.descriptor());
}

/// Two runs are to say the same: no port and no folder of this one.
void hide(std::string& text, const std::string& what, const char* with) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what)) text.replace(at, what.size(), with);
}

Verdict verdict_of(Standing standing, std::optional<conformance::Level> level) {
  switch (standing) {
    case Standing::kRight:
      return Verdict::kPass;
    case Standing::kAllowed:
      return Verdict::kObserved;
    case Standing::kWrong:
    case Standing::kFailed:
      return conformance::judge(Outcome::kBroken, level);
    case Standing::kTimeout:
    case Standing::kUnclear:
      return Verdict::kInconclusive;
    case Standing::kNotTried:
      break;
  }
  return Verdict::kUnsupported;
}

Finding judged(const ClientCheck& check, const Evidence& seen) {
  if (!check.bounded) {
    if (seen.step.timed_out) return {Standing::kTimeout, "it was cut off at the limit", {}};
    if (seen.endless) return {Standing::kTimeout, "it was cut off: it asked again and again", {}};
  }
  return check.judge(seen);
}

void count(MatrixCell& cell, const Evidence& seen) {
  cell.exit_code = seen.step.exit_code;
  cell.requests = seen.traffic.size();
  for (const auto& record : seen.traffic) cell.bytes += record.response_bytes;
  cell.seconds = seen.step.seconds;
  if (!seen.digests.empty()) cell.digest = seen.digests.front();
  if (!seen.step.ok()) cell.words = seen.step.words();
}

}  // namespace

bool Watch::must_end() {
  if (ground_ != nullptr && ground_->requests() > kMostRequests) endless_ = true;
  return endless_ || interrupted();
}

void Watch::follow(Ground* ground) {
  ground_ = ground;
  if (ground != nullptr) endless_ = false;
}

std::optional<conformance::Level> level_of(const ClientCheck& check, const conformance::Ledger& ledger) {
  const auto* requirement = ledger.find(check.requirements.front());
  if (requirement == nullptr) return std::nullopt;
  const auto level = requirement->level(conformance::Spec::kV1_1);
  return level ? level : requirement->level(conformance::Spec::kMain);
}

tl::expected<MatrixCell, std::string> ClientTrial::run(const ClientCheck& check) {
  MatrixCell cell;
  cell.column = session_.description().name;
  cell.row = check.id;
  if (check.operation && !session_.description().operations.contains(*check.operation)) {
    cell.why = fmt::format("it has no operation `{}`", name(*check.operation));
    return cell;
  }
  Finding finding;
  bool proven = true;
  if (check.twin) {
    auto* const content = check.twin_content == nullptr ? check.content : check.twin_content;
    const auto done = perform(check, *check.twin, content, "honest", [&](const Evidence& seen) {
      proven = seen.succeeded() && (seen.operation || !seen.digests.empty());
      if (proven) return;
      count(cell, seen);
      finding = unclear("it fails on an ordinary registry, too: its failure would prove nothing");
    });
    if (!done) return tl::unexpected(done.error());
  }
  if (proven) {
    const auto done = perform(check, check.scene, check.content, "", [&](const Evidence& seen) {
      count(cell, seen);
      finding = judged(check, seen);
    });
    if (!done) return tl::unexpected(done.error());
  }
  cell.standing = finding.standing;
  cell.verdict = verdict_of(finding.standing, level_of(check, settings_.ledger));
  cell.why = std::move(finding.why);
  cell.notes = std::move(finding.notes);
  const auto registry = fmt::format("127.0.0.1:{}", port_);
  for (auto* text : {&cell.words, &cell.why}) {
    hide(*text, session_.folder(), "DIR");
    hide(*text, registry, "REGISTRY");
    hide(*text, fmt::format("localhost:{}", port_), "OTHER-HOST");
  }
  return cell;
}

tl::expected<std::unique_ptr<Ground>, std::string> ClientTrial::ground_for(const Scene& scene,
                                                                           const Scenery& scenery) const {
  std::string why;
  for (int attempt = 0; attempt < kBindTries; ++attempt) {
    auto ground = Ground::make(scene, scenery, port_);
    if (ground || ground.error().find("cannot listen") == std::string::npos) return ground;
    why = ground.error();
    std::this_thread::sleep_for(kBindPause);
  }
  return tl::unexpected(why);
}

tl::expected<runtimes::Variables, std::string> ClientTrial::prepare(const Scene& scene, const Scenery& scenery,
                                                                    const std::string& folder) const {
  const auto registry = fmt::format("127.0.0.1:{}", port_);
  auto variables = scenery.call;
  for (const auto* name : {"type", "key", "value"}) variables.try_emplace(name, "");
  variables["reference"] = registry + "/" + scenery.reference;
  variables["target"] = scenery.target.empty() ? "" : registry + "/" + scenery.target;
  variables["output"] = folder + "/output";
  variables["file"] = folder + "/file";
  variables["layout"] = folder + "/layout";
  bool written = save(folder + "/file", variables["content"]);
  variables.erase("content");
  if (scenery.layout) written = written && write_layout(*scenery.layout, folder + "/layout");
  const auto config = session_.folder() + "/home/.docker/config.json";
  if (scene.auth && !scene.auth->username.empty()) {
    written = written && save(config, docker_config(*scene.auth, registry));
  }
  if (!written) return tl::unexpected(folder + " cannot be written");
  return variables;
}

void ClientTrial::work(const ClientCheck& check, const runtimes::Variables& variables, Evidence& seen) {
  for (int time = 0; time < check.times && !watch_.must_end(); ++time) {
    if (check.operation) {
      seen.step = session_.run(*check.operation, variables).value_or(runtimes::Step{});
    } else {
      auto result = session_.pull(variables.at("reference"), variables);
      seen.step = std::move(result.pull);
      seen.digests = std::move(result.digests);
    }
  }
}

tl::expected<void, std::string> ClientTrial::perform(const ClientCheck& check, const Scene& scene,
                                                     void (*content)(Maker&), const std::string& label,
                                                     const Judge& judge) {
  Maker maker(settings_.seed, check.id, label, settings_.platform);
  content(maker);
  const auto& scenery = maker.scenery();
  const auto ground = ground_for(scene, scenery);
  if (!ground) return tl::unexpected(ground.error());
  const auto folder = fmt::format("{}/client-{}", session_.folder(), ++rounds_);
  const auto variables = prepare(scene, scenery, folder);
  if (!variables) return tl::unexpected(variables.error());
  Evidence seen{scenery, check.operation, {}, {}, {}, std::nullopt, false, **ground};
  watch_.follow(ground->get());
  work(check, *variables, seen);
  seen.endless = watch_.endless();
  watch_.follow(nullptr);
  seen.traffic = (*ground)->traffic();
  if (check.operation == runtimes::Operation::kBlob) seen.output = output_of(variables->at("output"));
  judge(seen);
  std::error_code failure;
  std::filesystem::remove_all(folder, failure);
  std::filesystem::remove(session_.folder() + "/home/.docker/config.json", failure);
  return {};
}

}  // namespace referee::suites::clients
