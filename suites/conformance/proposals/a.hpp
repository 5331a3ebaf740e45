#pragma once

#include <string>
#include <vector>

/// What the checks of proposal A rest on.
namespace referee::suites::proposal_checks {

inline const std::vector<std::string> kArtifactAccepted{"proposals/a/push/artifact-accepted"};
inline const std::vector<std::string> kArtifactList{"proposals/a/list/endpoint"};

}  // namespace referee::suites::proposal_checks
