#include <fmt/format.h>

#include "benchmarks/cell.hpp"
#include "benchmarks/scenario.hpp"
#include "option_parts.hpp"

namespace referee::cli {

namespace {

std::vector<std::string> scenario_names() {
  std::vector<std::string> names{"growth"};
  for (const auto& scenario : suites::benchmarks::scenarios()) names.emplace_back(scenario.name);
  return names;
}

std::string scenarios_text() {
  std::string text = "growth: what each request costs as a repository fills with images, tags and referrers; ";
  for (const auto& scenario : suites::benchmarks::scenarios())
    text += fmt::format("{}: {}; ", scenario.name, scenario.about);
  return text + "default: attach, discover, verify, pull and copy with every variant that the target supports";
}

}  // namespace

CLI::Option* add_threshold(CLI::App& app, double& percent) {
  return app.add_option("--threshold", percent, "What a time has to differ by to be called different; default 10")
      ->type_name("PERCENT")
      ->check(because([](const std::string& text) { return why_not_between(text, 0, 1000); }));
}

void add_charts(CLI::App& root, ChartsCommand& to) {
  auto& app = *root.add_subcommand("charts", "One page with charts of several results of `referee bench`");
  app.add_option(
         "[NAME=]FILE|DIR", to.paths,
         "protocol.json, growth.json or a scenario's file; of a folder those in it and below, by these names. NAME: "
         "what the target is called, instead of its address")
      ->required();
  app.add_option("--results", to.results, "Folder that gets bench.html and bench.md; without, stdout gets the page")
      ->check(named_folder())
      ->type_name("DIR");
  app.add_option("--output", to.output, "The one that is wanted (html|markdown); default html, and both with --results")
      ->check(CLI::IsMember({"html", "markdown"}).description(""))
      ->type_name("NAME");
  app.footer(
      "Examples:\n"
      "  referee charts mine=results/1 other=results/2 > bench.html\n"
      "  referee charts results/*/rebuild.json --results results/rebuild\n"
      "  referee charts results/mine/protocol.json --output markdown\n\n"
      "Charts of the same thing share their axes, so that targets can be compared.\n"
      "Exit codes: 0 written, 2 usage, or a file that is no result.");
}

void add_report(CLI::App& root, ReportCommand& to) {
  auto& app = *root.add_subcommand("report", "One page of everything that several results folders hold");
  app.add_option("DIR", to.folders,
                 "Results folder of check, rubric, runtime, client, bench or load, or a folder with some below")
      ->required();
  app.add_option("--output", to.output, "The page")
      ->check(because([](const std::string& text) { return text.empty() ? "the file's name is empty" : ""; }))
      ->type_name("FILE")
      ->capture_default_str();
  app.footer(
      "Examples:\n"
      "  referee report results/mine --output mine.html\n"
      "  referee report results/check results/rubric results/bench\n\n"
      "A comparison.json beside the results, as `referee compare --output json` prints it, is shown, too. What cannot "
      "be\n"
      "read is named on stderr and on the page.\n"
      "Exit codes: 0 written, 2 usage, or something could not be read.");
}

void add_bench(CLI::App& root, BenchCommand& to) {
  auto& app = *root.add_subcommand("bench", "Measure what the proposals' protocols, and requests to a registry, cost");
  app.add_option("TARGET", to.target,
                 "URL, host:port (plain HTTP on loopback, else HTTPS), embedded:PROFILE, or embedded:all: a fresh "
                 "registry for each variant, with what it needs")
      ->required();
  auto* scenario = app.add_option("--scenario", to.scenario, scenarios_text())
                       ->check(CLI::IsMember(scenario_names()).description(""))
                       ->type_name("NAME");
  app.add_option("--select", to.select, "Only benchmarks whose name matches, e.g. 'verify/*/n:100/*'; may be repeated")
      ->type_name("GLOB")
      ->excludes(scenario);
  app.add_option("--variant", to.variants, "Only this variant; may be repeated: " + suites::benchmarks::variant_names())
      ->type_name("ID");
  auto* compare = app.add_option("--compare", to.compare,
                                 "A second target: the same benchmarks on both, in turn; exit code 1 if it is slower")
                      ->type_name("TARGET")
                      ->excludes(scenario);
  add_threshold(app, to.threshold)->needs(compare);
  app.add_option("--namespace", to.name_space, "Repository prefix to work under")
      ->check(repository_name(200))
      ->capture_default_str()
      ->type_name("PREFIX");
  app.add_option("--results", to.results, "Folder for the results (default referee-results/<time>-<target>)")
      ->check(named_folder())
      ->type_name("DIR");
  app.add_option("--repetitions", to.repetitions, "How often each is measured, 3 or more; default 10, of growth 15")
      ->type_name("N")
      ->check(CLI::Range(3, 10'000).description(""));
  auto* most =
      app.add_option(
             "--most", to.most,
             "Of growth: images, tags and referrers at the end, of 10, 32, 100, 316, 1,000 ...; from 316 on, default "
             "1000")
          ->type_name("N")
          ->check(CLI::Range(316, 10'000).description(""))
          ->needs(scenario);
  app.add_flag("--full", to.full, "Everything, up to 10,000 attachments and 100 ms of round trip: takes hours")
      ->excludes(most);
  add_seed(app, to.seed)->description("Seed of all names and content; default: a new one, printed");
  app.add_flag("--keep", to.keep, "Leave what was pushed; the journal lists it for `referee cleanup`");
  app.add_flag("--json", to.json, "JSON on stdout; without --scenario as Google Benchmark writes it");
  add_connection(app, to.connection);
  app.footer(
      "Examples:\n"
      "  referee bench embedded:all\n"
      "  referee bench 127.0.0.1:5000 --select 'verify/*' --json\n"
      "  referee bench embedded:all --select 'verify/oci-1.1/api/n:1000/policy:all/by:reference/rtt:25/parallel:64'\n"
      "  referee bench embedded:all --scenario rebuild\n"
      "  referee bench 127.0.0.1:5000 --compare 127.0.0.1:5001 --select 'verify/*'\n"
      "  referee bench 127.0.0.1:5000 --scenario growth --full --results results/growth\n\n"
      "A benchmark counts only if what it measured was right and took the requests that its formula says.\n"
      "Exit codes: 0 all measured, 1 the second target is slower, 2 usage, 3 nothing can be pushed, 4 something does "
      "not count,\n5 nothing selected, 130 interrupted.");
}

}  // namespace referee::cli
