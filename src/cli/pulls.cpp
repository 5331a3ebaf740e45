#include "pulls.hpp"

#include "matrix/pulls_file.hpp"

namespace referee::cli {

tl::expected<certificate::RuntimeRun, std::string> judge_runtime(std::string_view text) {
  const auto pulls = suites::matrix::read_pulls(text);
  if (!pulls) return tl::unexpected(pulls.error());
  auto matrix = suites::matrix::judge_pulls(*pulls, conformance::Ledger::builtin());
  if (!matrix) return tl::unexpected(matrix.error());
  certificate::RuntimeRun run;
  run.tool_version = pulls->tool_version;
  run.commit = pulls->commit;
  run.contents = pulls->contents;
  if (!pulls->descriptions.empty()) run.description = pulls->descriptions.front();
  run.limit = pulls->limit;
  run.left_out = left_out(*pulls);
  run.matrix = std::move(*matrix);
  return run;
}

}  // namespace referee::cli
