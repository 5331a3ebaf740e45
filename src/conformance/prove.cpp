#include "referee/conformance/prove.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <mutex>
#include <set>

#include "pattern.hpp"
#include "proof.hpp"
#include "referee/conformance/target.hpp"
#include "referee/oci/words.hpp"
#include "referee/registry/profile.hpp"
#include "text.hpp"

namespace referee::conformance {
namespace {

using Deviations = std::vector<const registry::DeviationInfo*>;

/// What is done on one profile.
struct Round {
  std::string profile;
  std::vector<std::string> ids;  ///< checks that must hold there
  Deviations deviations;
};

bool has(const std::vector<std::string>& list, std::string_view item) {
  return std::ranges::find(list, item) != list.end();
}

/// Stories measure protocols and fail nobody: a legal variant cannot be punished by one.
bool measures(const Check& check) {
  return has(check.tags, "story");
}

/// Faults that a round has to go through when none are named: few checks cannot be asked to notice what others are for,
/// but what nobody at all is for must show.
bool due(const registry::DeviationInfo& deviation, const Round& round, const Catalogue& catalogue) {
  if (deviation.kind == registry::DeviationKind::kVariant) {
    return std::ranges::any_of(round.ids, [&](const std::string& id) { return !measures(*catalogue.find(id)); });
  }
  const auto names_it = [&](const Check& check) { return has(check.kills, deviation.name); };
  if (std::ranges::any_of(round.ids, [&](const std::string& id) { return names_it(*catalogue.find(id)); })) return true;
  return has(deviation.profiles, round.profile) && std::ranges::none_of(catalogue.all(), names_it);
}

/// Fills in the faults and variants of each round. A pattern that matches nothing in any of them is an error.
tl::expected<void, std::string> choose(const ProveOptions& options, const Catalogue& catalogue,
                                       std::vector<Round>& rounds) {
  const auto& patterns = options.faults;
  std::vector<bool> used(patterns.size(), false);
  std::vector<std::string> names;
  std::vector<std::string> profiles;
  for (auto& round : rounds) {
    profiles.push_back(round.profile);
    for (const auto& deviation : registry::deviations()) {
      if (!deviation.belongs_to(round.profile) || deviation.kind == registry::DeviationKind::kLie) continue;
      if (!options.variants && deviation.kind == registry::DeviationKind::kVariant) continue;
      names.push_back(deviation.name);
      bool wanted = patterns.empty() && due(deviation, round, catalogue);
      for (std::size_t index = 0; index < patterns.size(); ++index) {
        if (!glob_match(patterns[index], deviation.name)) continue;
        used[index] = true;
        wanted = true;
      }
      if (wanted) round.deviations.push_back(&deviation);
    }
  }
  for (std::size_t index = 0; index < patterns.size(); ++index) {
    if (used[index]) continue;
    return tl::unexpected(fmt::format("no fault or variant of {} matches {}{}", fmt::join(profiles, ", "),
                                      in_quotes(patterns[index]), oci::did_you_mean(patterns[index], names)));
  }
  return {};
}

/// Runs the suite against the reference registry with one deviation, or none, again and again.
class Prover {
 public:
  Prover(const Catalogue& catalogue, const Ledger& ledger, const ProveOptions& options, const Round& round)
      : catalogue_(catalogue), ledger_(ledger), options_(options), round_(round) {}

  /// On the clean registry; its capabilities stand in where a fault breaks the probe.
  Execution clean() { return execute({}, round_.ids, options_.jobs); }
  Execution with(const registry::DeviationInfo& deviation) { return execute({deviation.name}, wanted(deviation), 1); }

 private:
  /// Slow checks run under a fault only if they name it, or if nobody does: they would take most of the time.
  [[nodiscard]] std::vector<std::string> wanted(const registry::DeviationInfo& deviation) const {
    const auto names_it = [&](const std::string& id) { return has(catalogue_.find(id)->kills, deviation.name); };
    const bool variant = deviation.kind == registry::DeviationKind::kVariant;
    if (!variant && std::ranges::none_of(round_.ids, names_it)) return round_.ids;
    std::vector<std::string> taken;
    if (variant) {
      std::ranges::copy_if(round_.ids, std::back_inserter(taken),
                           [&](const std::string& id) { return !measures(*catalogue_.find(id)); });
      return taken;
    }
    std::vector<std::string> named;
    std::ranges::copy_if(round_.ids, std::back_inserter(named), names_it);
    const auto needed = catalogue_.with_prerequisites(named);
    for (const auto& id : round_.ids) {
      const bool beside = !options_.named_only && !has(catalogue_.find(id)->tags, "slow");
      if (has(needed, id) || beside) taken.push_back(id);
    }
    return taken;
  }

  Execution execute(std::vector<std::string> deviations, const std::vector<std::string>& ids, int jobs) {
    Execution execution;
    EmbeddedServer::Options server_options;
    server_options.executable = options_.executable;
    server_options.profile = round_.profile;
    server_options.deviations = std::move(deviations);
    const auto server = EmbeddedServer::start(server_options);
    if (!server) {
      execution.trouble = server.error();
      return execution;
    }
    RunOptions run_options = settings(**server, ids, jobs);
    auto run = conformance::run(catalogue_, ledger_, run_options, {});
    if (!run && capabilities_) {
      run_options.capabilities = capabilities_;
      run = conformance::run(catalogue_, ledger_, run_options, {});
    }
    if (!run) {
      execution.trouble = run.error().message;
      return execution;
    }
    if (server_options.deviations.empty()) capabilities_ = run->info.capabilities;
    return judge_execution(catalogue_, ledger_, ids, *run);
  }

  [[nodiscard]] RunOptions settings(const EmbeddedServer& server, const std::vector<std::string>& ids, int jobs) const {
    RunOptions settings;
    settings.connection.url = server.url();
    settings.connection.embedded = server.facts();
    settings.connection.anonymous = true;
    // The reference registry answers in milliseconds: what is silent for long has a fault.
    settings.connection.silence_timeout = std::chrono::milliseconds(4000);
    // Stories start registries of their own, which a busy machine may take seconds for.
    const bool stories =
        std::ranges::all_of(ids, [&](const std::string& id) { return measures(*catalogue_.find(id)); });
    settings.check_timeout = std::chrono::milliseconds(stories ? 60000 : 15000);
    settings.target = "embedded:" + round_.profile;
    settings.spec = Spec::kMain;
    settings.seed = options_.seed;
    settings.jobs = jobs;
    settings.checks = ids;
    settings.keep_exchanges = false;
    settings.scale = "proof";
    settings.executable = options_.executable;
    return settings;
  }

  const Catalogue& catalogue_;
  const Ledger& ledger_;
  const ProveOptions& options_;
  const Round& round_;
  std::optional<distribution::Capabilities> capabilities_;  ///< written by clean() alone, before with()
};

std::string describe(const FaultRow& row) {
  const std::size_t caught = row.caught_by.size() + row.extra.size();
  if (!row.missed_by.empty()) return fmt::format("{}: missed by {}", row.fault, fmt::join(row.missed_by, ", "));
  return fmt::format("{}: {}", row.fault, caught == 0 ? "goes unnoticed" : fmt::format("caught by {}", caught));
}

std::string describe(const VariantRow& row) {
  return fmt::format("{}: {}", row.variant,
                     row.failed.empty() ? "fails nothing" : fmt::format("fails {}", fmt::join(row.failed, ", ")));
}

/// What a check shares its body with: itself, but the cells of one story have one body. What a protocol decides alone
/// no registry can change.
std::string body_of(const Catalogue& catalogue, const std::string& id) {
  return measures(*catalogue.find(id)) ? id.substr(0, id.rfind('/')) : id;
}

/// Checks that caught none of the faults.
std::vector<std::string> idle(const Catalogue& catalogue, const std::vector<std::string>& ids,
                              const std::vector<FaultRow>& rows) {
  std::set<std::string> busy;
  for (const auto& row : rows) {
    for (const auto& id : row.caught_by) busy.insert(body_of(catalogue, id));
    for (const auto& id : row.extra) busy.insert(body_of(catalogue, id));
  }
  std::vector<std::string> idle;
  std::ranges::copy_if(ids, std::back_inserter(idle),
                       [&](const auto& id) { return !busy.contains(body_of(catalogue, id)); });
  return idle;
}

/// All checks, or the chosen ones; an unknown id is an error.
tl::expected<std::vector<std::string>, std::string> chosen_checks(const Catalogue& catalogue,
                                                                  const std::vector<std::string>& wanted) {
  std::vector<std::string> ids;
  for (const auto& check : catalogue.all()) {
    if (wanted.empty() || has(wanted, check.id)) ids.push_back(check.id);
  }
  for (const auto& id : wanted) {
    if (catalogue.find(id) == nullptr) return tl::unexpected(fmt::format("there is no check {}", in_quotes(id)));
  }
  return ids;
}

/// One round for each profile on which some of the checks must hold.
tl::expected<std::vector<Round>, std::string> plan(const Catalogue& catalogue, const std::vector<std::string>& ids,
                                                   const std::string& only) {
  std::vector<Round> rounds;
  for (const auto& profile : catalogue.profiles(ids)) {
    if (!only.empty() && profile != only) continue;
    Round round{profile, {}, {}};
    std::ranges::copy_if(ids, std::back_inserter(round.ids),
                         [&](const std::string& id) { return catalogue.find(id)->holds_on(profile); });
    rounds.push_back(std::move(round));
  }
  if (rounds.empty())
    return tl::unexpected(fmt::format("no selected check has to hold on the profile {}", in_quotes(only)));
  return rounds;
}

/// Tells how far it is; the lines of several threads do not mix.
class Reporter {
 public:
  Reporter(const std::function<void(const std::string&)>& progress, const std::vector<Round>& rounds)
      : progress_(progress), name_profiles_(rounds.size() > 1) {
    for (const auto& round : rounds) steps_ += round.deviations.size() + 1;
  }
  void say(const Round& round, const std::string& line) {
    const std::lock_guard lock(mutex_);
    ++done_;
    if (progress_) {
      progress_(fmt::format("[{}/{}] {}{}", done_, steps_, name_profiles_ ? round.profile + ": " : "", line));
    }
  }

 private:
  const std::function<void(const std::string&)>& progress_;
  bool name_profiles_;
  std::mutex mutex_;
  std::size_t done_ = 0;
  std::size_t steps_ = 0;
};

void add_unique(std::vector<std::string>& list, const std::vector<std::string>& more) {
  std::ranges::copy_if(more, std::back_inserter(list), [&](const std::string& item) { return !has(list, item); });
}

/// Goes through one profile and adds what it shows to the proof. Fails if the clean registry cannot be run.
tl::expected<void, std::string> go_through(const Round& round, const Catalogue& catalogue, const Ledger& ledger,
                                           const ProveOptions& options, Reporter& reporter, Proof& proof) {
  Prover prover(catalogue, ledger, options, round);
  const Execution clean = prover.clean();
  if (!clean.trouble.empty()) return tl::unexpected(clean.trouble);
  const auto failures = clean_failures(clean);
  add_unique(proof.reference_failures, failures);
  reporter.say(round, failures.empty() ? std::string("clean: everything holds")
                                       : fmt::format("clean: does not hold: {}", fmt::join(failures, ", ")));

  const auto& deviations = round.deviations;
  std::vector<std::optional<FaultRow>> faults(deviations.size());
  std::vector<std::optional<VariantRow>> variants(deviations.size());
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t index = next++; index < deviations.size(); index = next++) {
      const auto& deviation = *deviations[index];
      const Execution execution = prover.with(deviation);
      const std::string trouble = execution.trouble.empty() ? "" : " (" + execution.trouble + ")";
      if (deviation.kind == registry::DeviationKind::kFault) {
        auto& row = faults[index].emplace(judge_fault(catalogue, round.ids, deviation.name, clean, execution));
        row.profile = round.profile;
        reporter.say(round, describe(row) + trouble);
      } else {
        auto& row = variants[index].emplace(judge_variant(round.ids, deviation.name, clean, execution));
        row.profile = round.profile;
        reporter.say(round, describe(row));
      }
    }
  };
  std::vector<std::future<void>> threads;
  for (int index = 0; index < std::clamp(options.jobs, 1, 64); ++index) {
    threads.push_back(std::async(std::launch::async, work));
  }
  for (auto& thread : threads) thread.get();

  for (auto& row : faults) {
    if (row) proof.faults.push_back(std::move(*row));
  }
  for (auto& row : variants) {
    if (row) proof.variants.push_back(std::move(*row));
  }
  return {};
}

}  // namespace

tl::expected<Proof, std::string> prove(const Catalogue& catalogue, const Ledger& ledger, const ProveOptions& options,
                                       const std::function<void(const std::string&)>& progress) {
  const auto ids = chosen_checks(catalogue, options.checks);
  if (!ids) return tl::unexpected(ids.error());
  auto rounds = plan(catalogue, *ids, options.profile);
  if (!rounds) return tl::unexpected(rounds.error());
  if (auto chosen = choose(options, catalogue, *rounds); !chosen) return tl::unexpected(chosen.error());

  Reporter reporter(progress, *rounds);
  Proof proof;
  std::vector<std::string> tried;
  for (const auto& round : *rounds) {
    proof.profiles.push_back(round.profile);
    add_unique(tried, round.ids);
    if (auto done = go_through(round, catalogue, ledger, options, reporter, proof); !done) {
      return tl::unexpected(done.error());
    }
  }
  if (options.faults.empty()) proof.idle_checks = idle(catalogue, tried, proof.faults);
  return proof;
}

}  // namespace referee::conformance
