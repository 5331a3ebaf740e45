#pragma once

#include <optional>
#include <string>
#include <vector>

#include "shape.hpp"

namespace referee::suites::matrix {

/// One shape in the making. Each entry gives a descriptor for an index.
class ShapeMaker {
 public:
  ShapeMaker(std::uint64_t seed, oci::Platform platform, std::string id, std::string about,
             std::vector<std::string> requirements);

  /// An image with a layer of its own, and its platform on the descriptor.
  oci::Descriptor image(const std::string& label = "image");
  oci::Descriptor image(const std::string& label, const oci::Platform& platform);
  /// A signature-like artifact, without a platform.
  oci::Descriptor artifact(const std::string& label = "artifact");
  /// Any package. Its config is known under the same label unless others may share it.
  oci::Descriptor add(const std::string& label, const oci::Package& package, bool own_config = true);
  /// An index of these entries that others may name.
  oci::Descriptor nest(const std::vector<oci::Descriptor>& entries, const std::string& label = "index");
  oci::Descriptor nest(const oci::Content& index, const std::string& label = "index");
  /// What was added last is not pushed.
  void leave_out();
  /// The same, but its blobs are pushed.
  void leave_out_manifest();

  Shape with(const std::vector<oci::Descriptor>& entries);
  Shape with(const oci::Content& root);
  /// The image that was added last is itself the root.
  Shape alone();

  ShapeMaker& by_digest();
  ShapeMaker& full();
  ShapeMaker& open();
  ShapeMaker& sparse();
  ShapeMaker& may_refuse();

  [[nodiscard]] const oci::Platform& platform() const { return platform_; }
  oci::Random& random() { return random_; }
  static oci::Content index(const std::vector<oci::Descriptor>& entries);

 private:
  oci::Platform platform_;
  oci::Random random_;
  Shape shape_;
  std::size_t added_ = 0;  ///< parts of what was added last
};

// The tables, a file each.
using Shapes = std::vector<Shape>;
void add_images(Shapes& to, std::uint64_t seed, const oci::Platform& platform);
void add_flat_indexes(Shapes& to, std::uint64_t seed, const oci::Platform& platform);
void add_nested_indexes(Shapes& to, std::uint64_t seed, const oci::Platform& platform);
void add_artifact_entries(Shapes& to, std::uint64_t seed, const oci::Platform& platform);
void add_unknown_things(Shapes& to, std::uint64_t seed, const oci::Platform& platform);
/// Each takes a while to make: only what is wanted is made.
void add_large_things(Shapes& to, std::uint64_t seed, const oci::Platform& platform, const Wanted& wanted);
void add_proposals(Shapes& to, std::uint64_t seed, const oci::Platform& platform);

}  // namespace referee::suites::matrix
