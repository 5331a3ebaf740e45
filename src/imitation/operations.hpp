#pragma once

#include "connection.hpp"
#include "referee/imitation/imitation.hpp"

namespace referee::imitation {

// One file each. The text is for standard output.
Done<std::string> pull(const Imitation& imitation, const Order& order);

}  // namespace referee::imitation
