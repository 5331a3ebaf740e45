#pragma once

#include <string>

namespace referee::bench {

/// The machine that measures, as far as it can make numbers differ. What is not known is empty.
struct Host {
  std::string cpu;          ///< model name
  std::string governor;     ///< of the first CPU's frequency: `performance`
  std::string virtualized;  ///< `yes`, if the CPU says that a hypervisor is there
  std::string kernel;       ///< release
  int cpus = 0;
  double load = 0;  ///< average of a minute
};
/// Reads /proc and /sys below `root`.
Host this_host(const std::string& root = "");

}  // namespace referee::bench
