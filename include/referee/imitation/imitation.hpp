#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "referee/oci/descriptor.hpp"

/// Referee's own runtime and client, sound or with exactly one defect: they prove that what judges real ones can tell
/// a bad one from a good one. Driven like any other, as a process of its own (`referee imitate NAME ...`).
namespace referee::imitation {

/// `sound`, or a defect of runtimes (`t.pick-last`) or clients (`c.no-fallback`).
struct Imitation {
  std::string name;
  std::string about;  ///< one sentence
};

/// `sound` first. Names are unique.
const std::vector<Imitation>& imitations();
/// nullptr if there is none of that name.
const Imitation* find_imitation(std::string_view name);

/// What it is asked to do. Registries are spoken to over plain HTTP.
struct Order {
  std::string operation;   ///< one of operations()
  std::string reference;   ///< `127.0.0.1:5000/repository:tag` or `...@sha256:...`; of tags, prune and load without
  std::string target;      ///< of a copy
  std::string output;      ///< folder of the layout that a pull or save makes, or file of a blob; must be absent
  std::string layout;      ///< to push or load from
  std::string file;        ///< to attach; the policy of a verify; of a prune the digests that were there, one a line
  std::string type;        ///< artifactType: to attach, or to filter by
  std::string annotation;  ///< `key=value`, to attach
  oci::Platform platform{"amd64", "linux", "", ""};
  std::string now = {};      ///< of a verify, RFC 3339; empty: the system's clock
  std::string variant = {};  ///< of a save or load: of proposals::variants(); empty: OCI 1.1, with the API or without
  /// Called between the read and the write of a list that clients share: another may come first. May be empty.
  std::function<void()> window = {};
};

/// `pull`, the names of runtimes::Operation, and `discover-tagged`, `verify`, `prune`, `save` and `load`.
std::vector<std::string> operations();

struct Answer {
  bool done = false;
  std::string out;  ///< for standard output
  std::string err;  ///< why it was not done, one line
};

/// Does it. `imitation` is one of imitations(). Never throws; what a registry answers is bounded in size, count and
/// time.
Answer carry_out(const Imitation& imitation, const Order& order);

}  // namespace referee::imitation
