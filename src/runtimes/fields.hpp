#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace referee::runtimes {

/// Reads the fields of one JSON object and remembers the first mistake. What was not asked for is a mistake too, so
/// that a typing error does not pass for an option left out.
class Fields {
 public:
  /// `where`: what errors call the object, e.g. `daemons[0]`; empty at the top. `mistake` is shared by all objects of a
  /// file.
  Fields(const nlohmann::json& object, std::string where, std::string& mistake);

  /// The member, or nullptr; from now on it is known.
  const nlohmann::json* member(const std::string& key);
  std::string text(const std::string& key, bool required);
  bool flag(const std::string& key);
  std::optional<int> whole_number(const std::string& key, int least, int most);
  std::vector<std::string> words(const nlohmann::json& value, const std::string& key);
  /// Must be called last.
  void end();

  void wrong(const std::string& key, std::string_view what);
  [[nodiscard]] bool good() const { return mistake_.empty(); }
  [[nodiscard]] std::string path(const std::string& key) const { return where_.empty() ? key : where_ + "." + key; }
  std::string& mistake() { return mistake_; }

 private:
  const nlohmann::json& object_;
  std::string where_;
  std::string& mistake_;
  std::vector<std::string> known_;
};

}  // namespace referee::runtimes
