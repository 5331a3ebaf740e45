#pragma once
// What many checks of this folder rest on: the check that shows the root cause, and the capabilities they need.
#include <string>
#include <vector>

#include "referee/distribution/capabilities.hpp"

namespace referee::suites::distribution {

inline const std::vector<std::string> kByDigest{"oci-1.1/push-manifests/by-digest"};
inline const std::vector<std::string> kByTag{"oci-1.1/push-manifests/by-tag"};
inline const std::vector<std::string> kReferrersList{"oci-1.1/referrers/list-200"};
inline const std::vector<std::string> kTagsList{"oci-1.1/tags/list-200"};

inline const std::vector<referee::distribution::Capability> kNeedsReferrers{
    referee::distribution::Capability::kReferrers};
inline const std::vector<referee::distribution::Capability> kNeedsTagList{referee::distribution::Capability::kTagList};

}  // namespace referee::suites::distribution
