#include <CLI/CLI.hpp>
#include <string>

#include "option_parts.hpp"
#include "options.hpp"
#include "values.hpp"

/// `referee serve`, and `referee cleanup`, which undoes what a run left.
namespace referee::cli {
namespace {

CLI::Option* add_size(CLI::App& app, const std::string& flag, std::uint64_t& target, const std::string& text) {
  return app
      .add_option_function<std::string>(
          flag, [&target](const std::string& given) { target = read_size(given).value_or(0); }, text)
      ->check(because(why_no_size))
      ->type_name("SIZE");
}

}  // namespace

void add_serve(CLI::App& root, ServeCommand& to) {
  auto& app = *root.add_subcommand("serve", "Run the reference registry, sound or with named faults");
  app.add_option("--listen", to.listen, "HOST:PORT; port 0 lets the system choose")
      ->type_name("HOST:PORT")
      ->capture_default_str();
  app.add_option("--profile", to.profile, "What the registry can do; see `referee list profiles`")
      ->type_name("NAME")
      ->capture_default_str();
  app.add_option("--fault,--variant", to.deviations,
                 "Fault (r.*) or legal variant (v.*) to switch on, see `referee list faults`; may be repeated")
      ->type_name("NAME");
  app.add_option("--delay", to.delay, "Think time before each answer, e.g. 20 or 0.25")
      ->type_name("MS")
      ->check(because([](const std::string& text) { return why_not_between(text, 0, 60'000); }));
  app.add_option(
         "--store", to.store,
         "Keep content in this folder, new or made by an earlier --store, as an OCI image layout instead of in memory")
      ->type_name("DIR");
  add_size(app, "--memory", to.memory, "Cap of the in-memory store (bytes, or with KiB, MiB, GiB)");
  add_size(app, "--manifest-limit", to.manifest_limit, "Largest manifest; 0 takes the profile's");
  app.add_flag("--contents", to.contents,
               "Push what `referee runtime` tries runtimes on: referee/ID:v1 for each of `referee list contents`");
  app.add_option("--access-log", to.access_log, "Append one JSON line for each request")->type_name("FILE");
  app.add_option(
         "--control", to.control,
         "Loopback HOST:PORT on which POST /gc collects garbage and POST /profile?name=NAME switches the profile")
      ->type_name("HOST:PORT");
  app.footer(
      "Examples:\n"
      "  referee serve --listen 127.0.0.1:5000 --profile oci-1.1\n"
      "  referee serve --listen 127.0.0.1:0 --fault r.ref.null-list --delay 20\n"
      "  referee serve --contents        then, for instance: podman pull --tls-verify=false "
      "127.0.0.1:5000/referee/nested-1:v1");
}

void add_cleanup(CLI::App& root, CleanupCommand& to) {
  auto& app = *root.add_subcommand("cleanup", "Remove what a run left in a registry, from its journal");
  app.add_option("JOURNAL", to.journal, "journal.jsonl of the run's results")->required();
  add_connection(app, to.connection);
  app.footer(
      "Example:\n  referee cleanup referee-results/20261124T120000-127.0.0.1-5000/journal.jsonl\n\n"
      "Exit codes: 0 everything is gone, 1 something is left, also where the registry offers no way to remove it (it "
      "is\n"
      "listed and stays in the journal), 2 usage, 3 the registry cannot be reached, 130 interrupted.");
}

}  // namespace referee::cli
