#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "referee/certificate/runtime_run.hpp"

namespace referee::cli {

/// Whether a results folder is one of `referee runtime` that can be judged again, and none of `referee check`.
bool has_pulls(const std::string& folder);

/// certificate::JudgeRuntime, with the contents and the ledger of this program.
tl::expected<certificate::RuntimeRun, std::string> judge_runtime(std::string_view text);

}  // namespace referee::cli
