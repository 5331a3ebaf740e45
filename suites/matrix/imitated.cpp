#include "imitated.hpp"

#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>

#include "referee/embedded/files.hpp"
#include "run.hpp"

namespace referee::suites::matrix {
namespace {

using conformance::MatrixCell;
using conformance::Verdict;

constexpr std::string_view kFile = "fixtures/imitation.json";
constexpr std::string_view kModel = "${model}";

bool is_bad(const MatrixCell& cell) {
  return cell.verdict == Verdict::kFail || cell.verdict == Verdict::kWarn || cell.verdict == Verdict::kInconclusive;
}

/// Worse than the sound one, or otherwise in what is only observed: a failure where no more than a claim is at stake.
bool noticed(const MatrixCell& sound, const MatrixCell& other) {
  const bool worse = is_bad(other) && !is_bad(sound);
  const bool failed = other.standing == conformance::Standing::kFailed && sound.standing != other.standing;
  return worse || failed || other.notes != sound.notes;
}

std::vector<imitation::Imitation> chosen(const std::vector<std::string>& patterns) {
  std::vector<imitation::Imitation> all{*imitation::find_imitation("sound")};
  for (const auto& one : imitation::imitations()) {
    const bool named = patterns.empty() || std::ranges::any_of(patterns, [&](const std::string& pattern) {
                         return ::fnmatch(pattern.c_str(), one.name.c_str(), 0) == 0;
                       });
    if (one.name.starts_with("t.") && named) all.push_back(one);
  }
  return all;
}

}  // namespace

runtimes::Description imitated(const imitation::Imitation& which) {
  std::string text(embedded::file(kFile).value_or(""));
  for (auto at = text.find(kModel); at != std::string::npos; at = text.find(kModel, at + which.name.size())) {
    text.replace(at, kModel.size(), which.name);
  }
  auto made = runtimes::parse_description(text);
  if (!made) {
    std::cerr << "referee: " << kFile << ": " << made.error() << '\n';
    std::exit(70);
  }
  made->name = which.name;
  made->about = which.about;
  return std::move(*made);
}

tl::expected<conformance::Proof, std::string> prove_runtimes(const ImitationProofOptions& options,
                                                             const conformance::Ledger& ledger,
                                                             const std::function<void(const std::string&)>& progress) {
  const auto models = chosen(options.faults);
  if (models.size() < 2)
    return tl::unexpected(std::string("no defect of a runtime matches; `referee list imitations`"));
  MatrixOptions run;
  for (const auto& model : models) run.runtimes.push_back(imitated(model));
  run.seed = options.seed;
  run.jobs = options.jobs;
  run.interrupted = options.interrupted;
  std::size_t done = 0;
  run.progress = [&](const conformance::Matrix& matrix) {
    const auto finished = std::ranges::count_if(matrix.columns, [](const auto& column) { return column.seconds > 0; });
    if (static_cast<std::size_t>(finished) == done) return;
    done = static_cast<std::size_t>(finished);
    progress(fmt::format("{} of {} imitations", done, models.size()));
  };
  const auto matrix = run_matrix(run, ledger);
  if (!matrix) return tl::unexpected(matrix.error());

  conformance::Proof proof;
  proof.profiles = {"runtimes"};
  for (const auto& row : matrix->rows) {
    const auto* sound = matrix->find(row.id, "sound");
    if (sound == nullptr || is_bad(*sound)) {
      proof.reference_failures.push_back(
          fmt::format("runtimes/{}: {}", row.id, sound == nullptr ? "not tried" : sound->why + " " + sound->words));
    }
  }
  for (std::size_t at = 1; at < models.size(); ++at) {
    conformance::FaultRow fault;
    fault.fault = models[at].name;
    fault.profile = "runtimes";
    for (const auto& row : matrix->rows) {
      const auto* sound = matrix->find(row.id, "sound");
      const auto* other = matrix->find(row.id, models[at].name);
      if (sound != nullptr && other != nullptr && noticed(*sound, *other)) fault.caught_by.push_back(row.id);
    }
    proof.faults.push_back(std::move(fault));
  }
  return proof;
}

}  // namespace referee::suites::matrix
