#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <tl/expected.hpp>

#include "manifest_document.hpp"

namespace referee::registry {

// Pieces of parse_manifest. Errors are sentences for the client.
using ReadResult = tl::expected<void, std::string>;

/// The field if it is there and not null.
const nlohmann::json* member(const nlohmann::json& object, const char* key);
/// The digest of a well-formed descriptor; `where` names it in the error.
tl::expected<std::string, std::string> descriptor_digest(const nlohmann::json& value, const std::string& where);
ReadResult read_annotations(const nlohmann::json& root, ManifestDocument& document);
/// The descriptor of what a manifest refers to.
ReadResult read_link(const nlohmann::json& root, const char* key, ManifestDocument& document);

/// Artifact manifests of proposals A and E.
ReadResult read_artifact(const nlohmann::json& root, const ParseOptions& options, ManifestDocument& document);
/// Node manifests of proposal C.
ReadResult read_node(const nlohmann::json& root, const ParseOptions& options, ManifestDocument& document);
/// Holds an image or index against the fields of image-spec 1.0.
ReadResult refuse_unknown_fields(const nlohmann::json& root, bool index);

/// Is this the media type of a manifest, of any proposal?
bool is_manifest_media_type(std::string_view type);

}  // namespace referee::registry
