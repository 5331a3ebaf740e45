#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "client_check.hpp"

/// What several checks ask of the evidence.
namespace referee::suites::clients {

/// A lie was served: success is wrong, whatever came of it.
Finding must_refuse(const Evidence& seen);
/// Nothing was wrong: failure is wrong. A pull must have taken the image, a manifest or blob must be the bytes that
/// were pushed.
Finding must_succeed(const Evidence& seen);

/// Does what the client has say that it took the image whole?
bool has_image(const Evidence& seen);

/// Of what goes on for ever if the client lets it.
Finding comes_to_an_end(const Evidence& seen);

/// Digests in what it printed, each once.
std::vector<std::string> printed_digests(const Evidence& seen);
/// Labels of the parts whose digests it printed.
bool printed(const Evidence& seen, std::string_view label);
/// Words of its output: tags.
bool printed_word(const Evidence& seen, std::string_view word);

/// The first request that this is true of, or nullptr.
const registry::AccessRecord* find_request(const Evidence& seen, bool (*matches)(const registry::AccessRecord&));
int count_requests(const Evidence& seen, bool (*matches)(const registry::AccessRecord&));
bool is_pull_of_manifest(const registry::AccessRecord& record);
bool is_push_of_manifest(const registry::AccessRecord& record);
bool is_referrers_list(const registry::AccessRecord& record);
/// Of a manifest whose tag is one of the referrers tag schema.
bool is_read_of_fallback(const registry::AccessRecord& record);
/// Came to the name that makes the registry another host.
bool is_elsewhere(const registry::AccessRecord& record);
/// What stands behind the last slash of the path.
std::string reference_of(const registry::AccessRecord& record);

/// The referrers tag of the image, as it is now: its entries; nullopt if it holds no index.
std::optional<std::vector<oci::Descriptor>> fallback_entries(const Evidence& seen, const std::string& repository = "");
const oci::Descriptor* entry_of(const std::vector<oci::Descriptor>& entries, std::string_view digest);
/// Digests of manifests that the client pushed and whose subject is the image.
std::vector<std::string> pushed_referrers(const Evidence& seen);

}  // namespace referee::suites::clients
