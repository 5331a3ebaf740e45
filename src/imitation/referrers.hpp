#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "document.hpp"

namespace referee::imitation {

/// What refers to a digest, each once: by the referrers API, or where that is absent by the list under the tag
/// (distribution-spec, "Listing Referrers"). `type` filters; empty: all.
Done<std::vector<oci::Descriptor>> find_referrers(Session& session, const std::string& digest, const std::string& type);

/// Whether the registry has no referrers API, as it says itself.
Done<bool> lacks_api(Session& session, const std::string& digest);

/// What a registry has shown of its referrers API.
enum class ApiSign : std::uint8_t { kPresent, kAbsent, kTrouble };
/// Whether this client uses the list under the tag, to read or to write.
bool uses_tag(const Session& session, ApiSign sign, bool to_write);

/// Changes the entries of a list; false: it stays as it is.
using EditList = std::function<bool(nlohmann::ordered_json& manifests)>;
/// Reads the list under the tag of `digest`, begins one where there is none, and writes it back; again if another
/// client was faster (distribution-spec, "Pushing Manifests with Subject"). What is no index stays.
Done<void> rewrite_list(Session& session, const std::string& digest, const EditList& edit);

/// Adds a pushed manifest to the list of its subject.
Done<void> list_referrer(Session& session, const oci::Content& manifest, const Document& document);

}  // namespace referee::imitation
