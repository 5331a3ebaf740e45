#pragma once

#include <string>
#include <string_view>
#include <system_error>

#include "referee/distribution/journal.hpp"

namespace referee::distribution {

/// What is known of an entry beyond what was pushed; the word stands in the line.
enum class Mark : std::uint8_t { kNone, kClosed, kRefused };

/// One line with its line break, pure ASCII.
std::string journal_line(const JournalEntry& entry, Mark mark = Mark::kNone);

/// The system's words for an errno.
inline std::string cause(int error) {
  return std::generic_category().message(error);
}

}  // namespace referee::distribution
