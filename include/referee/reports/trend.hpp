#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "referee/reports/run_file.hpp"

/// Results of one target over time: how many checks failed in each run, what changed when, and since when that which
/// fails has failed. Not thread-safe.
namespace referee::reports {

struct TrendRun {
  std::string path;
  conformance::RunInfo info;
  std::map<conformance::Verdict, std::size_t> counts;
  std::vector<std::string> marks;  ///< how its question differs from the one before: sentences
  std::vector<std::string>
      broke;  ///< ids that fail (of a strict run: or warn) and did not in the last run that had them
  std::vector<std::string> fixed;  ///< ids that do not fail any more
};

/// A check that does not pass in every run.
struct TrendCheck {
  std::string id;
  std::string title;
  std::string level;
  std::string link;
  std::vector<std::optional<conformance::Verdict>> verdicts;  ///< for each run; nullopt: it is not in it
  bool failing = false;                                       ///< in the last run that says something of it
  /// Of one that fails: the first run of those without a break in which it does.
  std::optional<std::size_t> since;
  std::optional<std::size_t> last_good;  ///< the last run before `since` in which it did not fail
  std::size_t flips = 0;                 ///< how often it went from failing to not failing, or back
};

struct Trend {
  std::string target;
  std::vector<TrendRun> runs;      ///< by time
  std::vector<TrendCheck> checks;  ///< those that fail, oldest first; then those that changed
  std::size_t steady = 0;          ///< checks with one verdict in every run that has them, and it is no failure
  std::vector<std::string> notes;  ///< what is missing from it, in sentences
};

/// Runs that a trend takes at most.
inline constexpr std::size_t kMostTrendRuns = 500;

/// Takes one run after the other, the oldest first, and keeps of each only its verdicts.
class TrendMaker {
 public:
  void add(const RunFile& run);
  [[nodiscard]] Trend finish() const;

 private:
  struct Known {
    FiledCheck head;  ///< title, level and requirement, of the newest run that has it
    std::map<std::size_t, conformance::Verdict> verdicts;
  };
  std::vector<TrendRun> runs_;
  std::map<std::string, Known> known_;
};

std::string trend_text(const Trend& trend, std::size_t width);
/// reports/schemas/trend.schema.json.
std::string trend_json(const Trend& trend);
std::string trend_markdown(const Trend& trend);
/// One self-contained page without script.
std::string trend_html(const Trend& trend);

}  // namespace referee::reports
