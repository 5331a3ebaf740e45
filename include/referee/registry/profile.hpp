#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace referee::registry {

/// What the reference registry can do, as data. The defaults are the profile `oci-1.1` (distribution-spec main).
struct Features {
  bool referrers = true;  ///< end-12 and OCI-Subject

  // The interfaces of the reference-types proposals; at most one of them at a time, and then no `referrers`.
  bool artifact_referrers = false;  ///< A: artifact manifests with `subject`; `_oci/artifacts/referrers`
  bool missing_subject = false;     ///< A: an artifact may come before its subject
  bool references = false;          ///< B: the field `reference`; `manifests/<ref>/references`
  bool nodes = false;               ///< C: node manifests; `/v3/`
  bool refers = false;              ///< E: the field `refers`, artifact manifests; `referrers/<digest>`

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
  bool unknown_manifests = true;                      ///< stores manifests of unknown `application/...+json` types
  bool unknown_fields = true;                         ///< accepts unknown properties of manifests and descriptors
  bool nested_index = true;                           ///< accepts an index that lists an index
  bool immutable_tags = false;                        ///< a tag cannot be moved
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
  kLie,      ///< what clients are put in front of; no check of registries is asked to notice
};

/// A named way in which the reference registry departs from its usual behaviour. A fault lists no checks; checks list
/// the faults that they catch. `prove` leaves lies out.
struct DeviationInfo {
  std::string name;  ///< `r.ref.null-list`, `v.early-paging`
  DeviationKind kind = DeviationKind::kFault;
  std::string description;  ///< one sentence: what is different
  /// The profiles whose interface it breaks; empty: what all of them have in common. `prove` takes those of its
  /// profile.
  std::vector<std::string> profiles = {};

  [[nodiscard]] bool belongs_to(std::string_view profile) const {
    return profiles.empty() || std::ranges::find(profiles, profile) != profiles.end();
  }
};

/// All faults (`r.` names), legal variants (`v.`) and lies (`l.`), sorted by name.
const std::vector<DeviationInfo>& deviations();
const DeviationInfo* find_deviation(std::string_view name);

}  // namespace referee::registry
