#include "referee/conformance/runner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <set>
#include <utility>

#include "judge.hpp"
#include "referee/conformance/replay.hpp"
#include "referee/distribution/journal.hpp"
#include "referee/http/recording.hpp"
#include "referee/http/url.hpp"
#include "referee/oci/words.hpp"
#include "shards.hpp"
#include "supervisor.hpp"

namespace referee::conformance {
namespace {

using Clock = std::chrono::steady_clock;
using Unjudgeable = distribution::Unjudgeable;

constexpr std::chrono::milliseconds kTick{250};

/// The credential of the target's host, found once: workers get what they need on their pipe.
tl::expected<std::optional<http::Credential>, Unjudgeable> find_credential(const Connection& connection,
                                                                           const std::string& host) {
  if (connection.anonymous) return std::nullopt;
  http::CredentialSources sources = connection.credentials;
  if (sources.host.empty()) sources.host = host;
  const auto store = http::load_credentials(sources);
  if (!store) return tl::unexpected(Unjudgeable{store.error()});
  return *store == nullptr ? std::nullopt : (*store)->find(sources.host);
}

/// What the probe's client records into or is answered by.
struct Tape {
  std::shared_ptr<http::RecordingWriter> writer;
  std::shared_ptr<http::Player> player;
};

tl::expected<Tape, std::string> load_tape(const RunOptions& options, http::ClientOptions& settings) {
  Tape tape;
  if (!options.record.empty()) {
    auto writer = http::RecordingWriter::open(options.record);
    if (!writer) return tl::unexpected(writer.error());
    settings.record = tape.writer = std::move(*writer);
    tape.writer->begin(std::string(kProbePart));
  }
  if (!options.replay.empty()) {
    auto recording = http::Recording::read(options.replay);
    if (!recording) return tl::unexpected(recording.error());
    settings.replay = tape.player = std::make_shared<http::Player>(std::move(*recording));
    if (!tape.player->begin(kProbePart)) return tl::unexpected(std::string("the recording has no probe"));
  }
  return tape;
}

tl::expected<void, std::string> end_tape(const Tape& tape) {
  if (tape.writer) return tape.writer->end();
  if (!tape.player) return {};
  if (auto missing = tape.player->missing()) return tl::unexpected("the probe cannot be replayed: " + *missing);
  if (const auto left = tape.player->left(); left > 0) {
    return tl::unexpected(
        fmt::format("the probe cannot be replayed: it did not ask for {}", oci::counted(left, "recorded answer")));
  }
  return {};
}

/// Asks for the target's capabilities; counts its requests.
tl::expected<distribution::Capabilities, Unjudgeable> probe_target(const RunOptions& options,
                                                                   std::set<distribution::Capability> proposals,
                                                                   const Assignment& assignment,
                                                                   const std::function<bool()>& interrupted,
                                                                   std::size_t& requests) {
  std::unique_ptr<distribution::Journal> journal;
  if (!options.journal.empty()) {
    auto opened = distribution::Journal::open(options.journal);
    if (!opened) return tl::unexpected(Unjudgeable{opened.error()});
    journal = std::move(*opened);
  }
  std::atomic<std::size_t> count{0};
  auto client_settings = client_options(options.connection, options.check_timeout);
  if (assignment.credential) {
    client_settings.credentials = http::fixed_credential(assignment.host, *assignment.credential);
  }
  client_settings.cancelled = interrupted;
  client_settings.sink = [&count](const http::Exchange& exchange) {
    if (exchange.purpose == http::Purpose::kRequest) ++count;
  };
  auto tape = load_tape(options, client_settings);
  if (!tape) return tl::unexpected(Unjudgeable{tape.error()});
  auto client = std::make_shared<http::Client>(std::move(client_settings));
  // A probe asks for as much as a few checks do.
  client->set_deadline(Clock::now() + options.check_timeout * 2);
  distribution::Registry registry(client, options.connection.url, journal.get());

  distribution::ProbeOptions probe;
  const auto& fixed = options.fixed_repositories;
  probe.fresh_repositories = fixed.empty();
  probe.repository =
      fixed.empty() ? fmt::format("{}/{}/probe", options.name_space, run_name(options.seed)) : fixed.front();
  probe.second_repository = fixed.empty() ? probe.repository + "-other" : fixed.back();
  probe.seed = options.seed;
  probe.tag_prefix = "probe-" + run_name(options.seed);
  probe.proposals = std::move(proposals);
  auto capabilities = distribution::probe(registry, probe);
  if (auto ended = end_tape(*tape); !ended) return tl::unexpected(Unjudgeable{ended.error()});
  if (capabilities && !fixed.empty()) {
    (*capabilities)[distribution::Capability::kFreshRepositories] = {
        false, "the run was told to use fixed repositories", {}};
  }
  requests = count;
  return capabilities;
}

/// The interfaces of proposals that some of the checks need: nobody else's run asks for them.
std::set<distribution::Capability> needed_proposals(const Catalogue& catalogue, const std::vector<std::string>& ids) {
  const auto optional = distribution::proposal_capabilities();
  std::set<distribution::Capability> needed;
  for (const auto& id : ids) {
    for (const auto capability : catalogue.find(id)->needs) {
      if (std::ranges::find(optional, capability) != optional.end()) needed.insert(capability);
    }
  }
  return needed;
}

/// Whether the target has a control port, if some of the checks need one.
void note_control_port(const Catalogue& catalogue, const std::vector<std::string>& ids, const Connection& connection,
                       distribution::Capabilities& capabilities) {
  const bool needed = std::ranges::any_of(ids, [&](const std::string& id) {
    return std::ranges::find(catalogue.find(id)->needs, distribution::Capability::kControl) !=
           catalogue.find(id)->needs.end();
  });
  if (!needed) return;
  const bool there = connection.embedded.has_value();
  capabilities[distribution::Capability::kControl] = {
      there, there ? "the run started the target itself" : "the target is not an `embedded:` one", {}};
}

/// Gathers raw results from the shards and gives each check its verdict as soon as nothing can change it any more.
class Bench {
 public:
  Bench(const Catalogue& catalogue, const Ledger& ledger, const RunEvents& events, Run& run,
        std::vector<std::string> ids)
      : catalogue_(catalogue),
        events_(events),
        run_(run),
        judge_(catalogue, ledger, run.info.spec, run.info.capabilities),
        ids_(std::move(ids)) {
    for (std::size_t index = 0; index < catalogue.all().size(); ++index) place_[catalogue.all()[index].id] = index;
  }

  [[nodiscard]] std::vector<std::string> runnable() const {
    std::vector<std::string> taken;
    for (const auto& id : ids_) {
      if (judge_.supported(*catalogue_.find(id))) taken.push_back(id);
    }
    return taken;
  }

  void expect(const Shards& shards) {
    owner_ = shards.owner;
    for (const auto& list : shards.ids) {
      for (const auto& id : list) ++pending_[id];
    }
    settle();
  }

  void finished(std::size_t shard, RawResult result) {
    run_.info.requests += result.requests;
    --pending_[result.id];
    const std::string id = result.id;
    const auto known = raw_.find(id);
    if (known == raw_.end()) {
      raw_.emplace(id, std::move(result));
    } else if (worse_outcome(known->second.outcome, result.outcome) ||
               (known->second.outcome == result.outcome && owner_.at(id) == shard)) {
      known->second = std::move(result);
    }
    settle();
  }

  void skipped(const std::string& id) {
    --pending_[id];
    settle();
  }

 private:
  /// Judges what can be judged, prerequisites first.
  void settle() {
    for (const auto& id : ids_) {
      if (judged_.contains(id) || pending_[id] > 0) continue;
      const auto found = raw_.find(id);
      auto result = judge_.judge(*catalogue_.find(id), found == raw_.end() ? nullptr : &found->second);
      if (!result) continue;
      judged_.insert(id);
      if (found != raw_.end()) raw_.erase(found);
      const auto before = [this](const CheckResult& a, const CheckResult& b) {
        return place_[a.raw.id] < place_[b.raw.id];
      };
      const auto at = std::ranges::lower_bound(run_.checks, *result, before);
      const auto placed = run_.checks.insert(at, std::move(*result));
      if (events_.finished) events_.finished(run_, *placed);
    }
  }

  const Catalogue& catalogue_;
  const RunEvents& events_;
  Run& run_;
  Judge judge_;
  std::vector<std::string> ids_;  ///< prerequisites first
  std::map<std::string, std::size_t> place_;
  std::map<std::string, std::size_t> owner_;
  std::map<std::string, int> pending_;
  std::map<std::string, RawResult> raw_;
  std::set<std::string> judged_;
};

RunInfo describe(const RunOptions& options, std::size_t selected) {
  RunInfo info;
  info.tool_version = REFEREE_VERSION;
  info.commit = options.commit;
  info.target = options.target;
  info.url = options.connection.url;
  info.name_space = options.name_space;
  info.repositories = options.fixed_repositories;
  info.spec = options.spec;
  info.strict = options.strict;
  info.seed = options.seed;
  info.jobs = options.jobs;
  info.started = std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
  info.selected = selected;
  return info;
}

Assignment common_assignment(const RunOptions& options) {
  Assignment assignment;
  assignment.connection = options.connection;
  assignment.host = options.connection.credentials.host.empty() ? http::authority(options.connection.url)
                                                                : options.connection.credentials.host;
  assignment.name_space = options.name_space;
  assignment.fixed_repositories = options.fixed_repositories;
  assignment.seed = options.seed;
  assignment.check_timeout = options.check_timeout;
  assignment.journal = options.journal;
  assignment.record = options.record;
  assignment.replay = options.replay;
  assignment.keep_exchanges = options.keep_exchanges;
  assignment.scale = options.scale;
  assignment.fresh_registries = options.fresh_registries;
  assignment.executable = options.executable;
  return assignment;
}

}  // namespace

tl::expected<Run, distribution::Unjudgeable> run(const Catalogue& catalogue, const Ledger& ledger,
                                                 const RunOptions& options, const RunEvents& events,
                                                 const std::function<bool()>& interrupted) {
  const auto begun = Clock::now();
  const auto ids = catalogue.with_prerequisites(options.checks);
  Run run;
  run.info = describe(options, ids.size());
  run.info.suite = suite_digest(catalogue, ledger);
  if (!options.record.empty()) {
    auto created = http::RecordingWriter::create(options.record, recording_head(options, run.info));
    if (!created) return tl::unexpected(Unjudgeable{created.error()});
  }
  Assignment assignment = common_assignment(options);
  auto credential = find_credential(options.connection, assignment.host);
  if (!credential) return tl::unexpected(credential.error());
  assignment.credential = std::move(*credential);
  tl::expected<distribution::Capabilities, Unjudgeable> capabilities;
  if (options.capabilities) {
    capabilities = *options.capabilities;
  } else {
    capabilities = probe_target(options, needed_proposals(catalogue, ids), assignment, interrupted, run.info.requests);
    // What was found out says nothing then, not even an error.
    if (interrupted && interrupted()) {
      run.info.seconds = std::chrono::duration<double>(Clock::now() - begun).count();
      return run;
    }
  }
  if (!capabilities) return tl::unexpected(capabilities.error());
  note_control_port(catalogue, ids, options.connection, *capabilities);
  run.info.capabilities = *capabilities;
  assignment.capabilities = std::move(*capabilities);
  if (events.started) events.started(run.info);

  Bench bench(catalogue, ledger, events, run, ids);
  const Shards shards = make_shards(catalogue, bench.runnable(), options.jobs);
  bench.expect(shards);
  Supervisor supervisor({std::move(assignment), options.executable, options.grace}, shards,
                        {[&](std::size_t shard, RawResult result) { bench.finished(shard, std::move(result)); },
                         [&](std::size_t, const std::string& id) { bench.skipped(id); }});
  const auto tick = [&] {
    run.info.seconds = std::chrono::duration<double>(Clock::now() - begun).count();
    if (events.tick) events.tick(run);
  };
  auto next_tick = Clock::now();
  bool stopped = false;
  for (bool going = true; going && !stopped; stopped = interrupted && interrupted()) {
    going = supervisor.step(std::chrono::milliseconds(100));
    if (Clock::now() < next_tick) continue;
    tick();
    next_tick = Clock::now() + kTick;
  }
  supervisor.stop();
  run.info.complete = run.checks.size() == ids.size();
  tick();
  return run;
}

}  // namespace referee::conformance
