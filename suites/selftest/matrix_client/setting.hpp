#pragma once

#include <string>
#include <vector>

#include "matrix/client_run.hpp"

namespace referee::selftest {

/// fake_client.py as a client that is described like any other. `defects` have commas between them.
runtimes::Description fake_client(const std::string& defects = "-", const std::string& name = "fake");

/// The cells of the fake client with these defects.
conformance::Matrix try_fake(const std::string& defects, const std::vector<std::string>& checks);

}  // namespace referee::selftest
