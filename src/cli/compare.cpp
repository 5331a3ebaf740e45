#include <fmt/format.h>

#include <algorithm>

#include "commands.hpp"

namespace referee::cli {
namespace {

tl::expected<bench::SampleFile, std::string> read(const std::string& path) {
  const auto text = read_result(path, bench::kLargestSampleFile, "give a file of `referee bench`");
  if (!text) return tl::unexpected(text.error());
  auto samples = bench::read_samples(*text);
  if (!samples) return tl::unexpected(fmt::format("{}: {}", path, samples.error()));
  return samples;
}

std::string shown(const bench::Comparison& comparison, const std::string& output) {
  if (output == "json") return bench::comparison_json(comparison);
  return output == "markdown" ? bench::comparison_markdown(comparison) : bench::comparison_text(comparison);
}

}  // namespace

ExitCode exit_code(const bench::Comparison& comparison) {
  if (comparison.regressed()) return ExitCode::kFailed;
  const bool judged = std::ranges::any_of(comparison.compared, [](const bench::Compared& one) {
    return one.judgement.difference != bench::Difference::kTooFew;
  });
  return judged ? ExitCode::kOk : ExitCode::kInconclusive;
}

ExitCode run_compare(const CompareCommand& command) {
  const auto before = read(command.before);
  if (!before) return refuse(ExitCode::kUsage, before.error());
  const auto after = read(command.after);
  if (!after) return refuse(ExitCode::kUsage, after.error());
  bench::ComparisonOptions options{command.threshold / 100, command.level};
  double noise = 0;
  if (command.noise.size() == 2) {
    const auto first = read(command.noise[0]);
    if (!first) return refuse(ExitCode::kUsage, first.error());
    const auto second = read(command.noise[1]);
    if (!second) return refuse(ExitCode::kUsage, second.error());
    noise = bench::noise_of(*first, *second);
    options.threshold = std::max(options.threshold, noise);
  }
  auto comparison = bench::compare(*before, *after, options);
  comparison.noise = noise;
  if (comparison.compared.empty()) {
    return refuse(ExitCode::kUsage,
                  fmt::format("{} and {} have no benchmark in common", command.before, command.after));
  }
  write_text(stdout, shown(comparison, command.output));
  return exit_code(comparison);
}

}  // namespace referee::cli
