#pragma once

#include <string>
#include <string_view>

#include "referee/distribution/journal.hpp"

namespace referee::distribution {

/// What is known of an entry beyond what was pushed; the word stands in the line.
enum class Mark : std::uint8_t { kNone, kClosed, kRefused };

/// One line with its line break, pure ASCII.
std::string journal_line(const JournalEntry& entry, Mark mark = Mark::kNone);

}  // namespace referee::distribution
