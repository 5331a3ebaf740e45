#include <unistd.h>

#include "judging.hpp"
#include "referee/reports/progress.hpp"
#include "referee/reports/report.hpp"

namespace referee::cli {
namespace {

constexpr std::string_view kAll = "embedded:all";

tl::expected<void, std::string> write_rubric(const std::string& folder, const reports::Rubric& rubric,
                                             const conformance::Run& run, const reports::Book& book) {
  reports::Report report;
  report.runs.push_back({&run, book});
  report.rubrics.push_back(&rubric);
  return reports::replace_file(folder + "/rubric.json", reports::rubric_json(rubric))
      .and_then([&] { return reports::replace_file(folder + "/rubric.md", reports::rubric_markdown(rubric)); })
      .and_then([&] { return reports::replace_file(folder + "/report.html", reports::report_html(report)); });
}

}  // namespace

ExitCode run_rubric(const RubricCommand& command) {
  auto check = command.check;
  const bool fresh = check.target == kAll;
  // The run needs some registry to begin with; the stories then start one each.
  if (fresh) check.target = "embedded:oci-1.1";
  check.selection.suites = {"stories"};
  check.check_timeout = check.full ? kFullTimeout : 300;
  auto prepared = prepare(check);
  if (!prepared) return refuse(prepared.error().code, prepared.error().text);
  prepared->options.fresh_registries = fresh;
  if (fresh) prepared->options.target = kAll;
  check.target = command.check.target;

  const reports::Book book{sound_catalogue(), conformance::Ledger::builtin()};
  const auto matrix = [&](const conformance::Run& run) {
    return reports::rubric_of(run, book, reports::Claims::builtin(), fresh);
  };
  const auto judged = carry_out(check, *prepared, [&](const std::string& folder, const conformance::Run& run) {
    return write_rubric(folder, matrix(run), run, book);
  });
  if (!judged) return refuse(judged.error().code, judged.error().text);
  const auto rubric = matrix(judged->run);

  if (check.output == Output::kJson) {
    write_text(stdout, reports::rubric_json(rubric) + '\n');
  } else {
    write_text(stdout, reports::rubric_text(rubric, reports::terminal_width(STDOUT_FILENO, 120)));
    say(stdout, "\nseed {}; in {}: report.html with the requests behind each cell, rubric.md, rubric.json\n",
        judged->run.info.seed, judged->folder);
  }
  return exit_code(judged->run);
}

}  // namespace referee::cli
