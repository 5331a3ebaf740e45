#include <algorithm>

#include "referee/registry/profile.hpp"

namespace referee::registry {

namespace {

/// A registry from before distribution-spec 1.1 and image-spec 1.1: the ground on which the proposals build.
Features oci_1_0() {
  Features features;
  features.referrers = false;
  features.tag_parameters = false;
  features.conditional = false;
  features.unknown_manifests = false;
  return features;
}

/// `oci_1_0` with one switch turned.
Features with(bool Features::* feature, bool value = true) {
  auto features = oci_1_0();
  features.*feature = value;
  return features;
}

std::vector<Profile> make_profiles() {
  auto lenient = with(&Features::artifact_referrers);
  lenient.missing_subject = true;
  return {
      {"oci-1.1", "everything of distribution-spec main", {}},
      {"oci-1.0",
       "no referrers API, no tag parameters, no conditional requests: a registry from before distribution-spec 1.1",
       oci_1_0()},
      {"oci-1.0-strict-fields", "oci-1.0 that refuses manifests with unknown fields",
       with(&Features::unknown_fields, false)},
      {"oci-1.0-no-nesting", "oci-1.0 that refuses an index within an index", with(&Features::nested_index, false)},
      {"oci-1.0-immutable-tags", "oci-1.0 whose tags cannot be moved", with(&Features::immutable_tags)},
      {"conditional", "oci-1.0 with ETag, If-Match and If-None-Match on tags", with(&Features::conditional)},
      {"a", "proposal A: artifact manifests and their referrers; a subject must be there",
       with(&Features::artifact_referrers)},
      {"a-lenient", "proposal A that takes an artifact before its subject", lenient},
      {"b", "proposal B: the field `reference` and its list", with(&Features::references)},
      {"c", "proposal C: node manifests below /v3/", with(&Features::nodes)},
      {"e", "proposal E: the field `refers`, artifact manifests and the referrers API", with(&Features::refers)},
  };
}

}  // namespace

const std::vector<Profile>& profiles() {
  static const auto kProfiles = make_profiles();
  return kProfiles;
}

const Profile* find_profile(std::string_view name) {
  const auto found = std::ranges::find(profiles(), name, &Profile::name);
  return found == profiles().end() ? nullptr : &*found;
}

}  // namespace referee::registry
