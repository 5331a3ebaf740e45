#pragma once

#include <string>
#include <string_view>

#include "options.hpp"

namespace referee::cli {

// One file each; all return the process's exit code.
ExitCode run_check(const CheckCommand& command);
ExitCode run_list(const ListCommand& command);
ExitCode run_explain(const ExplainCommand& command);
ExitCode run_serve(const ServeCommand& command);
ExitCode run_prove(const ProveCommand& command);
ExitCode run_cleanup(const CleanupCommand& command);
ExitCode run_version(const VersionCommand& command);

/// The suite's catalogue, checked against the ledger and the reference registry's faults. Ends the program with exit
/// code 70 and one line for each mistake: a wrong catalogue cannot judge anybody.
const conformance::Catalogue& sound_catalogue();

/// `referee: <message>` on stderr, in one line and without control characters; returns `code`.
ExitCode refuse(ExitCode code, std::string_view message);

/// Turns true at the first SIGINT or SIGTERM once watch_interrupts() was called.
void watch_interrupts();
bool interrupted();

/// --http auto|1.1|2
http::Version http_version(std::string_view text);

}  // namespace referee::cli
