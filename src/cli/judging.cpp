#include "judging.hpp"

#include <fcntl.h>
#include <fmt/chrono.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <random>
#include <system_error>

#include "benchmarks/scenario.hpp"
#include "cleanup.hpp"
#include "referee/cli/version.hpp"
#include "referee/http/recording.hpp"
#include "referee/http/url.hpp"
#include "referee/registry/profile.hpp"
#include "referee/reports/progress.hpp"

namespace referee::cli {
namespace {

using conformance::CheckResult;
using conformance::Run;
using conformance::Verdict;

/// Reports on disk are never older than this while checks finish.
constexpr std::chrono::milliseconds kReportAge{1500};
constexpr const char* kDefaultFolders = "referee-results";

/// The files of one run: transcript as checks finish, reports at most kReportAge behind.
class ResultsFolder {
 public:
  ResultsFolder(std::string path, reports::Book book, const MoreReports& more)
      : path_(std::move(path)), book_(book), more_(more) {
    errno = 0;
    transcript_.open(file("transcript.jsonl"), std::ios::trunc);
    if (!transcript_) fail(fmt::format("cannot write {}: {}", file("transcript.jsonl"), std::strerror(errno)));
  }

  [[nodiscard]] std::string file(const std::string& name) const { return path_ + "/" + name; }

  void finished(const CheckResult& result) {
    transcript_ << reports::transcript_lines(result) << std::flush;
    dirty_ = true;
  }

  void tick(const Run& run) {
    if (dirty_ && std::chrono::steady_clock::now() - written_ >= kReportAge) write(run);
  }

  void write(const Run& run) {
    auto done = more_ ? reports::write_records(path_, run, book_) : reports::write_reports(path_, run, book_);
    if (done && more_) done = more_(path_, run);
    if (!done && error_.empty()) error_ = done.error();
    written_ = std::chrono::steady_clock::now();
    dirty_ = false;
  }

  /// Something else in the folder could not be written.
  void fail(std::string error) {
    if (error_.empty()) error_ = std::move(error);
  }

  /// The first report or transcript that could not be written, or empty.
  [[nodiscard]] std::string error() const {
    return error_.empty() && !transcript_ ? "cannot write " + file("transcript.jsonl") + ": is the disk full?" : error_;
  }

 private:
  std::string path_;
  reports::Book book_;
  const MoreReports& more_;
  std::ofstream transcript_;
  std::chrono::steady_clock::time_point written_;
  bool dirty_ = false;
  std::string error_;
};

}  // namespace

std::uint64_t fresh_seed() {
  std::random_device device;
  return device();
}

namespace {

/// Two runs in one folder would clean up after each other.
tl::expected<void, std::string> hold_results(const std::string& folder) {
  // Closed by the end of the process, however it ends.
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return tl::unexpected(fmt::format("cannot open {}: {}", folder, std::strerror(errno)));
  if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) return {};
  const bool held = errno == EWOULDBLOCK;
  ::close(descriptor);
  // A file system without locks is no reason not to run.
  if (!held) return {};
  return tl::unexpected(
      fmt::format("another run writes to {}: wait for its end, or choose another folder with --results", folder));
}

}  // namespace

tl::expected<void, std::string> clear_results(const std::string& folder, const std::string& journal) {
  if (auto held = hold_results(folder); !held) return held;
  std::error_code failure;
  if (distribution::needs_cleanup(journal)) {
    std::string kept;
    for (int number = 1; kept.empty() || std::filesystem::exists(kept, failure); ++number) {
      kept = fmt::format("{}/journal-{}.jsonl", folder, number);
    }
    std::filesystem::rename(journal, kept, failure);
    if (failure) return tl::unexpected(fmt::format("cannot set {} aside: {}", journal, failure.message()));
    say(stderr, "an earlier run left things in a registry: `referee cleanup {}` removes them\n", kept);
  }
  std::vector<std::string> names{"journal.jsonl",   "transcript.jsonl", "recording.jsonl", "results.json",
                                 "junit.xml",       "report.html",      "growth.json",     "protocol.json",
                                 "comparison.json", "load.json"};
  for (const auto& scenario : suites::benchmarks::scenarios()) names.push_back(fmt::format("{}.json", scenario.name));
  for (const auto& name : names) {
    std::filesystem::remove(folder + "/" + name, failure);
    if (failure) return tl::unexpected(fmt::format("cannot replace {}/{}: {}", folder, name, failure.message()));
  }
  return {};
}

void discard_results(const std::string& folder, bool made) {
  std::error_code ignored;
  for (const auto* name : {"journal.jsonl", "transcript.jsonl"}) {
    const auto file = folder + "/" + name;
    if (std::filesystem::exists(file, ignored) && std::filesystem::is_empty(file, ignored)) {
      std::filesystem::remove(file, ignored);
    }
  }
  // Only its head was written: nothing was asked.
  std::filesystem::remove(folder + "/recording.jsonl", ignored);
  // Neither removes what is not empty.
  if (made) std::filesystem::remove(folder, ignored);
  if (made && folder.starts_with(kDefaultFolders)) std::filesystem::remove(kDefaultFolders, ignored);
}

std::string interrupted_text(std::string_view what, const std::string& journal, bool stays) {
  if (!stays || !distribution::needs_cleanup(journal)) return fmt::format("{}; nothing is left to clean up", what);
  return fmt::format("{}; `referee cleanup {}` removes what was pushed", what, journal);
}

tl::expected<Reached, Refusal> reach(const conformance::Target& target, const ConnectionOptions& connection) {
  const auto refusal = [](ExitCode code, std::string text) { return tl::unexpected(Refusal{code, std::move(text)}); };
  Reached reached;
  reached.connection.url = target.url;
  if (!target.profile.empty()) {
    if (registry::find_profile(target.profile) == nullptr) {
      return refusal(ExitCode::kUsage, unknown_profile(target.profile));
    }
    conformance::EmbeddedServer::Options embedded;
    embedded.profile = target.profile;
    auto server = conformance::EmbeddedServer::start(embedded);
    if (!server) return refusal(ExitCode::kInternal, server.error());
    reached.connection.url = (*server)->url();
    reached.connection.embedded = (*server)->facts();
    reached.server = std::move(*server);
  }
  reached.connection.anonymous = reached.server != nullptr;
  reached.connection.tls = connection.tls;
  reached.connection.version = http_version(connection.http_version);
  reached.connection.credentials = connection.credentials;
  reached.connection.credentials.host = http::authority(reached.connection.url);
  if (const auto credentials = http::load_credentials(reached.connection.credentials); !credentials) {
    return refusal(ExitCode::kUsage, credentials.error());
  }
  return reached;
}

http::ClientOptions client_options(const conformance::Connection& connection, std::function<bool()> cancelled) {
  http::ClientOptions options;
  options.tls = connection.tls;
  options.version = connection.version;
  options.cancelled = std::move(cancelled);
  if (const auto credentials = http::load_credentials(connection.credentials); credentials && !connection.anonymous) {
    options.credentials = *credentials;
  }
  return options;
}

std::shared_ptr<http::Client> client_of(const conformance::Connection& connection, std::function<bool()> cancelled) {
  return std::make_shared<http::Client>(client_options(connection, std::move(cancelled)));
}

void clean_up(const conformance::Connection& connection, const std::string& journal) {
  auto entries = distribution::read_journal(journal);
  if (!entries || entries->empty()) return;
  // A run may have worked on two registries: each has its turn.
  std::vector<distribution::JournalEntry> others;
  std::erase_if(*entries, [&](const distribution::JournalEntry& entry) {
    const bool other = entry.registry != connection.url;
    if (other) others.push_back(entry);
    return other;
  });
  distribution::Registry registry(client_of(connection), connection.url);
  const auto report = parallel_cleanup(registry, *entries, kCleanupThreads);
  auto left = report.left;
  for (auto& entry : others) left.push_back({std::move(entry), "it lies in another registry", false});
  if (const auto written = distribution::rewrite_journal(journal, left); !written) {
    refuse(ExitCode::kUsage, written.error());
  }
  print_cleanup(stderr, report, journal);
}

std::string default_folder(const std::string& target) {
  std::string name;
  for (const char c : target) name += (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.') ? c : '-';
  if (name.size() > 80) name.resize(80);
  const auto now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  const auto folder = fmt::format("{}/{:%Y%m%dT%H%M%S}-{}", kDefaultFolders, fmt::gmtime(now), name);
  auto free = folder;
  std::error_code ignored;
  for (int number = 2; std::filesystem::exists(free, ignored); ++number) free = fmt::format("{}-{}", folder, number);
  return free;
}

bool colour_wanted(int descriptor) {
  return isatty(descriptor) == 1 && std::getenv("NO_COLOR") == nullptr;
}

ExitCode exit_code(const Run& run) {
  bool failed = false;
  bool inconclusive = false;
  bool error = false;
  for (const auto& check : run.checks) {
    error |= check.verdict == Verdict::kError;
    failed |= check.verdict == Verdict::kFail || (run.info.strict && check.verdict == Verdict::kWarn);
    inconclusive |= check.verdict == Verdict::kInconclusive;
  }
  if (run.checks.empty()) return ExitCode::kNothingSelected;
  if (error) return ExitCode::kInternal;
  if (failed) return ExitCode::kFailed;
  return inconclusive ? ExitCode::kInconclusive : ExitCode::kOk;
}

tl::expected<Prepared, Refusal> prepare(const CheckCommand& command) {
  const auto refusal = [](ExitCode code, std::string text) { return tl::unexpected(Refusal{code, std::move(text)}); };
  auto target = conformance::parse_target(command.target, command.connection.plain_http);
  if (!target) return refusal(ExitCode::kUsage, target.error());

  const auto& catalogue = sound_catalogue();
  auto ids = catalogue.select(command.selection, conformance::Ledger::builtin(), command.spec);
  if (!ids) return refusal(selection_code(command.selection), ids.error());
  if (ids->empty()) return refusal(ExitCode::kNothingSelected, "no check is selected; `referee list` shows them all");

  auto reached = reach(*target, command.connection);
  if (!reached) return tl::unexpected(std::move(reached.error()));
  Prepared prepared;
  prepared.server = std::move(reached->server);
  auto& options = prepared.options;
  options.connection = std::move(reached->connection);
  options.target = command.target;
  options.commit = commit();
  options.name_space = command.name_space;
  options.fixed_repositories = command.repositories;
  options.spec = command.spec;
  options.strict = command.strict;
  options.seed = command.seed.value_or(fresh_seed());
  // What counts tags would count those of others in a repository that it shares with them.
  const bool counts = std::ranges::any_of(*ids, [&](const std::string& id) {
    const auto& tags = catalogue.find(id)->tags;
    return std::ranges::find(tags, "story") != tags.end();
  });
  options.jobs = counts && !command.repositories.empty() ? 1 : command.jobs;
  if (command.full) options.scale = "full";
  options.check_timeout = std::chrono::milliseconds(static_cast<std::int64_t>(command.check_timeout * 1000));
  options.checks = std::move(*ids);
  return prepared;
}

tl::expected<Judged, Refusal> carry_out(const CheckCommand& command, Prepared& prepared, const MoreReports& more) {
  const auto refusal = [](ExitCode code, std::string text) { return tl::unexpected(Refusal{code, std::move(text)}); };
  auto& options = prepared.options;
  const auto folder = command.results.empty() ? default_folder(command.target) : command.results;
  std::error_code failure;
  const bool made_folder = std::filesystem::create_directories(folder, failure);
  if (failure) {
    return refusal(ExitCode::kUsage, fmt::format("cannot create the results folder {}: {}; choose one with --results",
                                                 folder, failure.message()));
  }
  options.journal = folder + "/journal.jsonl";
  options.record = folder + "/recording.jsonl";
  if (const auto made = clear_results(folder, options.journal); !made) return refusal(ExitCode::kUsage, made.error());

  const reports::Book book{sound_catalogue(), conformance::Ledger::builtin()};
  ResultsFolder results(folder, book, more);
  if (!results.error().empty()) return refusal(ExitCode::kUsage, results.error());
  reports::Progress progress(std::cerr, book,
                             {.tty = isatty(STDERR_FILENO) == 1, .colour = colour_wanted(STDERR_FILENO), .width = [] {
                                return reports::terminal_width(STDERR_FILENO);
                              }});

  conformance::RunEvents events;
  events.started = [&](const conformance::RunInfo& info) {
    progress.started(info);
    // What is killed in its first seconds says that it is not complete.
    results.write({info, {}});
  };
  events.finished = [&](const Run& run, const CheckResult& result) {
    progress.finished(run, result);
    results.finished(result);
  };
  events.tick = [&](const Run& run) {
    progress.tick(run);
    results.tick(run);
  };

  watch_interrupts();
  // Without room for reports there is no point in going on.
  const auto stop = [&] { return interrupted() || !results.error().empty(); };
  auto run = conformance::run(book.catalogue, book.ledger, options, events, stop);
  progress.done();
  if (!run) {
    discard_results(folder, made_folder);
    return refusal(ExitCode::kUnjudgeable, command.target + ": " + run.error().message);
  }

  run->info.tool_version = kVersion;
  results.write(*run);
  if (run->info.complete) {
    if (const auto sealed = http::RecordingWriter::seal(options.record); !sealed) results.fail(sealed.error());
  }
  if (interrupted()) {
    return refusal(ExitCode::kInterrupted, interrupted_text(fmt::format("interrupted; partial reports in {}", folder),
                                                            options.journal, prepared.server == nullptr));
  }
  if (!results.error().empty()) {
    return refusal(ExitCode::kUsage,
                   fmt::format("{}; `referee cleanup {}` removes what was pushed", results.error(), options.journal));
  }
  // What an embedded registry holds goes away with it.
  if (!command.keep && prepared.server == nullptr) clean_up(options.connection, options.journal);
  if (interrupted()) {
    return refusal(ExitCode::kInterrupted,
                   fmt::format("interrupted while it cleaned up; `referee cleanup {}` goes on", options.journal));
  }
  return Judged{std::move(*run), folder};
}

}  // namespace referee::cli
