#include "run.hpp"

#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>
#include <memory>
#include <mutex>
#include <set>

#include "judge.hpp"
#include "referee/runtimes/workplace.hpp"
#include "stage.hpp"
#include "workplace.hpp"

namespace referee::suites::matrix {
namespace {

using conformance::Matrix;
using conformance::MatrixCell;
using conformance::Standing;
using conformance::Verdict;
using SteadyClock = std::chrono::steady_clock;

/// How often a runtime whose daemon ended is started anew.
constexpr int kMostStarts = 3;

class MatrixRun {
 public:
  MatrixRun(const MatrixOptions& options, const conformance::Ledger& ledger, std::vector<Shape> shapes)
      : options_(options), ledger_(ledger), shapes_(std::move(shapes)) {
    matrix_.kind = "runtimes";
    matrix_.platform = platform_text(options.platform);
    matrix_.seed = options.seed;
    matrix_.full = options.full;
    matrix_.started = epoch_seconds();
    for (const auto& shape : shapes_) {
      expected_.push_back(expectation(shape, options.platform));
      matrix_.rows.push_back({shape.id, shape.about, shape.requirements, expected_.back().text()});
    }
    for (const auto& runtime : options.runtimes) {
      conformance::MatrixColumn column;
      column.name = runtime.name;
      column.about = runtime.about;
      column.role = name(runtime.role);
      matrix_.columns.push_back(std::move(column));
    }
    cells_.resize(options.runtimes.size());
  }

  tl::expected<Matrix, std::string> run() {
    const runtimes::Workplace place;
    if (place.path().empty())
      return tl::unexpected(std::string("no folder to work in: set TMPDIR to one that can be written"));
    side_by_side(options_.runtimes.size(), options_.jobs, [&](std::size_t at) { try_runtime(at, place.path()); });
    matrix_.seconds = epoch_seconds() - matrix_.started;
    matrix_.complete = !stopped();
    return std::move(matrix_);
  }

 private:
  [[nodiscard]] bool stopped() const { return options_.interrupted && options_.interrupted(); }

  tl::expected<std::unique_ptr<runtimes::Session>, runtimes::Absence> open(std::size_t at, const std::string& registry,
                                                                           const std::string& folder) {
    runtimes::SessionOptions session;
    session.folder = folder;
    session.registry = registry;
    session.platform = matrix_.platform;
    session.pull_limit = options_.pull_limit;
    session.interrupted = options_.interrupted;
    session.variables = options_.variables;
    return runtimes::Session::open(options_.runtimes[at], std::move(session));
  }

  /// Why the runtime cannot be tried: for all of its cells that have nothing yet.
  void give_up(std::size_t at, bool installed, const std::string& reason) {
    const std::scoped_lock lock(mutex_);
    for (std::size_t index = cells_[at].size(); index < shapes_.size(); ++index) {
      const PullRecord record{options_.runtimes[at].name, shapes_[index].id, std::nullopt, installed, reason};
      cells_[at].push_back(not_tried(record));
      if (options_.recorded) options_.recorded(record);
    }
    auto& column = matrix_.columns[at];
    if (column.absent.empty()) column.absent = reason;
    publish();
  }

  void note(std::size_t at, const runtimes::Leftovers& left) {
    const std::scoped_lock lock(mutex_);
    note_leftovers(matrix_.columns[at], left);
  }

  void try_runtime(std::size_t at, const std::string& place) {
    const auto started = SteadyClock::now();
    const auto finish = [&] {
      const std::scoped_lock lock(mutex_);
      matrix_.columns[at].seconds = std::chrono::duration<double>(SteadyClock::now() - started).count();
      matrix_.columns[at].behaves =
          matrix_.columns[at].role == "runtime" ? best_readings(cells_[at]) : std::vector<std::string>{};
      publish();
    };
    const auto stage = Stage::set(shapes_);
    if (!stage) {
      give_up(at, true, stage.error());
      return finish();
    }
    std::size_t shape = 0;
    int deaths = 0;
    for (int start = 0; deaths < kMostStarts && shape < shapes_.size() && !stopped(); ++start) {
      auto session = open(at, (*stage)->registry(),
                          fmt::format("{}/{}{}", place, at, start == 0 ? "" : fmt::format("-{}", start)));
      if (!session) {
        give_up(at, session.error().installed, session.error().reason);
        return finish();
      }
      {
        const std::scoped_lock lock(mutex_);
        matrix_.columns[at].client_version = (*session)->versions().client;
        matrix_.columns[at].daemon_version = (*session)->versions().daemon;
      }
      bool fresh = true;
      while (fresh && shape < shapes_.size() && !stopped() && (*session)->alive()) {
        fresh = try_shape(at, shape++, **session, **stage);
      }
      if (!(*session)->alive()) ++deaths;
      note(at, (*session)->close());
    }
    if (shape < shapes_.size() && !stopped()) give_up(at, true, "its daemon ended again and again");
    finish();
  }

  /// False if the session is no place for another one: a daemon may stay at work on a pull that was cut off, and what
  /// comes next would fail on its account.
  bool try_shape(std::size_t at, std::size_t index, runtimes::Session& session, Stage& stage) {
    const auto& shape = shapes_[index];
    stage.take();
    const auto result = session.pull(stage.reference(shape));
    if (stopped()) return false;
    const auto& runtime = session.description();
    PullRecord record{runtime.name, shape.id, seen(result, stage.take(), session.folder(), stage.registry()), true, ""};
    const std::scoped_lock lock(mutex_);
    cells_[at].push_back(judge_pull(shape, expected_[index], runtime.name, runtime.role, *record.pull, ledger_));
    if (options_.recorded) options_.recorded(record);
    publish();
    return !result.pull.timed_out || runtime.daemons.empty();
  }

  /// Under the lock.
  void publish() {
    matrix_.cells.clear();
    for (const auto& cells : cells_) matrix_.cells.insert(matrix_.cells.end(), cells.begin(), cells.end());
    if (options_.progress) options_.progress(matrix_);
  }

  const MatrixOptions& options_;
  const conformance::Ledger& ledger_;
  std::vector<Shape> shapes_;
  std::vector<Expectation> expected_;
  std::mutex mutex_;
  Matrix matrix_;
  std::vector<std::vector<MatrixCell>> cells_;  ///< by runtime
};

}  // namespace

tl::expected<std::vector<Shape>, std::string> chosen_shapes(const MatrixOptions& options) {
  std::set<std::string> matched;
  auto chosen = shapes(options.seed, options.platform, [&](const std::string& id, bool full) {
    bool named = options.contents.empty();
    for (const auto& pattern : options.contents) {
      if (::fnmatch(pattern.c_str(), id.c_str(), 0) != 0) continue;
      named = true;
      matched.insert(pattern);
    }
    // Who names a large one by its id wants it.
    const auto exact = std::ranges::find(options.contents, id) != options.contents.end();
    return named && (!full || options.full || exact);
  });
  for (const auto& pattern : options.contents) {
    if (!matched.contains(pattern)) {
      return tl::unexpected(fmt::format("no content matches '{}'; `referee list contents` shows them all", pattern));
    }
  }
  if (chosen.empty()) return tl::unexpected(std::string("only contents of --full are named"));
  return chosen;
}

tl::expected<Matrix, std::string> run_matrix(const MatrixOptions& options, const conformance::Ledger& ledger) {
  return chosen_shapes(options).and_then(
      [&](std::vector<Shape> shapes) { return MatrixRun(options, ledger, std::move(shapes)).run(); });
}

}  // namespace referee::suites::matrix
