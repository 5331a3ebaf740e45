#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "referee/proposals/proposal.hpp"

/// What an attachment looks like as a manifest, and how one is read. Shared by the variants; the field that names the
/// subject differs between proposals.
namespace referee::proposals {

inline constexpr std::string_view kCreated = "org.opencontainers.image.created";
/// Proposal A's own spelling.
inline constexpr std::string_view kArtifactCreated = "org.opencontainers.artifact.created";
/// The annotation of proposals D and F with the type of the artifact.
inline constexpr std::string_view kReferenceType = "org.opencontainers.reference.type";
/// An annotation that carries a small payload, in base64.
inline constexpr std::string_view kPayloadAnnotation = "dev.referee.payload";

/// An annotation that says the type where an entry has no artifactType: of layers.
inline constexpr std::string_view kTypeAnnotation = "dev.referee.artifactType";

/// An image manifest for an attachment. The subject stands under `field` (`subject`, `refers`, `reference`), or
/// nowhere.
struct Shape {
  std::string_view field;
  bool typed = true;               ///< has `artifactType`; otherwise the config's media type says it
  bool payload_in_layer = false;   ///< the layer's descriptor carries the bytes in `data`
  bool payload_annotated = false;  ///< the payload is an annotation and no blob
};
Parcel image_artifact(const Attachment& attachment, const oci::Descriptor& subject, const Shape& shape);
/// The image manifest of proposal E (`refers`) and of OCI 1.1 (`subject`); inlined: the payload is an annotation.
Parcel referrer_artifact(const Attachment& attachment, const oci::Descriptor& subject, std::string_view field,
                         bool inlined);
/// The same as the artifact manifest of proposals A and E: no config, no schemaVersion.
Parcel artifact_manifest(const Attachment& attachment, const oci::Descriptor& subject, std::string_view field,
                         bool payload_in_blob);

/// The entry of a manifest in a list: its descriptor, artifactType and annotations pulled up.
oci::Descriptor list_entry(const Parcel& parcel);

/// The first layer, blob or object of a manifest; nothing if there is none or the manifest is none.
std::optional<oci::Descriptor> payload_descriptor(std::string_view manifest);
/// artifactType, or the config's media type; empty if there is neither.
std::string type_of(std::string_view manifest);
oci::Annotations annotations_of(std::string_view manifest);
/// What type_of(), annotations_of(), carried_payload() and payload_descriptor() say of a manifest, from one reading.
struct Facts {
  std::string type;
  oci::Annotations annotations;
  std::optional<std::string> carried;
  std::optional<oci::Descriptor> payload;
};
Facts facts_of(std::string_view manifest);
/// An entry whose manifest was read: everything that it says.
void tell(Entry& entry, oci::Content manifest);
/// The bytes that a manifest or listing carries itself: `data`, checked against its digest, or the annotation.
std::optional<std::string> carried_payload(std::string_view manifest, const oci::Annotations& annotations);

/// A body as JSON; discarded if it is none or nests deeper than any document of the specifications.
nlohmann::json parse_document(std::string_view bytes);
/// The descriptors of a list under `key`; kBroken if it is none. Those with another artifactType than `wanted` (unless
/// that is empty) may be left out.
Outcome<std::vector<oci::Descriptor>> descriptors_in(const http::Response& response, const char* key,
                                                     std::string_view wanted = "");
/// Of a document that came with this status. `own` gets the annotations of the document itself, unless it is null.
Outcome<std::vector<oci::Descriptor>> descriptors_in(std::string_view document, int status, const char* key,
                                                     std::string_view wanted = "", oci::Annotations* own = nullptr);
Entry entry_of(oci::Descriptor descriptor);
bool matches(const Entry& entry, const Filter& filter);

std::string short_hash(std::string_view digest);

}  // namespace referee::proposals
