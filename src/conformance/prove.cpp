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
#include "referee/registry/profile.hpp"
#include "text.hpp"

namespace referee::conformance {
namespace {

using Deviations = std::vector<const registry::DeviationInfo*>;

/// Faults and variants of the profile that the patterns name.
tl::expected<Deviations, std::string> choose(const std::vector<std::string>& patterns, const std::string& profile) {
  Deviations chosen;
  std::vector<bool> used(patterns.size(), false);
  std::vector<std::string> names;
  for (const auto& deviation : registry::deviations()) {
    if (!deviation.belongs_to(profile)) continue;
    names.push_back(deviation.name);
    bool wanted = patterns.empty();
    for (std::size_t index = 0; index < patterns.size(); ++index) {
      if (!glob_match(patterns[index], deviation.name)) continue;
      used[index] = true;
      wanted = true;
    }
    if (wanted) chosen.push_back(&deviation);
  }
  for (std::size_t index = 0; index < patterns.size(); ++index) {
    if (used[index]) continue;
    const auto near = nearest(patterns[index], names);
    return tl::unexpected(fmt::format("no fault or variant of {} matches {}{}", profile, in_quotes(patterns[index]),
                                      near.empty() ? "" : fmt::format("; did you mean `{}`?", near)));
  }
  return chosen;
}

bool has(const std::vector<std::string>& list, std::string_view item) {
  return std::ranges::find(list, item) != list.end();
}

/// Runs the suite against the reference registry with one deviation, or none, again and again.
class Prover {
 public:
  Prover(const Catalogue& catalogue, const Ledger& ledger, const ProveOptions& options, std::vector<std::string> ids)
      : catalogue_(catalogue), ledger_(ledger), options_(options), ids_(std::move(ids)) {}

  [[nodiscard]] const std::vector<std::string>& ids() const { return ids_; }

  /// On the clean registry; its capabilities stand in where a fault breaks the probe.
  Execution clean() { return execute({}, ids_, options_.jobs); }
  Execution with(const registry::DeviationInfo& deviation) { return execute({deviation.name}, wanted(deviation), 1); }

 private:
  /// Slow checks run under a fault only if they name it, or if nobody does: they would take most of the time.
  [[nodiscard]] std::vector<std::string> wanted(const registry::DeviationInfo& deviation) const {
    const auto names_it = [&](const std::string& id) { return has(catalogue_.find(id)->kills, deviation.name); };
    if (deviation.kind == registry::DeviationKind::kVariant || std::ranges::none_of(ids_, names_it)) {
      return ids_;
    }
    std::vector<std::string> taken;
    for (const auto& id : ids_) {
      if (names_it(id) || !has(catalogue_.find(id)->tags, "slow")) taken.push_back(id);
    }
    return taken;
  }

  Execution execute(std::vector<std::string> deviations, const std::vector<std::string>& ids, int jobs) {
    Execution execution;
    EmbeddedServer::Options server_options;
    server_options.executable = options_.executable;
    server_options.profile = options_.profile;
    server_options.deviations = std::move(deviations);
    const auto server = EmbeddedServer::start(server_options);
    if (!server) {
      execution.trouble = server.error();
      return execution;
    }
    RunOptions run_options = settings((*server)->url(), ids, jobs);
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

  [[nodiscard]] RunOptions settings(const std::string& url, const std::vector<std::string>& ids, int jobs) const {
    RunOptions settings;
    settings.connection.url = url;
    settings.connection.anonymous = true;
    // The reference registry answers in milliseconds: what is silent for long has a fault.
    settings.connection.silence_timeout = std::chrono::milliseconds(4000);
    settings.check_timeout = std::chrono::milliseconds(15000);
    settings.target = "embedded:" + options_.profile;
    settings.spec = Spec::kMain;
    settings.seed = options_.seed;
    settings.jobs = jobs;
    settings.checks = ids;
    settings.keep_exchanges = false;
    settings.executable = options_.executable;
    return settings;
  }

  const Catalogue& catalogue_;
  const Ledger& ledger_;
  const ProveOptions& options_;
  std::vector<std::string> ids_;
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

/// Checks that caught none of the faults.
std::vector<std::string> idle(const std::vector<std::string>& ids, const std::vector<FaultRow>& rows) {
  std::set<std::string> busy;
  for (const auto& row : rows) {
    busy.insert(row.caught_by.begin(), row.caught_by.end());
    busy.insert(row.extra.begin(), row.extra.end());
  }
  std::vector<std::string> idle;
  std::ranges::copy_if(ids, std::back_inserter(idle), [&](const auto& id) { return !busy.contains(id); });
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

}  // namespace

tl::expected<Proof, std::string> prove(const Catalogue& catalogue, const Ledger& ledger, const ProveOptions& options,
                                       const std::function<void(const std::string&)>& progress) {
  auto deviations = choose(options.faults, options.profile);
  if (!deviations) return tl::unexpected(deviations.error());
  auto ids = chosen_checks(catalogue, options.checks);
  if (!ids) return tl::unexpected(ids.error());
  if (!options.checks.empty() && options.faults.empty()) {
    // A few checks alone cannot be asked to notice what others are for.
    std::erase_if(*deviations, [&](const registry::DeviationInfo* deviation) {
      return deviation->kind == registry::DeviationKind::kFault &&
             std::none_of(ids->begin(), ids->end(),
                          [&](const std::string& id) { return has(catalogue.find(id)->kills, deviation->name); });
    });
  }

  std::mutex mutex;
  std::size_t done = 0;
  const std::size_t steps = deviations->size() + 1;
  const auto say = [&](const std::string& line) {
    const std::lock_guard lock(mutex);
    ++done;
    if (progress) progress(fmt::format("[{}/{}] {}", done, steps, line));
  };

  Prover prover(catalogue, ledger, options, std::move(*ids));
  const Execution clean = prover.clean();
  if (!clean.trouble.empty()) return tl::unexpected(clean.trouble);
  Proof proof;
  proof.reference_failures = clean_failures(clean);
  say(proof.reference_failures.empty()
          ? std::string("clean: everything holds")
          : fmt::format("clean: does not hold: {}", fmt::join(proof.reference_failures, ", ")));

  std::vector<std::optional<FaultRow>> faults(deviations->size());
  std::vector<std::optional<VariantRow>> variants(deviations->size());
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t index = next++; index < deviations->size(); index = next++) {
      const auto& deviation = *(*deviations)[index];
      const Execution execution = prover.with(deviation);
      const std::string trouble = execution.trouble.empty() ? "" : " (" + execution.trouble + ")";
      if (deviation.kind == registry::DeviationKind::kFault) {
        faults[index] = judge_fault(catalogue, prover.ids(), deviation.name, clean, execution);
        say(describe(*faults[index]) + trouble);
      } else {
        variants[index] = judge_variant(prover.ids(), deviation.name, clean, execution);
        say(describe(*variants[index]));
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
  if (options.faults.empty()) proof.idle_checks = idle(prover.ids(), proof.faults);
  return proof;
}

}  // namespace referee::conformance
