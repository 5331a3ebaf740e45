#include "scanner.hpp"

#include <algorithm>

namespace referee::http {

bool is_token_character(char c) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         kMarks.find(c) != std::string_view::npos;
}

void Scanner::space() {
  rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t"), rest_.size()));
}

bool Scanner::eat(char c) {
  if (rest_.empty() || rest_.front() != c) return false;
  rest_.remove_prefix(1);
  return true;
}

std::optional<std::string_view> Scanner::until(char end) {
  const auto at = rest_.find(end);
  if (at == std::string_view::npos) return std::nullopt;
  const auto found = rest_.substr(0, at);
  rest_.remove_prefix(at + 1);
  return found;
}

std::string_view Scanner::token() {
  std::size_t length = 0;
  while (length < rest_.size() && is_token_character(rest_[length])) ++length;
  const auto found = rest_.substr(0, length);
  rest_.remove_prefix(length);
  return found;
}

std::optional<std::string> Scanner::value() {
  if (!eat('"')) {
    const auto found = token();
    if (found.empty()) return std::nullopt;
    return std::string(found);
  }
  std::string text;
  while (!rest_.empty()) {
    const char c = rest_.front();
    rest_.remove_prefix(1);
    if (c == '"') return text;
    if (c == '\\') {
      if (rest_.empty()) return std::nullopt;
      text += rest_.front();
      rest_.remove_prefix(1);
    } else {
      text += c;
    }
  }
  return std::nullopt;
}

}  // namespace referee::http
