#include <algorithm>
#include <chrono>
#include <filesystem>

#include "commands.hpp"
#include "judging.hpp"
#include "pulls.hpp"
#include "referee/certificate/certificate.hpp"
#include "referee/cli/version.hpp"
#include "result_files.hpp"

namespace referee::cli {
namespace {

tl::expected<void, std::string> write_submission(const std::string& folder, const certificate::Submission& submission) {
  std::error_code failure;
  std::filesystem::create_directories(folder, failure);
  if (failure) return tl::unexpected(fmt::format("cannot create {}: {}", folder, failure.message()));
  for (const auto& [name, bytes] : submission.files) {
    if (auto written = reports::replace_file(folder + "/" + name, bytes); !written) return written;
  }
  return {};
}

/// A folder that holds other things than an earlier submission is somebody else's.
bool usable(const std::string& folder) {
  namespace fs = std::filesystem;
  std::error_code failure;
  if (!fs::exists(folder, failure) || fs::is_empty(folder, failure)) return true;
  if (!fs::exists(fs::path(folder) / certificate::kBundleFile, failure)) return false;
  const auto names = certificate::submission_files();
  for (auto entry = fs::directory_iterator(folder, failure); !failure && entry != fs::directory_iterator();
       entry.increment(failure)) {
    if (std::ranges::find(names, entry->path().filename().string()) == names.end()) return false;
  }
  return !failure;
}

/// PRODUCT.yaml is read by others, who may show what is in it.
std::string wrong_words(const CertifyCommand& command) {
  constexpr std::size_t kLongest = 500;
  for (const auto& [option, text] : {std::pair{"--vendor", &command.vendor},
                                     {"--product", &command.product},
                                     {"--product-version", &command.version},
                                     {"--website", &command.website},
                                     {"--documentation", &command.documentation}}) {
    const bool one_line = std::ranges::none_of(*text, [](unsigned char c) { return c < 0x20 || c == 0x7f; });
    if (!one_line || text->size() > kLongest) {
      return fmt::format("{} wants one line of at most {} bytes", option, kLongest);
    }
  }
  for (const auto& [option, text] :
       {std::pair{"--website", &command.website}, {"--documentation", &command.documentation}}) {
    if (!text->empty() && !text->starts_with("https://") && !text->starts_with("http://")) {
      return fmt::format("{} wants an address that begins with https:// or http://", option);
    }
  }
  return "";
}

ExitCode attach(const CertifyCommand& command, const certificate::Submission& submission) {
  const auto& info = submission.run.info;
  if (info.target.starts_with("embedded:")) {
    return refuse(ExitCode::kUsage, "--attach: the registry that was judged was started for the run and is gone");
  }
  const auto target = conformance::parse_target(info.url, command.connection.plain_http);
  if (!target) return refuse(ExitCode::kUsage, target.error());
  auto reached = reach(*target, command.connection);
  if (!reached) return refuse(reached.error().code, reached.error().text);
  distribution::Registry registry(client_of(reached->connection), reached->connection.url);
  const auto repository = command.reference.empty() ? info.name_space + "/certificate" : command.reference;
  const auto attached = certificate::attach(registry, repository, submission);
  if (!attached) return refuse(ExitCode::kUnjudgeable, fmt::format("--attach to {}: {}", info.url, attached.error()));
  const auto host = info.url.substr(info.url.find("://") + 3);
  say(stdout, "attached to {}/{}@{}: {}{}\n", host, repository, attached->submission, attached->certificate,
      attached->fallback ? ", listed under the referrers tag" : "");
  return ExitCode::kOk;
}

}  // namespace

ExitCode run_certify(const CertifyCommand& command) {
  const bool runtime = certificate::has_pulls(command.results);
  for (const auto* name : {"results.json", runtime ? "matrix.json" : "recording.jsonl"}) {
    if (std::error_code ignored; std::filesystem::exists(command.results + "/" + name, ignored)) continue;
    return refuse(ExitCode::kUsage,
                  without_results(command.results, fmt::format("{} holds no results of `referee {}`: there is no {}",
                                                               command.results, runtime ? "runtime" : "check", name)));
  }
  if (runtime && command.attach) {
    return refuse(ExitCode::kUsage, "--attach: a runtime was judged, and no registry that could take the certificate");
  }
  const auto text = read_key(command.key, "give a private key in PEM");
  if (!text) return refuse(ExitCode::kUsage, text.error());
  const auto key = signing::PrivateKey::from_pem(*text);
  if (!key) return refuse(ExitCode::kUsage, fmt::format("{}: {}", command.key, key.error()));
  const auto folder = command.output.empty() ? command.results + "/submission" : command.output;
  if (!usable(folder)) {
    return refuse(ExitCode::kUsage, fmt::format("{} holds other things: name a new folder with --output", folder));
  }
  if (const auto wrong = wrong_words(command); !wrong.empty()) return refuse(ExitCode::kUsage, wrong);
  for (const auto& name : command.profiles) {
    if (certificate::find_profile(name) != nullptr) continue;
    std::string known;
    for (const auto& profile : certificate::profiles()) known += (known.empty() ? "" : ", ") + profile.name;
    return refuse(ExitCode::kUsage, fmt::format("there is no profile '{}'; there are: {}", name, known));
  }
  certificate::Order order;
  order.folder = command.results;
  order.profiles = command.profiles;
  order.product = {command.vendor, command.product, command.version, command.website, command.documentation};
  order.now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  order.days = command.expires;
  certificate::RejudgeOptions options;
  options.interrupted = interrupted;
  options.runtime = judge_runtime;
  watch_interrupts();
  const auto submission = certificate::certify(order, *key, {std::string(kVersion), std::string(commit())},
                                               {sound_catalogue(), conformance::Ledger::builtin()}, options);
  if (interrupted()) return refuse(ExitCode::kInterrupted, "interrupted");
  if (!submission) return refuse(ExitCode::kFailed, submission.error());
  if (const auto written = write_submission(folder, *submission); !written) {
    return refuse(ExitCode::kUsage, written.error());
  }
  for (const auto& claim : submission->claims) {
    say(stdout, "certified    {}: {} passed, {} warned, {} unsupported, {} only observed\n", claim.profile,
        claim.passed.size(), claim.warned.size(), claim.unsupported.size(), claim.observed.size());
  }
  for (const auto& line : submission->not_claimed) say(stdout, "not claimed  {}\n", line);
  say(stdout, "submission in {}; `referee verify-certificate {} --key PUBLIC-KEY` checks it\n", folder, folder);
  return command.attach ? attach(command, *submission) : ExitCode::kOk;
}

}  // namespace referee::cli
