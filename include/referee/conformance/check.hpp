#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "referee/distribution/capabilities.hpp"

namespace referee::conformance {

class Context;

/// One check: small, named after the sentence that it tests. Data but for its body.
struct Check {
  std::string id;                         ///< `oci-1.1/referrers/empty-list`: stable for ever, [a-z0-9./-]
  std::string title;                      ///< what must hold, one line: "A subject without referrers has an empty list"
  std::string how;                        ///< how it is tested, one or two sentences, for `explain`
  std::vector<std::string> requirements;  ///< ledger ids; the first gives the check its level
  std::vector<distribution::Capability> needs;  ///< without them: unsupported
  std::vector<std::string> after;               ///< prerequisite checks; if one fails: blocked
  std::vector<std::string> kills;               ///< faults that it must catch
  std::vector<std::string> tags;                ///< for `--select @tag`; `slow`: takes a second or more
  /// Profiles of the reference registry on which it must hold, one by one; empty: `oci-1.1`.
  std::vector<std::string> profiles = {};
  std::function<void(Context&)> body;  ///< GoogleTest expectations on distribution verbs

  [[nodiscard]] bool holds_on(std::string_view profile) const;
};

}  // namespace referee::conformance
