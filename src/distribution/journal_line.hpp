#pragma once

#include <string>
#include <string_view>

#include "referee/distribution/journal.hpp"

namespace referee::distribution {

/// "tag", "manifest", "blob", "upload".
std::string_view name(Pushed kind);

/// One line with its line break, pure ASCII.
std::string journal_line(const JournalEntry& entry, bool closed = false);

}  // namespace referee::distribution
