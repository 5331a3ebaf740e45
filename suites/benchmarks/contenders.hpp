#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "image.hpp"
#include "pull.hpp"
#include "referee/bench/growth.hpp"
#include "scenario.hpp"
#include "verification.hpp"

/// What the scenarios share: who is measured, what they are measured with, and an account of who was not and why.
namespace referee::suites::benchmarks {

/// A variant, one way of using it.
struct Contender {
  const proposals::Variant* variant = nullptr;
  bool inlined = false;
  std::string name;  ///< `D/index`, `D/index inlined`
};
/// Those that are asked for. `inlined`: also the two proposals that say that one document carries all signatures.
std::vector<Contender> contenders(const ScenarioOptions& options, bool inlined);

/// Whether several clients write one document: what can be lost, and what has a limit.
bool shares_document(const proposals::Variant& variant);
/// Whether signing changes what the image's tag leads to.
bool moves_tag(const proposals::Variant& variant);

/// The same client with another wire, which sees what is sent. Fails with one line if preparing does.
tl::expected<void, std::string> rewire(Client& client, const proposals::Variant& variant, proposals::Settings settings,
                                       std::unique_ptr<proposals::Wire> wire);
/// A result on its way.
class Account {
 public:
  Account(std::string_view scenario, std::string about);

  /// The target has not got what it needs: no failure.
  void unsupported(const std::string& who, const std::string& evidence);
  /// What came was not right, so that its numbers do not count.
  void left_out(const std::string& who, const std::string& why);
  void stopped(std::string why) { stopped_ = std::move(why); }
  void sample(std::string name, std::string unit, std::vector<double> values);
  /// A point of the series of that name, which comes into being with its first.
  static void point(bench::Chart& chart, const std::string& series, double x, double y);

  bench::Result result;
  /// With a table of what was not measured, and `incomplete`. Fails if there is nothing.
  tl::expected<bench::Result, std::string> finish();

 private:
  bench::Table missing_{"Not measured", {"variant", "why"}, {}};
  std::string left_out_;
  std::string stopped_;
};

/// Opens a client for each in a repository of its own and measures it; an error leaves it out. Ends when it is
/// interrupted.
void measure_each(Grounds& grounds, const ScenarioOptions& options, Account& account, bool inlined,
                  const std::function<tl::expected<void, std::string>(const Contender&, Client&)>& measure);

bool interrupted(const ScenarioOptions& options);
void progress(const ScenarioOptions& options, const std::string& line);

/// Why a verification does not count; empty if it was right.
std::string wrong(const proposals::Outcome<Verified>& verified, Wanted wanted, std::size_t count);

std::string in_milliseconds(double seconds);
std::string in_milliseconds(const std::vector<double>& seconds, double share);
/// Of the points of a series; `not enough sizes` with fewer than four, `no law fits` where the best is far off.
std::string law_of(const bench::Chart& chart, const std::string& series);
/// The series with the smallest and the largest y at x; the same one where there is no other.
struct Extremes {
  std::string low, high;
  double low_value = 0, high_value = 0;
};
Extremes extremes(const bench::Chart& chart, double x);
/// Names of series whose y at x meets the condition, with commas.
std::string those(const bench::Chart& chart, double x, const std::function<bool(double)>& condition);

}  // namespace referee::suites::benchmarks
