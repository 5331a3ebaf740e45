#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "referee/conformance/matrix.hpp"
#include "referee/conformance/requirement.hpp"
#include "referee/oci/descriptor.hpp"
#include "run.hpp"

/// `pulls.jsonl`: what each runtime did, pull by pull, so that a run can be judged again without the runtimes.
namespace referee::suites::matrix {

inline constexpr std::size_t kLargestPulls = std::size_t{256} << 20U;

/// A whole run as it was seen.
struct Pulls {
  std::string tool_version;
  std::string commit;
  std::string contents;  ///< contents_digest()
  std::string platform;  ///< `linux/amd64`
  std::uint64_t seed = 0;
  bool full = false;
  std::int64_t limit = 0;  ///< seconds that a pull could take
  double started = 0;      ///< since the Unix epoch
  double seconds = 0;
  std::vector<std::string> rows;                    ///< ids of contents, in the order of the report
  std::vector<conformance::MatrixColumn> runtimes;  ///< without what is judged: `behaves`
  std::vector<std::string> descriptions;            ///< by runtime: digest of its description
  std::vector<PullRecord> records;                  ///< runtime by runtime, in the order of the rows
};

/// One line for each runtime and pull, and a last one with the digest of all others.
std::string pulls_text(const Pulls& pulls);
/// Hostile input: exactly what pulls_text() writes, each runtime with each content once. Fails with one line.
tl::expected<Pulls, std::string> read_pulls(std::string_view text);

/// What the contents of these ids are, and what is required of each: digest over ids, objects and ledger entries.
std::string contents_digest(std::uint64_t seed, const oci::Platform& platform, const std::vector<std::string>& rows,
                            const conformance::Ledger& ledger);

/// Of a run that is complete; `records` as they came. `commit`: of this program.
Pulls pulls_of(const conformance::Matrix& matrix, const MatrixOptions& options, const std::vector<PullRecord>& records,
               const std::string& commit, const conformance::Ledger& ledger);

/// The same matrix as the run's own. Fails with one line if its contents are others than this program's.
tl::expected<conformance::Matrix, std::string> judge_pulls(const Pulls& pulls, const conformance::Ledger& ledger);
/// Contents that a run takes if none are named, and this one did not.
std::vector<std::string> left_out(const Pulls& pulls);

}  // namespace referee::suites::matrix
