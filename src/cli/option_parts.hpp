#pragma once

#include <CLI/CLI.hpp>
#include <map>
#include <string>
#include <vector>

#include "options.hpp"
#include "values.hpp"

/// What the files that declare options share. CLI11 is heavy: include this in those alone.
namespace referee::cli {

/// CLI11's own transformers list numbers of the enum in the help; names are what a person types.
template <class Enum>
CLI::Option* add_choice(CLI::App& app, const std::string& flag, Enum& target, const std::map<std::string, Enum>& names,
                        const std::string& text) {
  std::string list;
  for (const auto& [name, value] : names) list += (list.empty() ? "" : "|") + name;
  std::vector<std::string> keys;
  for (const auto& [name, value] : names) keys.push_back(name);
  CLI::callback_t take = [&target, names](const CLI::results_t& given) {
    target = names.at(given.front());
    return true;
  };
  return app.add_option(flag, std::move(take), text + " (" + list + ")")
      ->check(CLI::IsMember(keys).description(""))
      ->type_name("NAME");
}

/// A function of values.hpp as CLI11 wants it.
template <class Why>
CLI::Validator because(Why why) {
  return {[why](std::string& text) { return why(text); }, ""};
}

inline CLI::Validator named_folder() {
  return because([](const std::string& text) { return text.empty() ? "the folder's name is empty" : ""; });
}
inline CLI::Validator repository_name(std::size_t longest) {
  return because([longest](const std::string& text) { return why_no_repository(text, longest); });
}

template <class Target>
CLI::Option* add_seed(CLI::App& app, Target& target) {
  return app
      .add_option_function<std::string>("--seed",
                                        [&target](const std::string& text) { target = read_number(text).value_or(0); })
      ->check(because(why_no_number))
      ->type_name("N");
}

/// How a registry is reached: TLS, credentials, HTTP version.
void add_connection(CLI::App& app, ConnectionOptions& to);
/// A complaint of CLI11's about an option, with the environment variable's name where that gave the value.
std::string with_variable(std::string why, const CLI::App& app, const std::vector<std::string>& words);

/// --threshold: of benchmarks, in percent.
CLI::Option* add_threshold(CLI::App& app, double& percent);

// The subcommands of options_bench.cpp.
void add_bench(CLI::App& root, BenchCommand& to);
void add_charts(CLI::App& root, ChartsCommand& to);
void add_report(CLI::App& root, ReportCommand& to);
// The subcommands of options_serve.cpp.
void add_serve(CLI::App& root, ServeCommand& to);
void add_cleanup(CLI::App& root, CleanupCommand& to);
// The subcommands of options_results.cpp.
void add_compare(CLI::App& root, CompareCommand& to);
void add_results_matrix(CLI::App& root, MatrixCommand& to);
void add_trend(CLI::App& root, TrendCommand& to);
// The subcommands of options_load.cpp.
void add_load(CLI::App& root, LoadCommand& to);
void add_merge(CLI::App& root, MergeCommand& to);
void add_null_server(CLI::App& root, NullServerCommand& to);
// The subcommands of options_matrix.cpp.
void add_runtime(CLI::App& root, RuntimeCommand& to);
void add_client(CLI::App& root, ClientCommand& to);
void add_imitate(CLI::App& root, ImitateCommand& to);
// The subcommands of manual_read.cpp.
void add_reference(CLI::App& root, ReferenceCommand& to);
void add_texts(CLI::App& root, std::string& shell);
// The subcommands of options_certificate.cpp.
void add_replay(CLI::App& root, ReplayCommand& to);
void add_certify(CLI::App& root, CertifyCommand& to);
void add_verify_certificate(CLI::App& root, VerifyCertificateCommand& to);

}  // namespace referee::cli
