#pragma once

#include <regex.h>

#include <optional>
#include <string>

namespace referee::runtimes {

/// A POSIX extended regular expression, with GNU's `\\s` and `\\S`. Not std::regex, which takes time without end on an
/// expression such as `(a+)+b`: a description is somebody else's file.
class Expression {
 public:
  explicit Expression(const std::string& text);
  ~Expression();
  Expression(const Expression&) = delete;
  Expression& operator=(const Expression&) = delete;

  /// Why it is none; empty if it is one.
  [[nodiscard]] const std::string& error() const { return error_; }
  /// 0 of what is none.
  [[nodiscard]] std::size_t groups() const { return error_.empty() ? compiled_.re_nsub : 0; }
  /// What the first group matched; nullopt if the line does not match.
  [[nodiscard]] std::optional<std::string> first_group(const std::string& line) const;

 private:
  regex_t compiled_{};
  std::string error_;
};

}  // namespace referee::runtimes
