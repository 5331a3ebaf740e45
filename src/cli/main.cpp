#include <csignal>
#include <cstdio>
#include <exception>
#include <string>
#include <variant>

#include "commands.hpp"
#include "referee/conformance/runner.hpp"

namespace {

using namespace referee;
using cli::ExitCode;

int dispatch(int argc, char** argv) {
  const auto command = cli::parse(argc, argv);
  if (!command) {
    if (command.error().code == ExitCode::kOk) {
      cli::write_text(stdout, command.error().text);
      return 0;
    }
    return static_cast<int>(cli::refuse(command.error().code, command.error().text));
  }
  struct Visitor {
    int operator()(const cli::CheckCommand& c) const { return static_cast<int>(cli::run_check(c)); }
    int operator()(const cli::RubricCommand& c) const { return static_cast<int>(cli::run_rubric(c)); }
    int operator()(const cli::BenchCommand& c) const { return static_cast<int>(cli::run_bench(c)); }
    int operator()(const cli::LoadCommand& c) const { return static_cast<int>(cli::run_load(c)); }
    int operator()(const cli::MergeCommand& c) const { return static_cast<int>(cli::run_merge(c)); }
    int operator()(const cli::NullServerCommand& c) const { return static_cast<int>(cli::run_null_server(c)); }
    int operator()(const cli::CompareCommand& c) const { return static_cast<int>(cli::run_compare(c)); }
    int operator()(const cli::MatrixCommand& c) const { return static_cast<int>(cli::run_matrix(c)); }
    int operator()(const cli::TrendCommand& c) const { return static_cast<int>(cli::run_trend(c)); }
    int operator()(const cli::ChartsCommand& c) const { return static_cast<int>(cli::run_charts(c)); }
    int operator()(const cli::ReportCommand& c) const { return static_cast<int>(cli::run_report(c)); }
    int operator()(const cli::ListCommand& c) const { return static_cast<int>(cli::run_list(c)); }
    int operator()(const cli::ExplainCommand& c) const { return static_cast<int>(cli::run_explain(c)); }
    int operator()(const cli::ServeCommand& c) const { return static_cast<int>(cli::run_serve(c)); }
    int operator()(const cli::ProveCommand& c) const { return static_cast<int>(cli::run_prove(c)); }
    int operator()(const cli::CleanupCommand& c) const { return static_cast<int>(cli::run_cleanup(c)); }
    int operator()(const cli::ReplayCommand& c) const { return static_cast<int>(cli::run_replay(c)); }
    int operator()(const cli::CertifyCommand& c) const { return static_cast<int>(cli::run_certify(c)); }
    int operator()(const cli::VerifyCertificateCommand& c) const {
      return static_cast<int>(cli::run_verify_certificate(c));
    }
    int operator()(const cli::VersionCommand& c) const { return static_cast<int>(cli::run_version(c)); }
    int operator()(const cli::RuntimeCommand& c) const { return static_cast<int>(cli::run_runtime(c)); }
    int operator()(const cli::ClientCommand& c) const { return static_cast<int>(cli::run_client(c.matrix)); }
    int operator()(const cli::ImitateCommand& c) const { return static_cast<int>(cli::run_imitate(c)); }
    int operator()(const cli::TextCommand& c) const { return static_cast<int>(cli::run_text(c)); }
    int operator()(const cli::ReferenceCommand& c) const { return static_cast<int>(cli::run_reference(c)); }
    int operator()(const cli::WorkerCommand& /*unused*/) const {
      return conformance::worker_main(cli::sound_catalogue());
    }
  };
  return std::visit(Visitor{}, *command);
}

int refuse_lost_output(const std::string& why) {
  return static_cast<int>(
      cli::refuse(ExitCode::kUsage, "cannot write to standard output: " + why + "; redirect it elsewhere"));
}

}  // namespace

int main(int argc, char** argv) {
  (void)std::signal(SIGPIPE, SIG_IGN);
  try {
    const int code = dispatch(argc, argv);
    const auto lost = cli::lost_output();
    return lost.empty() ? code : refuse_lost_output(lost);
  } catch (const std::exception& error) {
    return static_cast<int>(
        cli::refuse(ExitCode::kInternal, std::string("internal fault, please report it: ") + error.what()));
  }
}
