#include "referee/bench/one_line.hpp"

namespace referee::bench {

std::string one_line(std::string_view text) {
  std::string line;
  line.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    const auto next = at + 1 < text.size() ? static_cast<unsigned char>(text[at + 1]) : 0U;
    // U+0080 to U+009F, in UTF-8.
    const bool second_set = byte == 0xc2 && next >= 0x80 && next < 0xa0;
    const bool control = byte < 0x20 || byte == 0x7f || second_set;
    line.push_back(control ? '?' : text[at]);
    if (second_set) ++at;
  }
  return line;
}

}  // namespace referee::bench
