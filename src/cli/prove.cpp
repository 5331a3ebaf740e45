#include "referee/conformance/prove.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "commands.hpp"
#include "matrix/imitated.hpp"
#include "referee/imitation/imitation.hpp"
#include "referee/oci/words.hpp"
#include "referee/registry/profile.hpp"

namespace referee::cli {
namespace {

constexpr const char* kRuntimes = "runtimes";
constexpr const char* kClients = "clients";

using conformance::Proof;
using Json = nlohmann::ordered_json;

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

Json to_json(const Proof& proof) {
  Json faults = Json::array();
  for (const auto& row : proof.faults) {
    faults.push_back({{"fault", row.fault},
                      {"profile", row.profile},
                      {"caught_by", row.caught_by},
                      {"missed_by", row.missed_by},
                      {"extra", row.extra}});
  }
  Json variants = Json::array();
  for (const auto& row : proof.variants)
    variants.push_back({{"variant", row.variant}, {"profile", row.profile}, {"failed", row.failed}});
  return {{"schema", "referee/proof/1"},
          {"holds", proof.holds()},
          {"reference_failures", proof.reference_failures},
          {"faults", faults},
          {"variants", variants},
          {"idle_checks", proof.idle_checks}};
}

void print_matrix(const Proof& proof) {
  // A proof on one profile need not repeat its name on each line.
  const auto on = [&](const std::string& profile) { return proof.profiles.size() > 1 ? "  (" + profile + ")" : ""; };
  for (const auto& id : proof.reference_failures)
    say(stdout, "NOT CLEAN  {} does not pass on the reference registry\n", id);
  for (const auto& row : proof.faults) {
    const bool noticed = !row.caught_by.empty() || !row.extra.empty();
    const bool sound = noticed && row.missed_by.empty();
    say(stdout, "{}  {}{}\n", sound ? "caught " : "MISSED ", row.fault, on(row.profile));
    if (!row.caught_by.empty()) say(stdout, "           by {}\n", joined(row.caught_by));
    if (!row.extra.empty()) say(stdout, "           also {}\n", joined(row.extra));
    if (!row.missed_by.empty()) say(stdout, "           NOT by {}\n", joined(row.missed_by));
  }
  for (const auto& row : proof.variants) {
    say(stdout, "{}  {}{}\n", row.failed.empty() ? "legal  " : "MINDED ", row.variant, on(row.profile));
    if (!row.failed.empty()) say(stdout, "           by {}\n", joined(row.failed));
  }
  for (const auto& id : proof.idle_checks) say(stdout, "IDLE       {} catches no fault\n", id);
}

/// The suites `runtimes` and `clients`: not checks of a registry, but contents and scenarios that tell bad ones apart.
ExitCode prove_imitations(const ProveCommand& command, bool clients) {
  suites::matrix::ImitationProofOptions options;
  options.faults = command.faults;
  options.seed = command.seed;
  options.jobs = command.jobs;
  options.interrupted = interrupted;
  watch_interrupts();
  const auto progress = [](const std::string& line) { say(stderr, "{}\n", line); };
  const auto proof = clients ? suites::matrix::prove_clients(options, progress)
                             : suites::matrix::prove_runtimes(options, conformance::Ledger::builtin(), progress);
  if (!proof) {
    std::vector<std::string> names;
    for (const auto& one : imitation::imitations()) names.push_back(one.name);
    return refuse(selection_code(command.faults, names, ExitCode::kUsage), proof.error());
  }
  if (interrupted()) return refuse(ExitCode::kInterrupted, "interrupted");
  if (command.json) {
    say(stdout, "{}\n", to_json(*proof).dump(2));
    return proof->holds() ? ExitCode::kOk : ExitCode::kFailed;
  }
  print_matrix(*proof);
  const auto missed = std::ranges::count_if(proof->faults, [](const auto& row) { return row.caught_by.empty(); });
  say(stdout, "\n{}: {} with a defect ({} missed), {} on which the sound one is not right\n",
      proof->holds() ? "proved" : "NOT proved", oci::counted(proof->faults.size(), "imitation"), missed,
      oci::counted(proof->reference_failures.size(), clients ? "scenario" : "content"));
  return proof->holds() ? ExitCode::kOk : ExitCode::kFailed;
}

}  // namespace

ExitCode run_prove(const ProveCommand& command) {
  if (command.selection.suites == std::vector<std::string>{kRuntimes}) return prove_imitations(command, false);
  if (command.selection.suites == std::vector<std::string>{kClients}) return prove_imitations(command, true);
  if (!command.profile.empty() && registry::find_profile(command.profile) == nullptr) {
    return refuse(ExitCode::kUsage, unknown_profile(command.profile));
  }
  const auto& catalogue = sound_catalogue();
  const auto& ledger = conformance::Ledger::builtin();
  // Judged by main, which is what the reference registry implements.
  const auto ids = catalogue.select(command.selection, ledger, conformance::Spec::kMain);
  if (!ids) {
    // They are no suites of the catalogue: imitations prove them.
    const bool suite = ids.error().starts_with("there is no suite") && !ids.error().ends_with("?");
    return refuse(
        selection_code(command.selection),
        suite ? fmt::format("{}; `prove` also takes {} or {}, alone", ids.error(), kRuntimes, kClients) : ids.error());
  }
  if (ids->empty()) return refuse(ExitCode::kNothingSelected, "no check is selected; `referee list` shows them all");

  conformance::ProveOptions options;
  options.profile = command.profile;
  options.faults = command.faults;
  options.variants = !command.faults_only;
  options.named_only = command.named_only;
  options.checks = *ids;
  options.jobs = command.jobs;
  options.seed = command.seed;
  const auto proof =
      conformance::prove(catalogue, ledger, options, [](const std::string& line) { say(stderr, "{}\n", line); });
  if (!proof) {
    std::vector<std::string> names;
    for (const auto& deviation : registry::deviations()) names.push_back(deviation.name);
    return refuse(selection_code(command.faults, names, ExitCode::kUsage), proof.error());
  }

  if (command.json) {
    say(stdout, "{}\n", to_json(*proof).dump(2));
    return proof->holds() ? ExitCode::kOk : ExitCode::kFailed;
  }
  print_matrix(*proof);
  std::size_t missed = 0;
  for (const auto& row : proof->faults)
    missed += (row.caught_by.empty() && row.extra.empty()) || !row.missed_by.empty() ? 1 : 0;
  const auto tried = std::ranges::count_if(*ids, [&](const std::string& id) {
    const auto& check = *catalogue.find(id);
    return std::ranges::any_of(proof->profiles, [&](const std::string& profile) { return check.holds_on(profile); });
  });
  std::size_t minded = 0;
  for (const auto& row : proof->variants) minded += row.failed.empty() ? 0 : 1;
  say(stdout, "\n{}: {}, {} ({} missed), {} ({} minded), {} not clean, {} idle\n",
      proof->holds() ? "proved" : "NOT proved", oci::counted(tried, "check"),
      oci::counted(proof->faults.size(), "fault"), missed, oci::counted(proof->variants.size(), "legal variant"),
      minded, proof->reference_failures.size(), proof->idle_checks.size());
  return proof->holds() ? ExitCode::kOk : ExitCode::kFailed;
}

}  // namespace referee::cli
