#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "referee/oci/builder.hpp"

/// What runtimes are tried on: crafted images and indexes, and which object each asks for.
namespace referee::suites::matrix {

/// A manifest or blob, and what it is to whoever pulls: `image` is what a runtime of the platform wants; `second`,
/// `nested`, `artifact`, `arm64` and others are what it may get instead; `root` is what the tag names.
struct Part {
  oci::Content content;
  std::string label;
  bool is_blob = false;
  bool pushed = true;  ///< false: the registry does not have it
};

/// One crafted reference. The same seed gives the same bytes.
struct Shape {
  std::string id;     ///< `nested-2`: stable for ever
  std::string about;  ///< one sentence
  /// Ledger ids. The first says how much it matters if a runtime fails although an object is there for it.
  std::vector<std::string> requirements;
  std::vector<Part> parts;  ///< in the order of pushing; the last is the root
  bool by_digest = false;   ///< pulled by the root's digest instead of a tag
  bool full = false;        ///< only with --full
  /// Neither what is selected nor a refusal is right or wrong, whatever the readings of the specification say.
  bool open = false;
  bool sparse = false;      ///< it names manifests that are no parts: nobody has them
  bool may_refuse = false;  ///< it is not valid: to refuse it is as right as to take the object

  [[nodiscard]] const oci::Content& root() const { return parts.back().content; }
  /// The labels of a digest's manifest or config; empty if it is none of this shape.
  [[nodiscard]] std::string label_of(std::string_view digest) const;
  [[nodiscard]] const Part* find(std::string_view digest) const;
  /// Whether everything that the root leads to was pushed.
  [[nodiscard]] bool whole() const;
};

/// Is a shape wanted that has this id, and is or is not left to --full?
using Wanted = std::function<bool(const std::string& id, bool full)>;

/// Those that are wanted, for a platform such as `linux/amd64`, in the order of the report. Each is asked for once.
std::vector<Shape> shapes(std::uint64_t seed, const oci::Platform& platform, const Wanted& wanted);
/// All of them.
std::vector<Shape> shapes(std::uint64_t seed, const oci::Platform& platform);

}  // namespace referee::suites::matrix
