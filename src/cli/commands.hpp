#pragma once

#include <fmt/core.h>

#include <cstdio>
#include <string>
#include <string_view>
#include <utility>

#include "options.hpp"
#include "referee/bench/comparison.hpp"

namespace referee::cli {

// One file each; all return the process's exit code.
ExitCode run_check(const CheckCommand& command);
ExitCode run_rubric(const RubricCommand& command);
ExitCode run_bench(const BenchCommand& command);
ExitCode run_load(const LoadCommand& command);
ExitCode run_merge(const MergeCommand& command);
ExitCode run_null_server(const NullServerCommand& command);
ExitCode run_compare(const CompareCommand& command);
ExitCode run_matrix(const MatrixCommand& command);
ExitCode run_trend(const TrendCommand& command);
ExitCode run_charts(const ChartsCommand& command);
ExitCode run_report(const ReportCommand& command);
/// 1 if something is slower, 4 if nothing could be judged.
ExitCode exit_code(const bench::Comparison& comparison);
ExitCode run_list(const ListCommand& command);
ExitCode run_explain(const ExplainCommand& command);
ExitCode run_serve(const ServeCommand& command);
ExitCode run_prove(const ProveCommand& command);
ExitCode run_cleanup(const CleanupCommand& command);
ExitCode run_replay(const ReplayCommand& command);
ExitCode run_certify(const CertifyCommand& command);
ExitCode run_verify_certificate(const VerifyCertificateCommand& command);
ExitCode run_version(const VersionCommand& command);
ExitCode run_runtime(const RuntimeCommand& command);
ExitCode run_client(const RuntimeCommand& command);
ExitCode run_imitate(const ImitateCommand& command);
ExitCode run_text(const TextCommand& command);
ExitCode run_reference(const ReferenceCommand& command);

/// The suite's catalogue, checked against the ledger and the reference registry's faults. Ends the program with exit
/// code 70 and one line for each mistake: a wrong catalogue cannot judge anybody.
const conformance::Catalogue& sound_catalogue();

/// Of a selection that the catalogue refuses: an id or a suite that does not exist is a typing error, a pattern that
/// takes nothing selects nothing.
ExitCode selection_code(const conformance::Selection& selection);
/// The same of names and globs among these names; `otherwise`: each takes something.
ExitCode selection_code(const std::vector<std::string>& patterns, const std::vector<std::string>& names,
                        ExitCode otherwise);
/// One line each, with the nearest name that there is.
std::string unknown_profile(const std::string& name);
std::string unknown_fault(const std::string& name);

/// A key in PEM: read_result() of no more than any key has.
tl::expected<std::string, std::string> read_key(const std::string& path, std::string_view wanted);
/// A file of an earlier run, at most `most` bytes; `wanted` ends the line that says why it cannot be read.
tl::expected<std::string, std::string> read_result(const std::string& path, std::size_t most, std::string_view wanted);

/// `referee: <message>` on stderr, in one line and without control characters; returns `code`.
ExitCode refuse(ExitCode code, std::string_view message);

/// Writes the text. A reader that went away, as `head` does, is nothing to complain about and changes no exit code.
void write_text(std::FILE* out, std::string_view text);
/// Whether something that was written to standard output did not arrive, because the disk is full for instance.
std::string lost_output();

template <typename... Args>
void say(std::FILE* out, fmt::format_string<Args...> format, Args&&... args) {
  write_text(out, fmt::format(format, std::forward<Args>(args)...));
}

/// Turns true at the first SIGINT, SIGTERM or SIGHUP once watch_interrupts() was called.
void watch_interrupts();
bool interrupted();
/// Whether a closed terminal ends the program: not under nohup, where SIGHUP is ignored.
bool hang_up_ends();

/// --http auto|1.1|2
http::Version http_version(std::string_view text);

}  // namespace referee::cli
