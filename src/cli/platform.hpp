#pragma once

#include <string>

#include "referee/oci/descriptor.hpp"

namespace referee::cli {

/// `os/architecture[/variant]`, as the option took it.
inline oci::Platform platform_of(const std::string& text) {
  const auto first = text.find('/');
  const auto second = text.find('/', first + 1);
  oci::Platform platform;
  platform.os = text.substr(0, first);
  platform.architecture = text.substr(first + 1, second == std::string::npos ? second : second - first - 1);
  if (second != std::string::npos) platform.variant = text.substr(second + 1);
  return platform;
}

}  // namespace referee::cli
