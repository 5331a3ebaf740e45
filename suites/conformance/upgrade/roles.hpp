#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "referee/conformance/arena.hpp"

/// Who takes part while registries and clients are upgraded at different times (UPGRADING.md): old and new ones that
/// push, store and read.
namespace referee::suites::upgrade {

enum class Producer : std::uint8_t {
  kLeaf,    ///< pushes an image and nothing else
  kBranch,  ///< attaches image manifests with `refers`; without an API it keeps a list under the digest tag
  kTree,    ///< attaches artifact manifests
};
enum class Ground : std::uint8_t {
  kBike,  ///< knows neither the API nor artifact manifests
  kMoto,  ///< knows both
};
enum class Consumer : std::uint8_t {
  kRat,       ///< pulls images and looks for nothing
  kSquirrel,  ///< asks the API, then the digest tag; reads image manifests
  kBeaver,    ///< the same, and reads artifact manifests
};
std::string_view name(Producer producer);
std::string_view name(Ground ground);
std::string_view name(Consumer consumer);

/// The variant by whose interface the clients of a registry work.
const proposals::Variant& variant_of(Ground ground);

/// The target if it is such a registry, else a fresh one. Throws SetupFailed if that does not start.
conformance::Site find_ground(conformance::Arena& arena, Ground ground);

/// What a producer was told, and what it left behind.
struct Produced {
  conformance::Published image;
  int image_status = 0;                 ///< of the push that sets the tag; 0: something before it was refused
  std::vector<int> attached;            ///< status of each attachment's manifest
  std::vector<std::string> refusals;    ///< what was wrong with those that were refused: stored, or unclear errors
  std::set<std::string> payloads;       ///< digests of what was attached
  std::vector<std::string> added_tags;  ///< beside the image's own
};
Produced produce(conformance::Arena& arena, const conformance::Site& site, Producer producer);
/// Attaches one more, as a producer does that comes later.
void produce_more(conformance::Arena& arena, const conformance::Site& site, Produced& produced);

/// What a consumer asked, and what it found.
struct Seen {
  std::vector<std::string> asked;       ///< of the list: `API 404`, `tag 200`
  std::vector<std::string> listed;      ///< digests, with repetitions
  std::multiset<std::string> payloads;  ///< digests of those that could be read
  std::vector<std::string> forms;       ///< media types of the manifests that were read, each once
  std::size_t unsupported = 0;          ///< listed, of a type that this consumer cannot read: it says so
  std::vector<std::string> troubles;    ///< everything else that went wrong
  [[nodiscard]] std::set<std::string> found() const { return {payloads.begin(), payloads.end()}; }
};
Seen look(const conformance::Site& site, Consumer consumer, const oci::Descriptor& subject);

/// Pulls the image by its tag and one of its platforms to the last blob; empty, or the first thing that was wrong.
std::string pull(const conformance::Site& site, const conformance::Published& image);

}  // namespace referee::suites::upgrade
