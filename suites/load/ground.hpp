#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

#include "referee/distribution/registry.hpp"
#include "referee/load/operation.hpp"

namespace referee::suites::load {

/// A kind of operation and its share.
struct Share {
  std::string kind;
  unsigned weight = 1;

  friend bool operator==(const Share&, const Share&) = default;
};
/// `pull=70,push=10,tags=20`, in any order; a name alone has the weight 1. Fails with one line.
tl::expected<std::vector<Share>, std::string> parse_mix(std::string_view text);
/// pull, push, referrers, tags, verified-pull, with a line each on what it does.
const std::vector<std::pair<std::string, std::string>>& kinds();

struct GroundOptions {
  std::string repository;
  std::uint64_t seed = 1;                             ///< all names and content follow from it
  int images = 16;                                    ///< each with a tag, one layer and its referrers
  int referrers = 5;                                  ///< of each image; the first is a signature
  std::size_t blob_size = std::size_t{64} << 10U;     ///< of layers and of blobs that are pushed, bytes
  referee::distribution::Journal* journal = nullptr;  ///< of what is pushed under load; outlives the kinds
};

/// Pushes what the kinds of the mix ask for and gives the kinds, in the order of the mix. Fails with one line, if the
/// registry does not take or give what is needed. What `registry` and `options` refer to outlives the kinds.
tl::expected<std::vector<std::unique_ptr<referee::load::Kind>>, std::string> prepare(
    referee::distribution::Registry& registry, const GroundOptions& options, const std::vector<Share>& mix);

/// One GET of any path, that has to be answered as it is answered now.
tl::expected<std::vector<std::unique_ptr<referee::load::Kind>>, std::string> prepare_get(
    referee::distribution::Registry& registry, const std::string& path);

}  // namespace referee::suites::load
