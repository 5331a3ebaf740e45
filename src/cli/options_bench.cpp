#include "option_parts.hpp"

namespace referee::cli {

void add_bench(CLI::App& root, BenchCommand& to) {
  auto& app = *root.add_subcommand("bench", "Measure what requests to a registry cost");
  app.add_option("TARGET", to.target, "URL, host:port (plain HTTP on loopback, else HTTPS) or embedded:PROFILE")
      ->required();
  app.add_option("--scenario", to.scenario,
                 "growth: each request as a repository fills with images, tags and referrers")
      ->check(CLI::IsMember({"growth"}).description(""))
      ->required()
      ->type_name("NAME");
  app.add_option("--namespace", to.name_space, "Repository prefix to work under")
      ->check(repository_name(200))
      ->capture_default_str()
      ->type_name("PREFIX");
  app.add_option("--results", to.results, "Folder for the results (default referee-results/<time>-<target>)")
      ->type_name("DIR");
  app.add_option("--repetitions", to.repetitions, "How often each request is measured at each count")
      ->type_name("N")
      ->check(CLI::Range(3, 10'000).description(""))
      ->capture_default_str();
  auto* most =
      app.add_option("--most", to.most, "Images, tags and referrers at the end, of 10, 32, 100, 316, 1,000 ...")
          ->type_name("N")
          ->check(CLI::Range(316, 10'000).description(""))
          ->capture_default_str();
  app.add_flag_callback("--full", [&to] { to.most = 10'000; }, "The same as --most 10000")->excludes(most);
  add_seed(app, to.seed)->description("Seed of all names and content; default: a new one, printed");
  app.add_flag("--keep", to.keep, "Leave what was pushed; the journal lists it for `referee cleanup`");
  app.add_flag("--json", to.json, "JSON on stdout");
  add_connection(app, to.connection);
  app.footer(
      "Examples:\n"
      "  referee bench embedded:oci-1.1 --scenario growth\n"
      "  referee bench 127.0.0.1:5000 --scenario growth --full --results results/growth\n\n"
      "Times are those of this client, its connection kept open, one request after another.\n"
      "Exit codes: 0 all measured, 2 usage, 3 nothing can be pushed, 4 an endpoint could not be measured, 130 "
      "interrupted.");
}

}  // namespace referee::cli
