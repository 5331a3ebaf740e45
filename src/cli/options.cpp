#include "options.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "config_file.hpp"
#include "manual.hpp"
#include "option_parts.hpp"
#include "referee/oci/words.hpp"
#include "values.hpp"

namespace referee::cli {
namespace {

using conformance::Spec;

constexpr const char* kProxies =
    "http_proxy, https_proxy and no_proxy are obeyed, except for loopback: that is always spoken to directly.\n";

const std::map<std::string, Spec> kSpecs{{"1.0", Spec::kV1_0}, {"1.1", Spec::kV1_1}, {"main", Spec::kMain}};
const std::map<std::string, Output> kOutputs{
    {"text", Output::kText}, {"json", Output::kJson}, {"junit", Output::kJunit}};
const std::map<std::string, conformance::Level> kLevels{
    {"must", conformance::Level::kMust}, {"should", conformance::Level::kShould}, {"may", conformance::Level::kMay},
    {"info", conformance::Level::kInfo}, {"claim", conformance::Level::kClaim},   {"impl", conformance::Level::kImpl}};

void add_selection(CLI::App& app, conformance::Selection& to, const std::string& default_suite) {
  const std::string group = "Selection";
  to.default_suite = default_suite;
  app.add_option("--select", to.select, "Check id, glob on ids, @tag; a leading ! takes away; may be repeated")
      ->type_name("PATTERN")
      ->group(group);
  app.add_option("--suite", to.suites,
                 "First part of the ids, e.g. proposals; may be repeated; " +
                     (default_suite.empty() ? std::string("default: all")
                                            : "default, without a --select that takes something: " + default_suite))
      ->type_name("NAME")
      ->group(group);
  app.add_option_function<std::vector<std::string>>(
         "--level",
         [&to](const std::vector<std::string>& names) {
           for (const auto& name : names) to.levels.push_back(kLevels.at(CLI::detail::to_lower(name)));
         },
         "Only checks of this level (must|should|may|info|claim|impl); may be repeated")
      ->check(CLI::IsMember({"must", "should", "may", "info", "claim", "impl"}, CLI::ignore_case).description(""))
      ->type_name("LEVEL")
      ->group(group);
}

/// Where a run works, and where its reports go.
void add_place(CLI::App& app, CheckCommand& to) {
  app.add_option("--namespace", to.name_space, "Repository prefix to work under")
      ->type_name("PREFIX")
      ->check(repository_name(128))
      ->capture_default_str();
  app.add_option("--repository", to.repositories,
                 "Work inside this repository; give it twice to allow mounts between two")
      ->type_name("NAME")
      ->check(repository_name(255))
      ->expected(1, 2);
  app.add_option("--results", to.results, "Folder for the reports (default referee-results/<time>-<target>)")
      ->check(named_folder())
      ->type_name("DIR");
}

CLI::Option* add_full(CLI::App& app, CheckCommand& to) {
  return app.add_flag("--full", to.full,
                      "The large sizes: 1,000 attachments, 10,000 tags, 128 writers, 20 rounds; takes hours");
}

void add_check(CLI::App& root, CheckCommand& to) {
  auto& app = *root.add_subcommand("check", "Judge a registry and write reports");
  app.add_option("TARGET", to.target, "URL, host:port (plain HTTP on loopback, else HTTPS) or embedded:PROFILE")
      ->required();
  add_place(app, to);
  add_selection(app, to.selection, kDefaultSuite);
  add_choice(app, "--spec", to.spec, kSpecs, "Version of the distribution-spec to judge by; default 1.1");
  app.add_flag("--strict", to.strict, "A SHOULD that is not met fails the run");
  add_seed(app, to.seed)->description("Seed of all names and content; default: a new one, printed");
  app.add_option("--jobs", to.jobs, "Worker processes")
      ->type_name("N")
      ->check(CLI::Range(1, 64).description(""))
      ->capture_default_str();
  app.add_option("--check-timeout", to.check_timeout, "Most seconds for one check")
      ->type_name("SECONDS")
      ->check(because([](const std::string& text) { return why_not_between(text, 1, 3600); }))
      ->capture_default_str();
  add_full(app, to)->description("The large sizes of the suites stories and seed; half an hour for a check at most");
  app.add_flag("--keep", to.keep, "Leave what was pushed; the journal lists it for `referee cleanup`");
  app.add_flag("--verbose,-v", to.verbose, "Also list the checks that passed");
  auto* output = add_choice(app, "--output", to.output, kOutputs, "What stdout gets at the end; default text");
  app.add_flag_callback("--json", [&to] { to.output = Output::kJson; }, "The same as --output json")->excludes(output);
  add_connection(app, to.connection);
  app.add_option("--config", to.config, "TOML file with any of these options, e.g. jobs = 8")
      ->check(CLI::ExistingFile.description(""))
      ->configurable(false)
      ->type_name("FILE");
  app.footer(
      "Examples:\n"
      "  referee check embedded:oci-1.1\n"
      "  referee check 127.0.0.1:5000 --results results/local --select 'oci-1.1/referrers*'\n"
      "  REFEREE_USERNAME=ci REFEREE_PASSWORD=... referee check https://registry.example --namespace ci/referee "
      "--strict\n\n" +
      std::string(kProxies) +
      "Exit codes: 0 no failure, 1 failures, 2 usage, 3 target cannot be judged, 4 inconclusive, 5 nothing selected,\n"
      "70 fault of the harness, 130 interrupted.");
}

void add_rubric(CLI::App& root, RubricCommand& to) {
  auto& app = *root.add_subcommand("rubric", "Measure every user story with every variant of the proposals");
  app.add_option(
         "TARGET", to.check.target,
         "embedded:all (a fresh registry for each cell, with what the variant needs), embedded:PROFILE, a URL, or "
         "host:port")
      ->required();
  add_place(app, to.check);
  app.add_option("--select", to.check.selection.select,
                 "Only these cells: id, glob on ids, e.g. 'stories/c.8/*'; a leading ! takes away; may be repeated")
      ->type_name("PATTERN");
  add_full(app, to.check);
  add_seed(app, to.check.seed)->description("Seed of all names and content; default: a new one, printed");
  to.check.jobs = 2;
  app.add_option("--jobs", to.check.jobs, "Worker processes")
      ->type_name("N")
      ->check(CLI::Range(1, 64).description(""))
      ->capture_default_str();
  app.add_flag("--keep", to.check.keep, "Leave what was pushed; the journal lists it for `referee cleanup`");
  app.add_flag_callback("--json", [&to] { to.check.output = Output::kJson; }, "JSON on stdout, one object per cell");
  add_connection(app, to.check.connection);
  app.footer(
      "Examples:\n"
      "  referee rubric embedded:all --results results/rubric\n"
      "  referee rubric 127.0.0.1:5000 --select 'stories/f.*'\n"
      "  referee rubric embedded:all --json | jq '.[] | select(.measured == \"N\")'");
}

void add_list(CLI::App& root, ListCommand& to) {
  auto& app = *root.add_subcommand("list", "List checks, requirements, faults, variants, profiles, runtimes ...");
  app.add_option("WHAT", to.what,
                 "checks|requirements|faults|variants|lies|profiles|runtimes|contents|client-checks|imitations")
      ->check(CLI::IsMember({"checks", "requirements", "faults", "variants", "profiles", "lies", "runtimes", "contents",
                             "client-checks", "imitations"})
                  .description(""))
      ->capture_default_str();
  add_selection(app, to.selection, "");
  add_choice(app, "--spec", to.spec, kSpecs, "Version whose levels are shown; default 1.1");
  app.add_flag("--json", to.json, "JSON on stdout");
  app.footer("Examples:\n  referee list\n  referee list --select 'oci-1.1/delete/*'\n  referee list faults --json");
}

void add_explain(CLI::App& root, ExplainCommand& to) {
  auto& app = *root.add_subcommand("explain", "Say what a check requires, why, how it is tested and what it catches");
  app.add_option("ID", to.id, "Check id, requirement id, fault name, content, check of clients, or imitation")
      ->required();
  add_choice(app, "--spec", to.spec, kSpecs, "Version whose level and link are shown; default 1.1");
  app.add_flag("--json", to.json, "JSON on stdout");
  app.footer(
      "Examples:\n  referee explain oci-1.1/referrers/empty-list\n  referee explain r.ref.null-list\n  referee explain "
      "nested-1");
}

void add_prove(CLI::App& root, ProveCommand& to) {
  auto& app =
      *root.add_subcommand("prove", "Show that each check can fail: the suite against the reference registry's faults");
  app.add_option(
         "--profile", to.profile,
         "Only this profile of the reference registry, see `referee list profiles`; default: all that checks name")
      ->type_name("NAME");
  app.add_option("--fault", to.faults, "Only these faults and variants (globs), see `referee list faults`")
      ->type_name("PATTERN");
  app.add_flag("--faults-only", to.faults_only, "Leave out the legal variants, which take most of the time");
  app.add_flag(
      "--named-only", to.named_only,
      "Under a fault run only the checks that name it: as strict and several times faster, but does not say who "
      "else would notice");
  add_selection(app, to.selection, kDefaultSuite);
  app.add_option("--jobs", to.jobs, "Faults examined at once")
      ->type_name("N")
      ->check(CLI::Range(1, 64).description(""))
      ->capture_default_str();
  add_seed(app, to.seed)->description("Seed of all names and content")->default_str("1");
  app.add_flag("--json", to.json, "JSON on stdout");
  app.footer(
      "Examples:\n  referee prove\n  referee prove --suite runtimes        imitations of runtimes with a defect; "
      "clients likewise\n  referee prove --suite proposals --profile e\n  referee prove --fault 'r.ref.*' "
      "--select 'oci-1.1/referrers*'");
}

bool given(const CLI::App& app, const std::string& option) {
  return app.get_option(option)->count() > 0;
}

/// What cannot be meant, or would have no effect: one line, or nothing.
std::string contradiction(const CLI::App& app, const CheckCommand& check) {
  if (given(app, "--namespace") && given(app, "--repository")) {
    return "--namespace has no effect with --repository; leave one of them out";
  }
  const auto& names = check.repositories;
  if (names.size() == 2 && names[0] == names[1]) return "--repository names '" + names[0] + "' twice";
  return "";
}

std::string contradiction(const CLI::App& app, const ListCommand& list) {
  if (list.what == "checks") return "";
  for (const auto* option : {"--select", "--suite", "--level"}) {
    if (given(app, option))
      return std::string(option) + " chooses checks: it has no effect on `list " + list.what + "`";
  }
  if (list.what != "requirements" && given(app, "--spec")) return "--spec has no effect on `list " + list.what + "`";
  return "";
}

/// What the parser has no place for: the first option of it, with the one that was meant, or the words in their order.
std::string unexpected_words(const CLI::App& app, const CLI::App& command) {
  const auto words = app.remaining(true);
  const auto option =
      std::ranges::find_if(words, [](const std::string& word) { return word.size() > 2 && word.starts_with("-"); });
  if (option == words.end()) return fmt::format("`{}` is more than it takes", fmt::join(words, " "));
  const auto name = option->substr(0, option->find('='));
  std::vector<std::string> names;
  for (const auto* known : command.get_options()) {
    for (const auto& word : known->get_lnames()) names.push_back("--" + word);
  }
  return fmt::format("there is no option `{}`{}", name, oci::did_you_mean(name, names));
}

std::string one_line(std::string text) {
  if (const auto end = text.find('\n'); end != std::string::npos) text.erase(end);
  return text;
}

/// Paths go into JSON on their way to reports and to worker processes, where other bytes would become another path.
bool is_text(const std::string& word) {
  using nlohmann::json;
  const auto text = json(word).dump(-1, ' ', true, json::error_handler_t::ignore);
  return json::parse(text).get_ref<const std::string&>() == word;
}

}  // namespace

tl::expected<Command, Refusal> parse(int argc, char** argv) {
  for (int at = 1; at < argc; ++at) {
    if (is_text(argv[at])) continue;
    return tl::unexpected(Refusal{ExitCode::kUsage, fmt::format("word {} of the command is no UTF-8: give files and "
                                                                "folders names that are",
                                                                at)});
  }
  CLI::App app("Referee judges OCI registries, and the runtimes and clients that use them.", "referee");
  app.require_subcommand(1);
  app.get_formatter()->column_width(34);
  app.footer(
      "Examples:\n"
      "  referee check embedded:oci-1.1            judge the reference registry\n"
      "  referee check 127.0.0.1:5000              judge a registry on this machine\n"
      "  referee explain oci-1.1/referrers/empty-list\n"
      "  referee COMMAND --help                    options and examples of a command");
  // CLI11 keeps references to these while it parses.
  CheckCommand check;
  RubricCommand rubric;
  BenchCommand bench;
  LoadCommand load;
  MergeCommand merge;
  NullServerCommand null_server;
  CompareCommand compare;
  MatrixCommand matrix;
  TrendCommand trend;
  ChartsCommand charts;
  ReportCommand report;
  ListCommand list;
  ExplainCommand explain;
  ServeCommand serve;
  ProveCommand prove;
  CleanupCommand cleanup;
  ReplayCommand replay;
  CertifyCommand certify;
  VerifyCertificateCommand verify_certificate;
  VersionCommand version;
  RuntimeCommand runtime;
  ClientCommand client;
  ImitateCommand imitate;
  ReferenceCommand reference;
  std::string shell;
  add_check(app, check);
  add_rubric(app, rubric);
  add_bench(app, bench);
  add_load(app, load);
  add_merge(app, merge);
  add_null_server(app, null_server);
  add_compare(app, compare);
  add_results_matrix(app, matrix);
  add_trend(app, trend);
  add_charts(app, charts);
  add_report(app, report);
  add_list(app, list);
  add_explain(app, explain);
  add_serve(app, serve);
  add_prove(app, prove);
  add_cleanup(app, cleanup);
  add_replay(app, replay);
  add_certify(app, certify);
  add_verify_certificate(app, verify_certificate);
  add_runtime(app, runtime);
  add_client(app, client);
  add_imitate(app, imitate);
  add_reference(app, reference);
  add_texts(app, shell);
  auto& version_app = *app.add_subcommand("version", "Print the version");
  version_app.add_flag("--json", version.json, "JSON on stdout");
  app.add_subcommand("worker", "")->group("");
  app.set_version_flag("--version", "", "Print the version");

  try {
    app.parse(argc, argv);
    if (!check.config.empty()) apply_config(*app.get_subcommand("check"), check.config);
    const auto& chosen = *app.get_subcommands().front();
    std::string wrong;
    if (chosen.get_name() == "check") wrong = contradiction(chosen, check);
    if (chosen.get_name() == "rubric") wrong = contradiction(chosen, rubric.check);
    if (chosen.get_name() == "list") wrong = contradiction(chosen, list);
    if (!wrong.empty()) throw CLI::ParseError(wrong, CLI::ExitCodes::ExcludesError);
  } catch (const CLI::CallForHelp&) {
    return tl::unexpected(Refusal{ExitCode::kOk, app.help()});
  } catch (const CLI::CallForVersion&) {
    return VersionCommand{};
  } catch (const CLI::ParseError& error) {
    const auto chosen = app.get_subcommands();
    if (chosen.empty() && argc > 1 && argv[1][0] != '-') {
      std::vector<std::string> names;
      for (const auto* known : app.get_subcommands([](const CLI::App* one) { return !one->get_group().empty(); })) {
        names.push_back(known->get_name());
      }
      return tl::unexpected(Refusal{ExitCode::kUsage, fmt::format("there is no command '{}'{} (see `referee --help`)",
                                                                  argv[1], oci::did_you_mean(argv[1], names))});
    }
    const std::string command = chosen.empty() ? "referee" : "referee " + chosen.front()->get_name();
    const bool extras = error.get_exit_code() == static_cast<int>(CLI::ExitCodes::ExtrasError) && !chosen.empty();
    auto why = extras ? unexpected_words(app, *chosen.front()) : one_line(error.what());
    if (!chosen.empty()) why = with_variable(std::move(why), *chosen.front(), {argv, argv + argc});
    return tl::unexpected(Refusal{ExitCode::kUsage, why + " (see `" + command + " --help`)"});
  }

  const std::string name = app.get_subcommands().front()->get_name();
  if (name == "check") return check;
  if (name == "rubric") return rubric;
  if (name == "bench") return bench;
  if (name == "load") return load;
  if (name == "merge") return merge;
  if (name == "null-server") return null_server;
  if (name == "compare") return compare;
  if (name == "matrix") return matrix;
  if (name == "trend") return trend;
  if (name == "charts") return charts;
  if (name == "report") return report;
  if (name == "list") return list;
  if (name == "explain") return explain;
  if (name == "serve") return serve;
  if (name == "prove") return prove;
  if (name == "cleanup") return cleanup;
  if (name == "replay") return replay;
  if (name == "certify") return certify;
  if (name == "verify-certificate") return verify_certificate;
  if (name == "version") return version;
  if (name == "runtime") return runtime;
  if (name == "client") return client;
  if (name == "imitate") return imitate;
  if (name == "reference") return reference;
  if (name == "completion") return TextCommand{completion_script(shell, describe(app))};
  if (name == "man") return TextCommand{man_page(describe(app))};
  return WorkerCommand{};
}

}  // namespace referee::cli
