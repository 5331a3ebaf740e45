#include "option_parts.hpp"

namespace referee::cli {
namespace {

/// os/arch or os/arch/variant.
std::string why_no_platform(const std::string& text) {
  const auto slashes = std::ranges::count(text, '/');
  const bool whole = text.find("//") == std::string::npos && !text.starts_with('/') && !text.ends_with('/');
  if ((slashes == 1 || slashes == 2) && whole) return "";
  return "'" + text + "' is no platform: give OS/ARCHITECTURE, e.g. linux/amd64";
}

}  // namespace

void add_runtime(CLI::App& root, RuntimeCommand& to) {
  auto& app = *root.add_subcommand("runtime", "Find out which image real runtimes take from crafted indexes");
  app.add_option("NAME", to.names, "Of a runtime, see `referee list runtimes`; all; or the JSON file of another one");
  app.add_option("--runtime", to.files, "One more description of a runtime; may be repeated")->type_name("FILE");
  app.add_option("--content", to.contents,
                 "Only these contents: id or glob, see `referee list contents`; may be repeated")
      ->type_name("GLOB");
  app.add_option("--results", to.results, "Folder for the reports (default referee-results/<time>-runtimes)")
      ->type_name("DIR");
  app.add_option("--baseline", to.baseline, "matrix.json of an earlier run: what changed since is marked")
      ->check(CLI::ExistingFile.description(""))
      ->type_name("FILE");
  app.add_option("--platform", to.platform, "OS/ARCHITECTURE to pull for")
      ->check(because(why_no_platform))
      ->type_name("PLATFORM")
      ->capture_default_str();
  app.add_option("--pull-timeout", to.pull_timeout, "Most seconds for one pull")
      ->check(CLI::Range(1, 600).description(""))
      ->type_name("SECONDS")
      ->capture_default_str();
  app.add_option("--jobs", to.jobs, "Runtimes tried at once")
      ->type_name("N")
      ->check(CLI::Range(1, 64).description(""))
      ->capture_default_str();
  add_seed(app, to.seed)->description("Seed of all content; default 1: the same content each time");
  app.add_flag("--full", to.full, "Also manifests of up to 8 MiB and indexes of 10,000 entries");
  app.add_flag("--strict", to.strict, "A SHOULD that is not met fails the run");
  auto* output = add_choice(app, "--output", to.output,
                            {{"text", Output::kText}, {"json", Output::kJson}, {"junit", Output::kJunit}},
                            "What stdout gets at the end; default text");
  app.add_flag_callback("--json", [&to] { to.output = Output::kJson; }, "The same as --output json")->excludes(output);
  app.footer(
      "Each runtime works in a folder of its own, with its own daemon; the machine's is never touched. Most of them "
      "need\n"
      "root. A description is documented in fixtures/runtimes/README.md.\n\n"
      "Examples:\n"
      "  referee runtime all --results results/runtimes\n"
      "  referee runtime podman skopeo --content 'nested-*'\n"
      "  referee runtime ./my-runtime.json --baseline results/runtimes/matrix.json\n\n"
      "Exit codes: 0 no failure, 1 a wrong object or a broken MUST, 2 usage, 3 none of the runtimes can be tried,\n"
      "4 something was cut off or unclear, 5 nothing selected, 70 fault of the harness, 130 interrupted.");
}

void add_imitate(CLI::App& root, ImitateCommand& to) {
  auto& app = *root.add_subcommand("imitate", "Act as a runtime or client, sound or with one defect: proves the judge");
  app.add_option("NAME", to.name, "Which one, see `referee list imitations`")->required();
  app.add_option("OPERATION", to.operation, "What to do, e.g. pull")->required();
  app.add_option("REFERENCE", to.reference, "HOST:PORT/REPOSITORY:TAG or ...@DIGEST, over plain HTTP")->required();
  app.add_option("--target", to.target, "Where to copy to")->type_name("REFERENCE");
  app.add_option("--platform", to.platform, "OS/ARCHITECTURE to pull for")
      ->check(because(why_no_platform))
      ->type_name("PLATFORM")
      ->capture_default_str();
  app.add_option("--output", to.output, "New folder for what is pulled, or file for a blob")->type_name("PATH");
  app.add_option("--layout", to.layout, "Image layout to push from")->type_name("DIR");
  app.add_option("--file", to.file, "File to attach")->type_name("FILE");
  app.add_option("--type", to.type, "artifactType to attach with or to filter by")->type_name("TYPE");
  app.add_option("--annotation", to.annotation, "To attach with")->type_name("KEY=VALUE");
  app.footer(
      "Example:\n"
      "  referee imitate t.pick-last pull 127.0.0.1:5000/referee/two-matching:v1 --output /tmp/pulled");
}

}  // namespace referee::cli
