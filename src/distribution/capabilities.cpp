#include "referee/distribution/capabilities.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <nlohmann/json.hpp>

namespace referee::distribution {
namespace {

struct Named {
  Capability capability;
  std::string_view name;
};

constexpr std::array kNames = {
    Named{Capability::kReferrers, "referrers"},
    Named{Capability::kReferrersFilter, "referrers-filter"},
    Named{Capability::kTagList, "tag-list"},
    Named{Capability::kTagDelete, "tag-delete"},
    Named{Capability::kManifestDelete, "manifest-delete"},
    Named{Capability::kBlobDelete, "blob-delete"},
    Named{Capability::kSha512, "sha512"},
    Named{Capability::kSha512Manifests, "sha512-manifests"},
    Named{Capability::kSinglePost, "single-post"},
    Named{Capability::kMount, "mount"},
    Named{Capability::kAnonymousMount, "mount-without-from"},
    Named{Capability::kRange, "range"},
    Named{Capability::kUploadCancel, "upload-cancel"},
    Named{Capability::kTagParameters, "tag-parameters"},
    Named{Capability::kConditional, "conditional"},
    Named{Capability::kDockerTypes, "docker-media-types"},
    Named{Capability::kManifestLimit, "manifest-limit"},
    Named{Capability::kSparseIndex, "sparse-index"},
    Named{Capability::kFreshRepositories, "fresh-repositories"},
};

constexpr std::array kProposalNames = {
    Named{Capability::kArtifactReferrers, "proposal-a"},
    Named{Capability::kReferences, "proposal-b"},
    Named{Capability::kNodes, "proposal-c"},
    Named{Capability::kRefers, "proposal-e"},
};

constexpr Named kControlName{Capability::kControl, "control-port"};

template <std::size_t N>
std::vector<Capability> capabilities_of(const std::array<Named, N>& table) {
  std::vector<Capability> all;
  all.reserve(N);
  for (const Named& named : table) all.push_back(named.capability);
  return all;
}

}  // namespace

std::string_view name(Capability capability) {
  for (const Named& named : kNames) {
    if (named.capability == capability) return named.name;
  }
  for (const Named& named : kProposalNames) {
    if (named.capability == capability) return named.name;
  }
  return capability == kControlName.capability ? kControlName.name : "unknown";
}

std::vector<Capability> all_capabilities() {
  return capabilities_of(kNames);
}

std::vector<Capability> proposal_capabilities() {
  return capabilities_of(kProposalNames);
}

void to_json(nlohmann::json& json, const Finding& finding) {
  json = {{"present", finding.present}, {"evidence", finding.evidence}, {"exchanges", finding.exchanges}};
}

void from_json(const nlohmann::json& json, Finding& finding) {
  finding.present = json.at("present").get<bool>();
  finding.evidence = json.at("evidence").get<std::string>();
  finding.exchanges = json.at("exchanges").get<std::vector<std::size_t>>();
}

nlohmann::json to_json(const Capabilities& capabilities) {
  nlohmann::json json = nlohmann::json::object();
  for (const auto& [capability, finding] : capabilities) json[std::string(name(capability))] = finding;
  return json;
}

Capabilities capabilities_from_json(const nlohmann::json& json) {
  Capabilities capabilities;
  auto known = all_capabilities();
  std::ranges::copy(proposal_capabilities(), std::back_inserter(known));
  known.push_back(kControlName.capability);
  for (const Capability capability : known) {
    const auto found = json.find(std::string(name(capability)));
    if (found != json.end()) capabilities.emplace(capability, found->get<Finding>());
  }
  return capabilities;
}

}  // namespace referee::distribution
