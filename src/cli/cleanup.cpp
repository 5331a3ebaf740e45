#include "cleanup.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <thread>

#include "commands.hpp"
#include "referee/distribution/registry.hpp"
#include "referee/http/url.hpp"

namespace referee::cli {
namespace {

constexpr std::size_t kListed = 20;

distribution::CleanupReport untouched(const std::vector<distribution::JournalEntry>& entries) {
  distribution::CleanupReport report;
  for (const auto& entry : entries) report.left.push_back({entry, "interrupted before it was asked for", false});
  return report;
}

}  // namespace

distribution::CleanupReport parallel_cleanup(distribution::Registry& registry,
                                             const std::vector<distribution::JournalEntry>& entries, int threads) {
  // Order matters inside a repository only.
  std::map<std::string, std::vector<distribution::JournalEntry>> by_repository;
  for (const auto& entry : entries) by_repository[entry.repository].push_back(entry);
  std::vector<const std::vector<distribution::JournalEntry>*> groups;
  groups.reserve(by_repository.size());
  for (const auto& [name, group] : by_repository) groups.push_back(&group);

  std::mutex mutex;
  std::size_t next = 0;
  distribution::CleanupReport total;
  const auto work = [&] {
    for (;;) {
      const std::vector<distribution::JournalEntry>* group = nullptr;
      {
        const std::scoped_lock lock(mutex);
        if (next == groups.size()) return;
        group = groups[next++];
      }
      auto report = interrupted() ? untouched(*group) : distribution::cleanup(registry, *group);
      const std::scoped_lock lock(mutex);
      total.removed += report.removed;
      total.already_gone += report.already_gone;
      total.left.insert(total.left.end(), report.left.begin(), report.left.end());
    }
  };
  {
    std::vector<std::jthread> pool;
    for (int i = 0; i < threads; ++i) pool.emplace_back(work);
  }
  return total;
}

void print_cleanup(std::FILE* out, const distribution::CleanupReport& report, const std::string& journal) {
  if (report.left.empty()) {
    say(out, "cleaned up: {} removed, {} already gone\n", report.removed, report.already_gone);
    return;
  }
  const bool refused = std::ranges::all_of(report.left, &distribution::Leftover::refused);
  say(out, "cleaned up: {} removed, {} already gone, {} left{}:\n", report.removed, report.already_gone,
      report.left.size(), refused ? " because the registry refuses to delete them" : "");
  std::size_t shown = 0;
  for (const auto& left : report.left) {
    if (shown++ == kListed) {
      say(out, "  ... and {} more, listed in {}\n", report.left.size() - kListed, journal);
      break;
    }
    say(out, "  {} {} {}: {}\n", distribution::name(left.entry.kind), left.entry.repository, left.entry.reference,
        left.reason);
  }
}

ExitCode run_cleanup(const CleanupCommand& command) {
  const auto entries = distribution::read_journal(command.journal);
  if (!entries) return refuse(ExitCode::kUsage, entries.error());

  std::map<std::string, std::vector<distribution::JournalEntry>> by_registry;
  for (const auto& entry : *entries) by_registry[entry.registry].push_back(entry);

  watch_interrupts();
  distribution::CleanupReport total;
  for (const auto& [url, group] : by_registry) {
    http::ClientOptions options;
    options.tls = command.connection.tls;
    options.version = http_version(command.connection.http_version);
    auto sources = command.connection.credentials;
    sources.host = http::authority(url);
    auto credentials = http::load_credentials(sources);
    if (!credentials) return refuse(ExitCode::kUsage, credentials.error());
    options.credentials = *credentials;
    distribution::Registry registry(std::make_shared<http::Client>(options), url);
    if (const auto ping = registry.ping(); !ping) {
      return refuse(ExitCode::kUnjudgeable, fmt::format("{}: {}; nothing was removed there, the journal is unchanged",
                                                        url, ping.error().message));
    }
    auto report = parallel_cleanup(registry, group, kCleanupThreads);
    total.removed += report.removed;
    total.already_gone += report.already_gone;
    total.left.insert(total.left.end(), report.left.begin(), report.left.end());
  }
  if (const auto written = distribution::rewrite_journal(command.journal, total.left); !written) {
    return refuse(ExitCode::kUsage, written.error());
  }
  print_cleanup(stdout, total, command.journal);
  if (interrupted()) return refuse(ExitCode::kInterrupted, "interrupted; the journal holds what is left");
  return total.left.empty() ? ExitCode::kOk : ExitCode::kFailed;
}

}  // namespace referee::cli
