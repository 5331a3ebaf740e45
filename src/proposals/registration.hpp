#pragma once

#include <memory>

#include "referee/proposals/proposal.hpp"

namespace referee::proposals {

/// Makes the factory of a variant's class.
template <typename T>
std::function<std::unique_ptr<Proposal>(Wire&, Settings)> opens() {
  return [](Wire& wire, Settings settings) { return std::make_unique<T>(wire, settings); };
}

}  // namespace referee::proposals
