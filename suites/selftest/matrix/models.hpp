#pragma once

#include <string>

#include "imitation/description.hpp"

namespace referee::suites::matrix {

/// The imitation of the built program: `${self}` is this test.
inline runtimes::Description model(const std::string& name) {
  auto made = imitation::described(*imitation::find_imitation(name));
  made.programs["referee"] = {REFEREE_BINARY};
  return made;
}

}  // namespace referee::suites::matrix
