#include "workplace.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

namespace referee::suites::matrix {

std::string platform_text(const oci::Platform& platform) {
  return platform.os + "/" + platform.architecture + (platform.variant.empty() ? "" : "/" + platform.variant);
}

oci::Platform read_platform(const std::string& text) {
  const auto first = text.find('/');
  oci::Platform platform;
  platform.os = text.substr(0, first);
  if (first == std::string::npos) return platform;
  const auto second = text.find('/', first + 1);
  platform.architecture = text.substr(first + 1, second == std::string::npos ? second : second - first - 1);
  if (second != std::string::npos) platform.variant = text.substr(second + 1);
  return platform;
}

double epoch_seconds() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

void side_by_side(std::size_t count, int jobs, const std::function<void(std::size_t)>& work) {
  std::atomic<std::size_t> next{0};
  const auto take = [&] {
    for (auto at = next++; at < count; at = next++) work(at);
  };
  std::vector<std::thread> threads;
  const auto most = std::min<std::size_t>(static_cast<std::size_t>(std::max(1, jobs)), count);
  for (std::size_t thread = 0; thread < most; ++thread) threads.emplace_back(take);
  for (auto& thread : threads) thread.join();
}

void note_leftovers(conformance::MatrixColumn& column, const runtimes::Leftovers& left) {
  for (const auto& process : left.processes) column.leftovers.push_back("process " + process + ", ended");
  for (const auto& mount : left.mounts) column.leftovers.push_back("mount " + mount + ", undone");
  for (const auto& stuck : left.stuck) column.leftovers.push_back("still there: " + stuck);
}

}  // namespace referee::suites::matrix
