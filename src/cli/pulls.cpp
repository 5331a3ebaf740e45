#include "pulls.hpp"

#include "matrix/pulls_file.hpp"
#include "matrix/workplace.hpp"

namespace referee::cli {

tl::expected<certificate::RuntimeRun, certificate::NotJudged> judge_runtime(std::string_view text) {
  const auto pulls = suites::matrix::read_pulls(text);
  if (!pulls) return tl::unexpected(certificate::NotJudged{pulls.error(), ""});
  const auto& ledger = conformance::Ledger::builtin();
  auto matrix = suites::matrix::judge_pulls(*pulls, ledger);
  if (!matrix) {
    const auto own = suites::matrix::contents_digest(pulls->seed, suites::matrix::read_platform(pulls->platform),
                                                     pulls->rows, ledger);
    return tl::unexpected(certificate::NotJudged{matrix.error(), own == pulls->contents ? "" : pulls->contents});
  }
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
