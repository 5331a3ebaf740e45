#include "client_run.hpp"

#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>
#include <mutex>

#include "client_trial.hpp"
#include "referee/runtimes/workplace.hpp"
#include "workplace.hpp"

namespace referee::suites::clients {
namespace {

using conformance::Matrix;
using conformance::MatrixCell;
using conformance::Standing;
using conformance::Verdict;

/// How often a client is opened anew whose daemon ended or whose port was lost.
constexpr int kMostOpenings = 3;

class ClientsRun {
 public:
  ClientsRun(const ClientOptions& options, const conformance::Ledger& ledger, std::vector<ClientCheck> checks)
      : options_(options), settings_{ledger, options.seed, options.platform}, checks_(std::move(checks)) {
    matrix_.kind = "clients";
    matrix_.platform = matrix::platform_text(options.platform);
    matrix_.seed = options.seed;
    matrix_.started = matrix::epoch_seconds();
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
    const runtimes::Workplace place;
    if (place.path().empty()) {
      return tl::unexpected(std::string("no folder to work in: set TMPDIR to one that can be written"));
    }
    matrix::side_by_side(options_.clients.size(), options_.jobs, [&](std::size_t at) { try_client(at, place.path()); });
    matrix_.seconds = matrix::epoch_seconds() - matrix_.started;
    matrix_.complete = !stopped();
    return std::move(matrix_);
  }

 private:
  [[nodiscard]] bool stopped() const { return options_.interrupted && options_.interrupted(); }

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
    matrix::note_leftovers(matrix_.columns[at], left);
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
