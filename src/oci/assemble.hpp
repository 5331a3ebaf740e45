#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <utility>
#include <vector>

namespace referee::oci {

/// What turns a manifest's JSON into its exact bytes.
struct Assembly {
  /// Top-level properties as raw JSON text, so that text which no JSON library would write can be sent. Each replaces a
  /// property of the same name.
  const std::vector<std::pair<std::string, std::string>>& fields;
  std::size_t pad_to = 0;
  bool pretty = false;
};

/// The bytes. Padding is an annotation where it fits, else trailing spaces (which JSON allows).
std::string assemble(nlohmann::ordered_json document, const Assembly& assembly);

}  // namespace referee::oci
