#pragma once

#include <cstdio>
#include <string>
#include <vector>

#include "referee/distribution/journal.hpp"

namespace referee::cli {

/// Deletes wait for the registry, not for this machine.
inline constexpr int kCleanupThreads = 8;

/// distribution::cleanup over many repositories at once.
distribution::CleanupReport parallel_cleanup(distribution::Registry& registry,
                                             const std::vector<distribution::JournalEntry>& entries, int threads);

void print_cleanup(std::FILE* out, const distribution::CleanupReport& report, const std::string& journal);

}  // namespace referee::cli
