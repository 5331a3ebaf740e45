#pragma once

#include <simdjson.h>

#include <cstddef>
#include <string>
#include <string_view>

#include "referee/oci/descriptor.hpp"

/// What the short cuts for plain JSON share: each leaves whatever is odd to a careful reader. Of simdjson the reader
/// that builds a tree: the other one is lazy, and takes broken JSON for good.
namespace referee::oci {

/// False if the text is no object, is broken or too deep. What was found lives until the parser parses again.
inline bool parse_plain(simdjson::dom::parser& parser, std::string_view text, std::size_t deepest,
                        simdjson::dom::object& out) {
  if (parser.capacity() < text.size() || parser.max_depth() != deepest) {
    if (parser.allocate(text.size(), deepest) != simdjson::SUCCESS) return false;
  }
  return parser.parse(text.data(), text.size()).get(out) == simdjson::SUCCESS;
}

/// False if `out` has some already, which means that they stand twice, or if one is no text.
inline bool read_plain_annotations(simdjson::dom::element value, Annotations& out) {
  simdjson::dom::object object;
  if (!out.empty() || value.get(object) != simdjson::SUCCESS) return false;
  for (const auto& [key, item] : object) {
    std::string_view text;
    if (item.get(text) != simdjson::SUCCESS) return false;
    out[std::string(key)] = text;
  }
  return true;
}

}  // namespace referee::oci
