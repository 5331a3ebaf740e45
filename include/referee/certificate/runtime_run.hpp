#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "referee/certificate/profile.hpp"
#include "referee/conformance/matrix.hpp"
#include "referee/conformance/requirement.hpp"

/// Certificates of runtimes: `referee runtime` of one runtime, judged again from what it was seen to do.
namespace referee::certificate {

/// What each pull did, one a line, in a results folder of `referee runtime`.
inline constexpr std::string_view kPullsFile = "pulls.jsonl";

/// Whether a results folder is one of `referee runtime` that can be judged again, and none of `referee check`.
bool has_pulls(const std::string& folder);

/// A run made again from its pulls.
struct RuntimeRun {
  std::string tool_version;
  std::string commit;
  std::string contents;               ///< digest of what was served, and of what is required of each content
  std::string description;            ///< digest of how the runtime was driven
  std::int64_t limit = 0;             ///< seconds that a pull could take
  std::vector<std::string> left_out;  ///< contents of every run that this one did not take
  conformance::Matrix matrix;
};

/// Why there is no such run.
struct NotJudged {
  std::string why;       ///< one line
  std::string contents;  ///< digest of the pulls' contents, if these are not this program's; else empty
};
/// Judges the text of pulls.jsonl, which is hostile input. Contents are not this room's: whoever certifies or verifies
/// brings it.
using JudgeRuntime = std::function<tl::expected<RuntimeRun, NotJudged>(std::string_view pulls)>;

/// matrix.json, matrix.md, report.html, results.json and junit.xml, by their names: all follows from the pulls.
std::map<std::string, std::string> runtime_reports(const conformance::Matrix& matrix,
                                                   const conformance::Ledger& ledger);

/// What these reports (by name, as runtime_reports()) say otherwise than the run, one sentence each, the cells of
/// matrix.json first.
std::vector<std::string> runtime_differences(const std::map<std::string, std::string>& given, const RuntimeRun& run,
                                             const conformance::Ledger& ledger);

/// The profile `runtime`: nothing is against it if no content made the runtime break a MUST, and all were tried.
Claim runtime_claim(const RuntimeRun& run);

}  // namespace referee::certificate
