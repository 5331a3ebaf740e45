#pragma once

#include <memory>

#include "referee/proposals/proposal.hpp"

namespace referee::proposals {

#define VARIANT(name) Variant variant_##name();
#include "variants.def"
#undef VARIANT

/// Makes the factory of a variant's class.
template <typename T>
std::function<std::unique_ptr<Proposal>(Wire&, Settings)> opens() {
  return [](Wire& wire, Settings settings) { return std::make_unique<T>(wire, settings); };
}

}  // namespace referee::proposals
