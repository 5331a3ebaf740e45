#include "client_run.hpp"

#include <fmt/format.h>
#include <fnmatch.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <mutex>
#include <thread>

#include "client_trial.hpp"

namespace referee::suites::clients {
namespace {

using conformance::Matrix;
using conformance::MatrixCell;
using conformance::Standing;
using conformance::Verdict;

/// How often a client is opened anew whose daemon ended or whose port was lost.
constexpr int kMostOpenings = 3;

double epoch_seconds() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

/// A folder for all sessions, short because sockets live in it, removed at the end unless something is stuck there.
class ClientsFolder {
 public:
  ClientsFolder() {
    const char* base = std::getenv("TMPDIR");
    path_ = fmt::format("{}/rc-XXXXXX", base == nullptr || *base == '\0' ? "/tmp" : base);
    if (::mkdtemp(path_.data()) == nullptr) path_.clear();
  }
  ~ClientsFolder() {
    // Only if it is empty: what could not be undone is not torn out from below.
    if (!path_.empty()) ::rmdir(path_.c_str());
  }
  ClientsFolder(const ClientsFolder&) = delete;
  ClientsFolder& operator=(const ClientsFolder&) = delete;
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

class ClientsRun {
 public:
  ClientsRun(const ClientOptions& options, const conformance::Ledger& ledger, std::vector<ClientCheck> checks)
      : options_(options), settings_{ledger, options.seed, options.platform}, checks_(std::move(checks)) {
    matrix_.kind = "clients";
    matrix_.platform = platform();
    matrix_.seed = options.seed;
    matrix_.started = epoch_seconds();
    for (const auto& check : checks_) {
      matrix_.rows.push_back({check.id, check.about, check.requirements, check.expected});
    }
    for (const auto& client : options.clients) {
      conformance::MatrixColumn column;
      column.name = client.name;
      column.about = client.about;
      column.role = "client";
      matrix_.columns.push_back(std::move(column));
    }
    cells_.resize(options.clients.size());
  }

  tl::expected<Matrix, std::string> run() {
    const ClientsFolder place;
    if (place.path().empty()) {
      return tl::unexpected(std::string("no folder to work in: set TMPDIR to one that can be written"));
    }
    std::atomic<std::size_t> next{0};
    const auto work = [&] {
      for (auto at = next++; at < options_.clients.size(); at = next++) try_client(at, place.path());
    };
    std::vector<std::thread> threads;
    const auto count =
        std::min<std::size_t>(static_cast<std::size_t>(std::max(1, options_.jobs)), options_.clients.size());
    for (std::size_t thread = 0; thread < count; ++thread) threads.emplace_back(work);
    for (auto& thread : threads) thread.join();
    matrix_.seconds = epoch_seconds() - matrix_.started;
    matrix_.complete = !stopped();
    return std::move(matrix_);
  }

 private:
  [[nodiscard]] bool stopped() const { return options_.interrupted && options_.interrupted(); }
  [[nodiscard]] std::string platform() const {
    const auto& [architecture, os, version, variant] = options_.platform;
    return os + "/" + architecture + (variant.empty() ? "" : "/" + variant);
  }

  void try_client(std::size_t at, const std::string& place) {
    const auto started = std::chrono::steady_clock::now();
    std::string trouble;
    for (int opening = 0; opening < kMostOpenings && cells_[at].size() < checks_.size() && !stopped(); ++opening) {
      const auto folder = fmt::format("{}/{}{}", place, at, opening == 0 ? "" : fmt::format("-{}", opening));
      if (!try_session(at, folder, trouble)) break;
    }
    if (!stopped()) give_up(at, true, "it could not be tried any more: " + trouble);
    const std::scoped_lock lock(mutex_);
    matrix_.columns[at].seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
    publish();
  }

  /// False if there is no use in another session. `trouble`: why it ended before the checks did.
  bool try_session(std::size_t at, const std::string& folder, std::string& trouble) {
    // Holds the port until the first trial needs it.
    auto holder = Ground::make({}, {}, 0);
    if (!holder) {
      give_up(at, true, holder.error());
      return false;
    }
    const auto port = (*holder)->port();
    Watch watch(options_.interrupted);
    runtimes::SessionOptions settings;
    settings.folder = folder;
    settings.registry = fmt::format("127.0.0.1:{}", port);
    settings.platform = matrix_.platform;
    settings.pull_limit = options_.limit;
    settings.interrupted = [&watch] { return watch.must_end(); };
    settings.variables = options_.variables;
    auto session = runtimes::Session::open(options_.clients[at], std::move(settings));
    if (!session) {
      give_up(at, session.error().installed, session.error().reason);
      return false;
    }
    holder->reset();
    describe(at, **session);
    ClientTrial trial(settings_, **session, watch, port);
    trouble = "its daemon ended again and again";
    while (cells_[at].size() < checks_.size() && !stopped() && (*session)->alive()) {
      auto cell = trial.run(checks_[cells_[at].size()]);
      if (!cell) trouble = cell.error();
      if (!cell || stopped()) break;
      const std::scoped_lock lock(mutex_);
      cells_[at].push_back(std::move(*cell));
      publish();
    }
    note(at, (*session)->close());
    return true;
  }

  void describe(std::size_t at, const runtimes::Session& session) {
    const std::scoped_lock lock(mutex_);
    matrix_.columns[at].client_version = session.versions().client;
    matrix_.columns[at].daemon_version = session.versions().daemon;
  }

  void note(std::size_t at, const runtimes::Leftovers& left) {
    const std::scoped_lock lock(mutex_);
    auto& column = matrix_.columns[at];
    for (const auto& process : left.processes) column.leftovers.push_back("process " + process);
    for (const auto& mount : left.mounts) column.leftovers.push_back("mount " + mount);
    for (const auto& stuck : left.stuck) column.leftovers.push_back("still there: " + stuck);
  }

  /// Why the rest of its checks cannot be tried. Does nothing if there is no rest.
  void give_up(std::size_t at, bool installed, const std::string& reason) {
    const std::scoped_lock lock(mutex_);
    if (cells_[at].size() >= checks_.size()) return;
    for (auto index = cells_[at].size(); index < checks_.size(); ++index) {
      MatrixCell cell;
      cell.column = options_.clients[at].name;
      cell.row = checks_[index].id;
      cell.why = reason;
      if (installed) {
        cell.standing = Standing::kUnclear;
        cell.verdict = Verdict::kInconclusive;
      }
      cells_[at].push_back(std::move(cell));
    }
    matrix_.columns[at].absent = reason;
    publish();
  }

  /// Under the lock.
  void publish() {
    matrix_.cells.clear();
    for (const auto& cells : cells_) matrix_.cells.insert(matrix_.cells.end(), cells.begin(), cells.end());
    if (options_.progress) options_.progress(matrix_);
  }

  const ClientOptions& options_;
  TrialSettings settings_;
  std::vector<ClientCheck> checks_;
  std::mutex mutex_;
  Matrix matrix_;
  std::vector<std::vector<MatrixCell>> cells_;  ///< by client; each is written by one thread
};

}  // namespace

tl::expected<std::vector<ClientCheck>, std::string> chosen_checks(const ClientOptions& options) {
  auto chosen = client_checks();
  const auto matches = [](const std::string& pattern, const ClientCheck& check) {
    return ::fnmatch(pattern.c_str(), check.id.c_str(), 0) == 0;
  };
  for (const auto& pattern : options.checks) {
    if (std::ranges::none_of(chosen, [&](const ClientCheck& check) { return matches(pattern, check); })) {
      return tl::unexpected(fmt::format("no check of clients matches '{}'", pattern));
    }
  }
  std::erase_if(chosen, [&](const ClientCheck& check) {
    return !options.checks.empty() &&
           std::ranges::none_of(options.checks, [&](const std::string& pattern) { return matches(pattern, check); });
  });
  return chosen;
}

tl::expected<Matrix, std::string> run_clients(const ClientOptions& options, const conformance::Ledger& ledger) {
  return chosen_checks(options).and_then(
      [&](std::vector<ClientCheck> checks) { return ClientsRun(options, ledger, std::move(checks)).run(); });
}

}  // namespace referee::suites::clients
