#include "referee/reports/reference.hpp"

#include <filesystem>
#include <system_error>

#include "commands.hpp"
#include "matrix/client_run.hpp"
#include "matrix/judge.hpp"
#include "matrix/shape.hpp"
#include "referee/embedded/files.hpp"
#include "referee/oci/words.hpp"

namespace referee::cli {
namespace {

std::vector<reports::ReferenceEntry> reference_contents() {
  const oci::Platform platform{"amd64", "linux", "", ""};
  std::vector<reports::ReferenceEntry> entries;
  for (const auto& shape : suites::matrix::shapes(1, platform)) {
    entries.push_back({shape.id, shape.about, suites::matrix::expectation(shape, platform).text(), shape.requirements});
  }
  return entries;
}

std::vector<reports::ReferenceEntry> reference_clients() {
  std::vector<reports::ReferenceEntry> entries;
  for (const auto& check : suites::clients::client_checks()) {
    entries.push_back({check.id, check.about, check.expected, check.requirements});
  }
  return entries;
}

}  // namespace

ExitCode run_reference(const ReferenceCommand& command) {
  std::error_code failure;
  std::filesystem::create_directories(command.folder, failure);
  if (failure) return refuse(ExitCode::kUsage, "cannot create " + command.folder + ": " + failure.message());
  const reports::Book book{sound_catalogue(), conformance::Ledger::builtin()};
  const auto pages = reports::reference(book, reference_contents(), reference_clients());
  for (const auto& page : pages) {
    if (const auto written = reports::replace_file(command.folder + "/" + page.file, page.text); !written) {
      return refuse(ExitCode::kUsage, written.error());
    }
  }
  // Written by hand, and the others lead to it: whoever changes it here does not lose that.
  const auto terms = command.folder + "/terms.md";
  if (!std::filesystem::exists(terms, failure)) {
    const auto text = embedded::file("reports/reference/terms.md").value_or("");
    if (const auto written = reports::replace_file(terms, std::string(text)); !written) {
      return refuse(ExitCode::kUsage, written.error());
    }
  }
  say(stdout, "{} in {}\n", oci::counted(pages.size() + 1, "page"), command.folder);
  return ExitCode::kOk;
}

ExitCode run_text(const TextCommand& command) {
  write_text(stdout, command.text);
  return ExitCode::kOk;
}

}  // namespace referee::cli
