#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "referee/oci/content.hpp"
#include "referee/oci/media_types.hpp"
#include "referee/oci/random.hpp"

namespace referee::oci {

/// A manifest together with the blobs that must be pushed before it, in order.
struct Package {
  Content manifest;
  std::vector<Content> blobs;

  [[nodiscard]] const Digest& digest() const { return manifest.digest(); }
  [[nodiscard]] Descriptor descriptor() const { return manifest.descriptor(); }
};

/// A real layer: a tar with one file of `file_size` incompressible bytes at `path` (at most 100 characters), packed as
/// the media type says (gzip, zstd or plain). Times, owners and headers are fixed, and blocks are stored, not
/// compressed: byte for byte the same with every version of every compression library.
Content tar_layer(Random& random, std::size_t file_size = 64, std::string_view path = "etc/referee",
                  std::string_view media_type = media_type::kLayerGzip);

/// A valid OCI image configuration for `platform` over these layers' diff ids. `diff_ids` are digests of uncompressed
/// tars.
Content image_config(const Platform& platform, const std::vector<std::string>& diff_ids,
                     std::string_view media_type = media_type::kConfig);

/// The empty JSON blob `{}` (image-spec, manifest.md, "Guidance for an Empty Descriptor").
Content empty_blob();

/// Builds image manifests and artifacts. Setters return *this; build() may be called again. Nothing is validated:
/// invalid manifests are half of what the suite sends.
class ManifestBuilder {
 public:
  ManifestBuilder& media_type(std::string_view value);  ///< Content-Type and `mediaType`; OCI image manifest by default
  ManifestBuilder& omit_media_type();                   ///< leaves the field out; the Content-Type stays
  ManifestBuilder& artifact_type(std::string_view value);
  ManifestBuilder& config(Content blob);                 ///< default: the empty blob
  ManifestBuilder& config_descriptor(Descriptor value);  ///< a descriptor without content behind it
  ManifestBuilder& layer(Content blob);
  ManifestBuilder& layer_descriptor(Descriptor value);
  ManifestBuilder& subject(Descriptor value);
  ManifestBuilder& annotation(std::string key, std::string value);
  /// Unknown top-level property, written last; `json` is its JSON text, taken as it is. Replaces a known property.
  ManifestBuilder& field(std::string key, std::string json);
  /// Pads one annotation (`org.referee.padding`) until the manifest has exactly this many bytes. A gap too small for it
  /// is filled with trailing spaces; a manifest that is larger already stays as it is.
  ManifestBuilder& pad_to(std::size_t bytes);
  /// Indents with two spaces and ends with a newline: same meaning, other bytes.
  ManifestBuilder& pretty();
  ManifestBuilder& algorithm(Algorithm value);

  [[nodiscard]] Package build() const;

 private:
  std::string media_type_{media_type::kManifest};
  bool write_media_type_ = true;
  std::string artifact_type_;
  std::optional<Content> config_;
  std::optional<Descriptor> config_descriptor_;
  std::vector<Descriptor> layers_;
  std::vector<Content> blobs_;
  std::optional<Descriptor> subject_;
  Annotations annotations_;
  std::vector<std::pair<std::string, std::string>> fields_;
  std::size_t pad_to_ = 0;
  bool pretty_ = false;
  Algorithm algorithm_ = Algorithm::kSha256;
};

/// Builds image indexes and Docker manifest lists; the same rules as ManifestBuilder.
class IndexBuilder {
 public:
  IndexBuilder& media_type(std::string_view value);
  IndexBuilder& omit_media_type();
  IndexBuilder& artifact_type(std::string_view value);
  IndexBuilder& manifest(Descriptor value);
  IndexBuilder& subject(Descriptor value);
  IndexBuilder& annotation(std::string key, std::string value);
  IndexBuilder& field(std::string key, std::string json);
  IndexBuilder& pad_to(std::size_t bytes);
  IndexBuilder& pretty();
  IndexBuilder& algorithm(Algorithm value);

  [[nodiscard]] Content build() const;

 private:
  std::string media_type_{media_type::kIndex};
  bool write_media_type_ = true;
  std::string artifact_type_;
  std::vector<Descriptor> manifests_;
  std::optional<Descriptor> subject_;
  Annotations annotations_;
  std::vector<std::pair<std::string, std::string>> fields_;
  std::size_t pad_to_ = 0;
  bool pretty_ = false;
  Algorithm algorithm_ = Algorithm::kSha256;
};

/// A runnable-looking image: config, one gzip layer of `layer_size` random bytes. Seeded.
Package image(Random& random, std::size_t layer_size = 64, const Platform& platform = {"amd64", "linux", "", ""},
              Algorithm algorithm = Algorithm::kSha256);

/// The same with Docker's media types (image manifest v2, schema 2). Seeded.
Package docker_image(Random& random, std::size_t layer_size = 64,
                     const Platform& platform = {"amd64", "linux", "", ""});

/// An artifact that refers to `subject`: empty config, one small layer, the given artifactType and annotations. Seeded.
Package referrer(Random& random, const Descriptor& subject, std::string_view artifact_type,
                 const Annotations& annotations = {});

}  // namespace referee::oci
