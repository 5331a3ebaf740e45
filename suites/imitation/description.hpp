#pragma once

#include "referee/imitation/imitation.hpp"
#include "referee/runtimes/description.hpp"

namespace referee::imitation {

/// An imitation as an ordinary description, fixtures/imitation.json: driven as a process like any other client. Ends
/// the program with exit code 70 and one line if that file is wrong.
runtimes::Description described(const Imitation& which);

}  // namespace referee::imitation
