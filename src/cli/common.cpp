#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>

#include "commands.hpp"
#include "conformance/registration.hpp"
#include "referee/oci/words.hpp"
#include "referee/registry/profile.hpp"

namespace referee::cli {
namespace {

// The signal comes in one thread while others ask; a lock-free atomic is allowed in a handler, sig_atomic_t is not
// shared.
std::atomic<bool> interrupt_seen = false;
static_assert(std::atomic<bool>::is_always_lock_free);
int output_lost = 0;

void on_interrupt(int /*signal*/) {
  interrupt_seen = true;
}

conformance::Catalogue checked() {
  auto catalogue = suites::catalogue();
  std::vector<std::string> faults;
  for (const auto& deviation : registry::deviations()) {
    if (deviation.kind == registry::DeviationKind::kFault) faults.push_back(deviation.name);
  }
  const auto problems = catalogue.problems(conformance::Ledger::builtin(), faults);
  for (const auto& problem : problems) refuse(ExitCode::kInternal, problem);
  if (!problems.empty()) std::exit(static_cast<int>(ExitCode::kInternal));
  return catalogue;
}

}  // namespace

const conformance::Catalogue& sound_catalogue() {
  static const conformance::Catalogue kCatalogue = checked();
  return kCatalogue;
}

ExitCode selection_code(const conformance::Selection& selection) {
  const auto& checks = sound_catalogue().all();
  for (const auto& suite : selection.suites) {
    if (std::ranges::none_of(checks, [&](const auto& check) { return check.id.starts_with(suite + "/"); })) {
      return ExitCode::kUsage;
    }
  }
  for (const auto& pattern : selection.select) {
    const auto id = pattern.starts_with('!') ? pattern.substr(1) : pattern;
    if (id.find_first_of("*?@") == std::string::npos && sound_catalogue().find(id) == nullptr) return ExitCode::kUsage;
  }
  return ExitCode::kNothingSelected;
}

ExitCode selection_code(const std::vector<std::string>& patterns, const std::vector<std::string>& names,
                        ExitCode otherwise) {
  bool nothing = false;
  for (const auto& pattern : patterns) {
    const bool takes = std::ranges::any_of(
        names, [&](const std::string& name) { return ::fnmatch(pattern.c_str(), name.c_str(), 0) == 0; });
    if (!takes && pattern.find_first_of("*?[") == std::string::npos) return ExitCode::kUsage;
    nothing |= !takes;
  }
  return nothing ? ExitCode::kNothingSelected : otherwise;
}

std::string unknown_profile(const std::string& name) {
  std::vector<std::string> names;
  for (const auto& profile : registry::profiles()) names.push_back(profile.name);
  const auto near = oci::did_you_mean(name, names);
  return fmt::format("unknown profile '{}'{}", name, near.empty() ? "; `referee list profiles` shows them all" : near);
}

std::string unknown_fault(const std::string& name) {
  std::vector<std::string> names;
  for (const auto& deviation : registry::deviations()) names.push_back(deviation.name);
  const auto near = oci::did_you_mean(name, names);
  return fmt::format("unknown fault '{}'{}", name,
                     near.empty() ? "; `referee list faults` and `referee list variants` show them all" : near);
}

ExitCode refuse(ExitCode code, std::string_view message) {
  std::string line = "referee: ";
  for (const char c : message) line += (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) ? ' ' : c;
  line += '\n';
  (void)std::fputs(line.c_str(), stderr);
  return code;
}

void write_text(std::FILE* out, std::string_view text) {
  errno = 0;
  const bool whole = std::fwrite(text.data(), 1, text.size(), out) == text.size() && std::fflush(out) == 0;
  if (!whole && errno != EPIPE && out == stdout) output_lost = errno == 0 ? EIO : errno;
}

std::string lost_output() {
  return output_lost == 0 ? "" : std::strerror(output_lost);
}

bool hang_up_ends() {
  struct sigaction before = {};
  sigaction(SIGHUP, nullptr, &before);
  return before.sa_handler != SIG_IGN;
}

void watch_interrupts() {
  struct sigaction action = {};
  action.sa_handler = on_interrupt;
  action.sa_flags = static_cast<int>(SA_RESETHAND);  // a second Ctrl-C ends the program at once
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  if (hang_up_ends()) sigaction(SIGHUP, &action, nullptr);
}

bool interrupted() {
  return interrupt_seen;
}

tl::expected<std::string, std::string> read_key(const std::string& path, std::string_view wanted) {
  constexpr std::size_t kLargestKey = 16384;
  std::error_code failure;
  if (std::filesystem::is_regular_file(path, failure) && std::filesystem::file_size(path, failure) > kLargestKey) {
    return tl::unexpected(fmt::format("{} is no PEM key: it is larger than {} bytes; {}", path, kLargestKey, wanted));
  }
  return read_result(path, kLargestKey, wanted);
}

tl::expected<std::string, std::string> read_result(const std::string& path, std::size_t most, std::string_view wanted) {
  const auto cannot = [&](std::string_view why) {
    return tl::unexpected(fmt::format("cannot read {}: {}; {}", path, why, wanted));
  };
  std::error_code failure;
  const auto status = std::filesystem::status(path, failure);
  if (!std::filesystem::exists(status)) return cannot("there is no such file");
  if (std::filesystem::is_directory(status)) return cannot("it is a folder");
  if (!std::filesystem::is_regular_file(status)) return cannot("it is no file");
  const auto size = std::filesystem::file_size(path, failure);
  if (failure || size == 0) return cannot(failure ? failure.message() : "it is empty");
  if (size > most) return tl::unexpected(fmt::format("{} is larger than {} bytes", path, most));
  std::string text(static_cast<std::size_t>(size), '\0');
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file.read(text.data(), static_cast<std::streamsize>(text.size()))) return cannot(std::strerror(errno));
  return text;
}

http::Version http_version(std::string_view text) {
  if (text == "1.1") return http::Version::kHttp1;
  if (text == "2") return http::Version::kHttp2;
  return http::Version::kAuto;
}

}  // namespace referee::cli
