#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "referee/distribution/registry.hpp"
#include "referee/load/operation.hpp"

namespace referee::suites::load {

struct PushOptions {
  std::string repository;
  std::uint64_t seed = 1;
  std::size_t size = 0;                               ///< of each blob, bytes
  referee::distribution::Journal* journal = nullptr;  ///< of what is pushed; outlives the kind
};

/// Where an upload goes on, below the base; empty if the location leads to another server or is none.
std::string upload_path(std::string_view base, std::string_view repository, std::string_view location);

/// POST and PUT of a blob that nobody has pushed before and that does not compress. Each is journaled before it is
/// sent; an upload that came to nothing, too.
std::unique_ptr<referee::load::Kind> make_push(referee::distribution::Registry& registry, PushOptions options);

}  // namespace referee::suites::load
