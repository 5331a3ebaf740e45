#pragma once

#include <string>
#include <vector>

#include "referee/reports/writers.hpp"

namespace referee::reports {

/// What runtimes and clients are tried with: an entry of `referee list contents` or `client-checks`.
struct ReferenceEntry {
  std::string id;
  std::string about;                      ///< one sentence
  std::string expected;                   ///< what is right
  std::vector<std::string> requirements;  ///< ledger ids
};

struct ReferencePage {
  std::string file;  ///< `checks-oci-1.1.md`
  std::string text;  ///< Markdown
};

/// Everything that a run can ask for, as Markdown: README.md, a page of checks for each suite, requirements with links
/// to the exact sections, faults with who catches them, contents and checks of clients. A function of the program
/// alone: the same bytes each time. Pure; the ledger has to know every requirement that is cited.
std::vector<ReferencePage> reference(const Book& book, const std::vector<ReferenceEntry>& contents,
                                     const std::vector<ReferenceEntry>& clients);

}  // namespace referee::reports
