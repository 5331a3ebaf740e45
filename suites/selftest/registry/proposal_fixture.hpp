#pragma once

#include "registry_fixture.hpp"

namespace referee::selftest {

/// The reference registry under one of the proposals' profiles, and manifests that need no blobs of their own.
class ProposalTest : public RegistryTest {
 protected:
  /// Starts with a profile, with a control port, and pushes `image_` as `a:v1`.
  void start_profile(const std::string& profile, std::vector<std::string> deviations = {});
  /// A JSON document as a manifest of this media type; the field `mediaType` is added.
  static oci::Content document(std::string_view media_type, nlohmann::ordered_json fields);
  static oci::Content artifact(nlohmann::ordered_json fields);
  /// Pushes by digest.
  Reply put(std::string_view repository, const oci::Content& manifest, std::string_view version = "v2");
  static nlohmann::ordered_json descriptor_of(const oci::Content& manifest);
  [[nodiscard]] nlohmann::ordered_json subject() const { return descriptor_of(image_.manifest); }
  /// An image manifest with one more field, its blobs pushed.
  oci::Content image_with(const std::string& field, const nlohmann::ordered_json& value);
  /// POST to the control port.
  Reply control(std::string_view target, std::string_view method = "POST");

  /// The digests under `key` of a list, with all its pages, in order. `pages_` counts them.
  std::vector<std::string> walk(std::string target, const std::string& key);

  oci::Package image_ = oci::image(random_);
  int pages_ = 0;
};

}  // namespace referee::selftest
