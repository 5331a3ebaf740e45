#include "evidence.hpp"

#include <charconv>

namespace referee::conformance {
namespace {

constexpr char kBegin = '\x02';
constexpr char kEnd = '\x03';

}  // namespace

std::string exchange_mark(std::size_t exchange) {
  return kBegin + std::to_string(exchange) + kEnd;
}

std::optional<std::size_t> take_exchange_mark(std::string& text) {
  std::optional<std::size_t> found;
  for (auto begin = text.find(kBegin); begin != std::string::npos; begin = text.find(kBegin, begin)) {
    const auto end = text.find(kEnd, begin);
    if (end == std::string::npos) {
      text.erase(begin, 1);
      continue;
    }
    std::size_t number = 0;
    const auto read = std::from_chars(text.data() + begin + 1, text.data() + end, number);
    if (read.ec == std::errc() && read.ptr == text.data() + end) found = number;
    text.erase(begin, end - begin + 1);
  }
  return found;
}

}  // namespace referee::conformance
