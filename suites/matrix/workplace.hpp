#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "referee/conformance/matrix.hpp"
#include "referee/oci/descriptor.hpp"
#include "referee/runtimes/session.hpp"

/// What a run over runtimes and one over clients have in common.
namespace referee::suites::matrix {

/// `linux/arm64/v8`
std::string platform_text(const oci::Platform& platform);
/// Back from it.
oci::Platform read_platform(const std::string& text);
/// Seconds since the Unix epoch.
double epoch_seconds();
/// Calls `work` for each number below `count`, on at most `jobs` threads.
void side_by_side(std::size_t count, int jobs, const std::function<void(std::size_t)>& work);
/// What a session left behind, as a column tells it.
void note_leftovers(conformance::MatrixColumn& column, const runtimes::Leftovers& left);

}  // namespace referee::suites::matrix
