#pragma once

#include <functional>
#include <memory>
#include <string>

#include "commands.hpp"
#include "referee/conformance/runner.hpp"
#include "referee/conformance/target.hpp"
#include "referee/reports/writers.hpp"

/// What `check` and `rubric` share: from a command line to a finished run with its reports.
namespace referee::cli {

/// Most seconds that a check has at the large sizes.
inline constexpr double kFullTimeout = 1800;

/// A registry that was found by the user's words.
struct Reached {
  conformance::Connection connection;
  std::unique_ptr<conformance::EmbeddedServer> server;  ///< of an embedded target
};
/// Starts an embedded registry, reads the credentials.
tl::expected<Reached, Refusal> reach(const conformance::Target& target, const ConnectionOptions& connection);
http::ClientOptions client_options(const conformance::Connection& connection, std::function<bool()> cancelled = {});
/// A client of its own for it; `cancelled` as in http::ClientOptions.
std::shared_ptr<http::Client> client_of(const conformance::Connection& connection,
                                        std::function<bool()> cancelled = {});

/// Takes the folder for this process, or fails if another run has it. An earlier run's reports would pass for this
/// one's if it comes to nothing. Its journal is set aside while it names what was pushed and never removed.
tl::expected<void, std::string> clear_results(const std::string& folder, const std::string& journal);
/// Of a run that came to nothing: removes files that are empty, and the folder if it was made for the run and holds
/// nothing.
void discard_results(const std::string& folder, bool made);
/// What an interrupted run says. `stays`: the target outlives the run, so that what the journal lists is still there.
std::string interrupted_text(std::string_view what, const std::string& journal, bool stays);
/// Removes what the journal lists, and says on stderr what stays.
void clean_up(const conformance::Connection& connection, const std::string& journal);
std::uint64_t fresh_seed();

/// A target, ready to be judged.
struct Prepared {
  conformance::RunOptions options;
  std::unique_ptr<conformance::EmbeddedServer> server;  ///< of an embedded target
};
/// Reads the target, selects the checks, starts an embedded registry.
tl::expected<Prepared, Refusal> prepare(const CheckCommand& command);

/// A run that came to its end, with its reports in `folder`.
struct Judged {
  conformance::Run run;
  std::string folder;
};
/// Runs the checks, with progress on stderr and reports in the results folder, and removes what was pushed unless it is
/// to be kept. A refusal has been nobody's fault but the target's, the disk's or the user's, and has been cleaned up or
/// says how to.
/// `more` writes report.html and further files into the folder whenever the reports are written, or fails with a line;
/// without it report.html has the run alone.
using MoreReports = std::function<tl::expected<void, std::string>(const std::string& folder, const conformance::Run&)>;
tl::expected<Judged, Refusal> carry_out(const CheckCommand& command, Prepared& prepared, const MoreReports& more = {});

ExitCode exit_code(const conformance::Run& run);
/// `referee-results/20261124T120000-127.0.0.1-5000`: where reports go unless the user says otherwise; there is none
/// yet.
std::string default_folder(const std::string& target);
/// Whether colour is wanted on a descriptor: a terminal, and NO_COLOR not set.
bool colour_wanted(int descriptor);

}  // namespace referee::cli
