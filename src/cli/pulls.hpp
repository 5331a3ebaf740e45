#pragma once

#include <string_view>
#include <tl/expected.hpp>

#include "referee/certificate/runtime_run.hpp"

namespace referee::cli {

/// certificate::JudgeRuntime, with the contents and the ledger of this program.
tl::expected<certificate::RuntimeRun, certificate::NotJudged> judge_runtime(std::string_view text);

}  // namespace referee::cli
