#include "referee/bench/host.hpp"

#include <fstream>
#include <string_view>
#include <thread>

namespace referee::bench {
namespace {

/// A line of such a file is short; what is longer is cut.
constexpr std::size_t kLongest = 4096;

std::string clean(std::string_view text) {
  std::string kept;
  for (const char c : text.substr(0, kLongest)) {
    if (c >= ' ' && c <= '~') kept.push_back(c);
  }
  return kept;
}

std::string first_line(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return clean(line);
}

void read_cpu(const std::string& path, Host& host) {
  std::ifstream file(path);
  for (std::string line; std::getline(file, line) && !line.empty();) {
    const auto colon = line.find(':');
    if (colon == std::string::npos) continue;
    const auto value = colon + 2 < line.size() ? line.substr(colon + 2) : std::string();
    if (line.starts_with("model name")) host.cpu = clean(value);
    if (line.starts_with("flags") && (" " + value + " ").find(" hypervisor ") != std::string::npos) {
      host.virtualized = "yes";
    }
  }
}

}  // namespace

Host this_host(const std::string& root) {
  Host host;
  read_cpu(root + "/proc/cpuinfo", host);
  host.governor = first_line(root + "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor");
  host.kernel = first_line(root + "/proc/sys/kernel/osrelease");
  host.cpus = static_cast<int>(std::thread::hardware_concurrency());
  std::ifstream(root + "/proc/loadavg") >> host.load;
  return host;
}

}  // namespace referee::bench
