#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace referee::http {

/// Walks over a structured header value (RFC 9110, section 5.6: token, quoted-string, optional white space).
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  [[nodiscard]] bool done() const { return rest_.empty(); }
  [[nodiscard]] std::string_view rest() const { return rest_; }
  void reset(std::string_view rest) { rest_ = rest; }
  void space();
  /// Takes the character if it is next.
  bool eat(char c);
  /// Everything before `end`, which is taken too; nullopt (and nothing taken) when `end` never comes.
  std::optional<std::string_view> until(char end);
  /// As many token characters as there are; may be empty.
  std::string_view token();
  /// A token or a quoted string with its escapes undone; nullopt for anything else or an unclosed quote.
  std::optional<std::string> value();

 private:
  std::string_view rest_;
};

bool is_token_character(char c);

}  // namespace referee::http
