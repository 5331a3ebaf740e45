#pragma once

#include <memory>
#include <string>
#include <vector>

#include "load/requests.hpp"

namespace referee::selftest {

/// One kind: a GET that is answered with this body.
inline std::vector<std::unique_ptr<load::Kind>> get_kinds(const std::string& body) {
  std::vector<std::vector<suites::load::Get>> objects{{{"GET / HTTP/1.1\r\nHost: x\r\n\r\n", body, {}}}};
  std::vector<std::unique_ptr<load::Kind>> kinds;
  kinds.push_back(std::make_unique<suites::load::Fetch>("get", std::move(objects)));
  return kinds;
}

}  // namespace referee::selftest
