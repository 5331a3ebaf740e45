#pragma once

#include <string_view>

/// Media types that the suite names (image-spec, media-types.md; Docker's image manifest v2 schema 2).
namespace referee::oci::media_type {

inline constexpr std::string_view kIndex = "application/vnd.oci.image.index.v1+json";
inline constexpr std::string_view kManifest = "application/vnd.oci.image.manifest.v1+json";
inline constexpr std::string_view kConfig = "application/vnd.oci.image.config.v1+json";
inline constexpr std::string_view kEmpty = "application/vnd.oci.empty.v1+json";
inline constexpr std::string_view kLayer = "application/vnd.oci.image.layer.v1.tar";
inline constexpr std::string_view kLayerGzip = "application/vnd.oci.image.layer.v1.tar+gzip";
inline constexpr std::string_view kLayerZstd = "application/vnd.oci.image.layer.v1.tar+zstd";
inline constexpr std::string_view kNonDistributableLayer =
    "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip";
/// The manifest of proposals A and E (reference-types working group, 2022).
inline constexpr std::string_view kArtifactManifest = "application/vnd.oci.artifact.manifest.v1+json";
/// The manifest of proposal C.
inline constexpr std::string_view kNode = "application/vnd.oci.node.v1+json";
inline constexpr std::string_view kDockerManifest = "application/vnd.docker.distribution.manifest.v2+json";
inline constexpr std::string_view kDockerManifestList = "application/vnd.docker.distribution.manifest.list.v2+json";
inline constexpr std::string_view kDockerConfig = "application/vnd.docker.container.image.v1+json";
inline constexpr std::string_view kDockerLayer = "application/vnd.docker.image.rootfs.diff.tar.gzip";
inline constexpr std::string_view kOctetStream = "application/octet-stream";

}  // namespace referee::oci::media_type
