#include "expression.hpp"

#include <array>

namespace referee::runtimes {

Expression::Expression(const std::string& text) {
  const int code = ::regcomp(&compiled_, text.c_str(), REG_EXTENDED);
  if (code == 0) return;
  std::array<char, 200> words{};
  ::regerror(code, &compiled_, words.data(), words.size());
  error_ = words.data();
}

Expression::~Expression() {
  if (error_.empty()) ::regfree(&compiled_);
}

std::optional<std::string> Expression::first_group(const std::string& line) const {
  std::array<regmatch_t, 2> found{};
  if (groups() < 1 || ::regexec(&compiled_, line.c_str(), found.size(), found.data(), 0) != 0) return std::nullopt;
  if (found[1].rm_so < 0) return std::nullopt;
  return line.substr(static_cast<std::size_t>(found[1].rm_so),
                     static_cast<std::size_t>(found[1].rm_eo - found[1].rm_so));
}

}  // namespace referee::runtimes
