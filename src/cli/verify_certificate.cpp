#include <chrono>
#include <filesystem>

#include "commands.hpp"
#include "pulls.hpp"
#include "referee/certificate/certificate.hpp"
#include "referee/cli/version.hpp"
#include "referee/oci/words.hpp"

namespace referee::cli {

ExitCode run_verify_certificate(const VerifyCertificateCommand& command) {
  const auto text = read_key(command.key, "give a public key in PEM");
  if (!text) return refuse(ExitCode::kUsage, text.error());
  const auto key = signing::PublicKey::from_pem(*text);
  if (!key) return refuse(ExitCode::kUsage, fmt::format("{}: {}", command.key, key.error()));
  if (std::error_code ignored;
      !std::filesystem::exists(std::filesystem::path(command.folder) / certificate::kBundleFile, ignored)) {
    return refuse(ExitCode::kUsage,
                  fmt::format("{} holds no certificate: there is no {}", command.folder, certificate::kBundleFile));
  }
  auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  if (!command.at.empty()) {
    const auto given = signing::parse_time(command.at);
    if (!given) return refuse(ExitCode::kUsage, "--at wants a time as 2027-01-31T00:00:00Z");
    now = *given;
  }
  certificate::RejudgeOptions options;
  options.interrupted = interrupted;
  options.runtime = judge_runtime;
  watch_interrupts();
  const auto verified = certificate::verify(command.folder, *key, now, {std::string(kVersion), std::string(commit())},
                                            {sound_catalogue(), conformance::Ledger::builtin()}, options);
  if (interrupted()) return refuse(ExitCode::kInterrupted, "interrupted");
  if (!verified) {
    return refuse(verified.error().undecided ? ExitCode::kUsage : ExitCode::kFailed, verified.error().why);
  }
  say(stdout, "{}: the certificate holds until {}\n", verified->target, verified->expires);
  for (const auto& claim : verified->claims) {
    say(stdout, "certified    {}: {} passed, {} warned, {} unsupported, {} only observed\n", claim.profile,
        claim.passed.size(), claim.warned.size(), claim.unsupported.size(), claim.observed.size());
  }
  say(stdout, "{} judged again from the recording: the same verdicts\n",
      oci::counted(verified->checks, verified->claims.front().profile == "runtime" ? "pull" : "check"));
  for (const auto& name : verified->not_covered) {
    say(stdout, "not covered by the certificate: {}\n", name);
  }
  if (verified->commit != commit()) {
    say(stdout, "judged by commit {}, verified by {}: the suite is the same\n", verified->commit, commit());
  }
  return ExitCode::kOk;
}

}  // namespace referee::cli
