#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "client_scene.hpp"

namespace referee::suites::clients {

/// One scenery in the making. Everything in it is new for each `label`, so that what a client kept of an earlier trial
/// is of no use in this one.
class Maker {
 public:
  Maker(std::uint64_t seed, const std::string& check, const std::string& label, oci::Platform platform);

  /// An image of one layer that is a plain tar, whose manifest ends with a newline: cut or lengthened it is still a
  /// manifest, and the tar still a tar. Not pushed yet.
  oci::Package image();
  /// An artifact that refers to `subject`; its manifest has an annotation of its own. Not pushed yet.
  oci::Package referrer(const oci::Content& subject, std::string_view type = kType);

  /// Pushes blobs and manifest, by digest, and under the tag if there is one; the parts are known as `label`,
  /// `label.config`, `label.layer`.
  void push(const std::string& label, const oci::Package& package, const std::string& tag = "");
  void push_blob(const oci::Content& blob);
  void push_manifest(const std::string& label, const oci::Content& manifest, const std::string& tag = "");
  /// The index of these referrers under the referrers tag of `subject`; known as `fallback`.
  void push_fallback(const oci::Content& subject, const std::vector<oci::Package>& referrers);

  /// What the client is asked for.
  void ask_tag(const std::string& tag);
  void ask_digest(const oci::Content& content);

  Scenery& scenery() { return scenery_; }
  oci::Random& random() { return random_; }
  [[nodiscard]] const oci::Platform& platform() const { return platform_; }

  static constexpr std::string_view kType = "application/vnd.referee.sbom.v1+json";
  static constexpr std::string_view kOtherType = "application/vnd.referee.signature.v1+json";

 private:
  oci::Platform platform_;
  oci::Random random_;
  Scenery scenery_;
};

/// As an entry of a referrers list.
oci::Descriptor listed(const oci::Package& referrer);

// Sceneries that several checks share.
void one_image(Maker& maker);            ///< an image under `v1`; asked for by the tag
void one_image_by_digest(Maker& maker);  ///< the same, asked for by digest
void image_in_index(Maker& maker);       ///< an index of one image under `v1`
void one_blob(Maker& maker);             ///< an image, and its layer asked for
void many_tags(Maker& maker);            ///< an image under five tags
void some_referrers(Maker& maker);       ///< an image under `v1` with three referrers, of two types
void image_alone(Maker& maker);          ///< an image under `v1`, to be attached to
void image_in_layout(Maker& maker);      ///< an image that is to be pushed
void referrer_in_layout(Maker& maker);   ///< an image under `v1`, and a referrer of it that is to be pushed

}  // namespace referee::suites::clients
