#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <set>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "referee/distribution/registry.hpp"

namespace referee::distribution {

/// Optional parts of the specification that a registry may lack and may say so. The names stand in reports.
enum class Capability : std::uint8_t {
  kReferrers,          ///< "referrers": end-12, in an existing repository
  kReferrersFilter,    ///< "referrers-filter": OCI-Filters-Applied names artifactType
  kTagList,            ///< "tag-list": end-8
  kTagDelete,          ///< "tag-delete": end-9 by tag; 400/405 says no
  kManifestDelete,     ///< "manifest-delete": end-9 by digest
  kBlobDelete,         ///< "blob-delete": end-10
  kSha512,             ///< "sha512": blobs addressed by sha512
  kSha512Manifests,    ///< "sha512-manifests": manifests pushed under their sha512
  kSinglePost,         ///< "single-post": end-4b answers 201
  kMount,              ///< "mount": end-11 with from answers 201
  kAnonymousMount,     ///< "mount-without-from"
  kRange,              ///< "range": 206 on blobs
  kUploadCancel,       ///< "upload-cancel": end-14
  kTagParameters,      ///< "tag-parameters": OCI-Tag answers end-7b
  kConditional,        ///< "conditional": ETag on a manifest GET by tag
  kDockerTypes,        ///< "docker-media-types": a Docker manifest is accepted
  kManifestLimit,      ///< "manifest-limit": some manifest of at most 16 MiB is refused for its size
  kSparseIndex,        ///< "sparse-index": an index whose children are absent is accepted
  kFreshRepositories,  ///< "fresh-repositories": each check may have its own repository

  // Interfaces of the reference-types proposals; asked for only when ProbeOptions names them.
  kArtifactReferrers,  ///< "proposal-a": `_oci/artifacts/referrers` lists artifact manifests by `subject`
  kReferences,         ///< "proposal-b": `manifests/<ref>/references`
  kNodes,              ///< "proposal-c": something answers below `/v3/`
  kRefers,             ///< "proposal-e": `referrers/<digest>` lists manifests by `refers`, not by `subject`

  /// "control-port": garbage can be collected and profiles switched. No probe can tell: whoever started the target
  /// does.
  kControl,
};

std::string_view name(Capability capability);
/// Those that every probe asks for.
std::vector<Capability> all_capabilities();
/// Those that a probe asks for on request only.
std::vector<Capability> proposal_capabilities();

/// What a probe found. `present` is false only if the registry said so the way the specification allows; an answer that
/// is wrong either way (a 500, say) leaves it true, so that the check runs and can fail.
struct Finding {
  bool present = true;
  std::string evidence;                ///< "DELETE /v2/x/manifests/t answered 405": why, in one line
  std::vector<std::size_t> exchanges;  ///< numbers of the exchanges that show it
};

using Capabilities = std::map<Capability, Finding>;

void to_json(nlohmann::json& json, const Finding& finding);
void from_json(const nlohmann::json& json, Finding& finding);
nlohmann::json to_json(const Capabilities& capabilities);
Capabilities capabilities_from_json(const nlohmann::json& json);

/// Why a target cannot be judged at all (exit code 3): one line with what to do next.
struct Unjudgeable {
  std::string message;
};

struct ProbeOptions {
  std::string repository;         ///< where the probe may push
  std::string second_repository;  ///< for mounts
  bool fresh_repositories = true;
  std::uint64_t seed = 0;
  std::string tag_prefix = "probe";
  std::set<Capability> proposals = {};  ///< which of proposal_capabilities() to ask for too
};

/// Pushes a small image, a referrer and a few blobs, and asks for each capability once. Fails if the registry cannot be
/// reached, does not answer GET /v2/, refuses the credentials, or refuses the first push.
tl::expected<Capabilities, Unjudgeable> probe(Registry& registry, const ProbeOptions& options);

}  // namespace referee::distribution
