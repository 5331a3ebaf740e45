#include "option_parts.hpp"

namespace referee::cli {

namespace {

/// In which form stdout gets it.
void add_form(CLI::App& app, std::string& to) {
  app.add_option("--output", to, "What stdout gets (text|json|markdown|html)")
      ->check(CLI::IsMember({"text", "json", "markdown", "html"}).description(""))
      ->type_name("NAME")
      ->capture_default_str();
}

}  // namespace

void add_compare(CLI::App& root, CompareCommand& to) {
  auto& app = *root.add_subcommand("compare", "Compare two runs: what fails now, what was fixed, what became slower");
  app.add_option("BEFORE", to.before,
                 "Folder of the first run's results, or one file of it: results.json, rubric.json, matrix.json, or a "
                 "file of `referee bench` or of Google Benchmark")
      ->required();
  app.add_option("AFTER", to.after, "The same of the second run")->required();
  app.add_option("--noise", to.noise,
                 "Two results of benchmarks of the same thing: what they differ by is the least that counts as a "
                 "difference")
      ->type_name("FILE")
      ->expected(2);
  add_threshold(app, to.threshold);
  app.add_option("--level", to.level, "What p has to be below, corrected for the number of comparisons")
      ->type_name("P")
      ->check(CLI::Range(1e-9, 0.5).description(""))
      ->capture_default_str();
  add_form(app, to.output);
  app.footer(
      "Examples:\n"
      "  referee compare results/monday results/tuesday\n"
      "  referee compare old/results.json new/results.json --output markdown\n"
      "  referee compare old/protocol.json new/protocol.json --threshold 5 --noise a.json again.json\n\n"
      "Of folders everything is compared that both have. What limits the comparison stands at its top: another seed, "
      "version,\nselection. Benchmarks: medians, the ratio with its 95 % interval, the test of Mann and Whitney and "
      "its effect size;\nfewer than ten repetitions on a side are not judged.\n"
      "Exit codes: 0 nothing new fails and nothing is slower, 1 something does or is, 2 usage, or nothing in common,\n"
      "4 something is not decided any more, or nothing could be judged.");
}

void add_results_matrix(CLI::App& root, MatrixCommand& to) {
  auto& app = *root.add_subcommand("matrix", "Several results side by side: registries x requirements, and the like");
  app.add_option(
         "[NAME=]FILE|DIR", to.paths,
         "results.json, rubric.json or matrix.json; of a folder those in it and below. NAME: what the column is "
         "called, instead of the target, or of its folder if the target is on this machine")
      ->required();
  app.add_option("--results", to.results, "Folder that gets tables.html, tables.md and tables.json")
      ->check(named_folder())
      ->type_name("DIR");
  app.add_option("--output", to.output,
                 "The one that is wanted (markdown|html|json); default markdown, and all with --results")
      ->check(CLI::IsMember({"markdown", "html", "json"}).description(""))
      ->type_name("NAME");
  app.footer(
      "Examples:\n"
      "  referee matrix one=results/1 other=results/2 --results results/all\n"
      "  referee matrix results/*/results.json --output html > tables.html\n\n"
      "What every registry passes and yet does in another way stands first: there the text can be read in more than "
      "one.\nIt takes 20 results of a kind at most.\n"
      "Exit codes: 0 written, 2 usage, or a file that is no result.");
}

void add_trend(CLI::App& root, TrendCommand& to) {
  auto& app = *root.add_subcommand("trend", "Results of one target over time: what broke when, and what was fixed");
  app.add_option("[NAME=]FILE|DIR", to.paths,
                 "results.json of `referee check`; of a folder those in it and below. NAME: they are all of one target "
                 "that is called so, wherever each was judged, for instance on changing ports")
      ->required();
  app.add_option("--target", to.target, "Only results of this target, as it was typed or is named here")
      ->type_name("TARGET");
  add_form(app, to.output);
  app.footer(
      "Examples:\n"
      "  referee trend referee-results\n"
      "  referee trend my-registry=nightly\n"
      "  referee trend nightly --target https://registry.example --output html > trend.html\n\n"
      "A file below a folder that is no result is named, and the others are taken.\n"
      "Exit codes: 0 written, 2 usage, a file named here that is no result, or nothing that is one.");
}

}  // namespace referee::cli
