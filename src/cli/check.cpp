#include <unistd.h>

#include <algorithm>
#include <sstream>

#include "judging.hpp"
#include "referee/reports/progress.hpp"

namespace referee::cli {
namespace {

void print_result(const CheckCommand& command, const conformance::Run& run, const reports::Book& book,
                  const std::string& folder) {
  switch (command.output) {
    case Output::kJson:
      write_text(stdout, reports::results_json(run, book) + '\n');
      return;
    case Output::kJunit:
      write_text(stdout, reports::junit_xml(run, book));
      return;
    case Output::kText:
      std::ostringstream report;
      reports::terminal_report(report, run, book,
                               {.colour = colour_wanted(STDOUT_FILENO),
                                .verbose = command.verbose,
                                .width = reports::terminal_width(STDOUT_FILENO, 100)});
      write_text(stdout, report.str());
      say(stdout, "\nseed {}; reports in {}: report.html, junit.xml, results.json, transcript.jsonl\n", run.info.seed,
          folder);
  }
}

}  // namespace

ExitCode run_check(const CheckCommand& given) {
  auto command = given;
  if (command.full) command.check_timeout = std::max(command.check_timeout, kFullTimeout);
  auto prepared = prepare(command);
  if (!prepared) return refuse(prepared.error().code, prepared.error().text);
  const auto judged = carry_out(command, *prepared);
  if (!judged) return refuse(judged.error().code, judged.error().text);
  print_result(command, judged->run, {sound_catalogue(), conformance::Ledger::builtin()}, judged->folder);
  return exit_code(judged->run);
}

}  // namespace referee::cli
