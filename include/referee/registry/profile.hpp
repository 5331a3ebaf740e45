#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace referee::registry {

/// What the reference registry can do, as data. The defaults are the profile `oci-1.1` (distribution-spec main).
struct Features {
  bool referrers = true;  ///< end-12 and OCI-Subject
  bool tag_delete = true;
  bool manifest_delete = true;
  bool blob_delete = true;
  bool sha512 = true;
  bool single_post = true;
  bool mount = true;
  bool mount_without_from = true;
  bool range = true;
  bool upload_cancel = true;
  bool tag_parameters = true;
  bool conditional = true;  ///< ETag, If-Match and If-None-Match on tags
  bool docker_media_types = true;
  bool sparse_index = true;                           ///< accepts an index whose children are absent
  std::uint64_t manifest_limit = 4ULL * 1024 * 1024;  ///< bytes; 413 above
  std::uint64_t referrers_page = 4ULL * 1024 * 1024;  ///< bytes of one referrers response; Link above
  std::uint64_t tags_page = 0;                        ///< most tags in one response; 0: no cap
};

struct Profile {
  std::string name;  ///< `oci-1.1`
  std::string description;
  Features features;
};

/// Every profile, in the order of the documentation. Names are unique.
const std::vector<Profile>& profiles();
/// nullptr if there is none of that name.
const Profile* find_profile(std::string_view name);

enum class DeviationKind : std::uint8_t {
  kFault,    ///< breaks exactly one requirement; checks must notice
  kVariant,  ///< legal but unusual; checks must not mind
};

/// A named way in which the reference registry departs from its usual behaviour. A fault lists no checks; checks list
/// the faults that they catch.
struct DeviationInfo {
  std::string name;  ///< `r.ref.null-list`, `v.early-paging`
  DeviationKind kind = DeviationKind::kFault;
  std::string description;  ///< one sentence: what is different
};

/// All faults (`r.` names) and legal variants (`v.` names), sorted by name.
const std::vector<DeviationInfo>& deviations();
const DeviationInfo* find_deviation(std::string_view name);

}  // namespace referee::registry
