#include "option_parts.hpp"

namespace referee::cli {

void add_bench(CLI::App& root, BenchCommand& to) {
  auto& app = *root.add_subcommand("bench", "Measure what the proposals' protocols, and requests to a registry, cost");
  app.add_option("TARGET", to.target,
                 "URL, host:port (plain HTTP on loopback, else HTTPS), embedded:PROFILE, or embedded:all: a fresh "
                 "registry for each variant, with what it needs")
      ->required();
  auto* scenario =
      app.add_option("--scenario", to.scenario,
                     "growth: each request as a repository fills with images, tags and referrers; default: "
                     "attach, discover, verify, pull and copy with every variant that the target supports")
          ->check(CLI::IsMember({"growth"}).description(""))
          ->type_name("NAME");
  app.add_option("--select", to.select, "Only benchmarks whose name matches, e.g. 'verify/*/n:100/*'; may be repeated")
      ->type_name("GLOB")
      ->excludes(scenario);
  app.add_option("--variant", to.variants, "Only this variant (referee list variants); may be repeated")
      ->type_name("ID")
      ->excludes(scenario);
  app.add_option("--namespace", to.name_space, "Repository prefix to work under")
      ->check(repository_name(200))
      ->capture_default_str()
      ->type_name("PREFIX");
  app.add_option("--results", to.results, "Folder for the results (default referee-results/<time>-<target>)")
      ->type_name("DIR");
  app.add_option("--repetitions", to.repetitions, "How often each is measured; default 10, of growth 15")
      ->type_name("N")
      ->check(CLI::Range(3, 10'000).description(""));
  auto* most =
      app.add_option("--most", to.most,
                     "Of growth: images, tags and referrers at the end, of 10, 32, 100, 316, 1,000 ...; default 1000")
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
      "  referee bench 127.0.0.1:5000 --scenario growth --full --results results/growth\n\n"
      "A benchmark counts only if what it measured was right and took the requests that its formula says.\n"
      "Exit codes: 0 all measured, 2 usage, 3 nothing can be pushed, 4 something does not count, 130 interrupted.");
}

}  // namespace referee::cli
