#include <algorithm>

#include "referee/registry/profile.hpp"

namespace referee::registry {

namespace {

std::vector<Profile> make_profiles() {
  Features before_referrers;
  before_referrers.referrers = false;
  before_referrers.tag_parameters = false;
  return {
      {"oci-1.1", "everything of distribution-spec main", {}},
      {"oci-1.0", "no referrers API and no tag parameters: a registry from before distribution-spec 1.1",
       before_referrers},
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
