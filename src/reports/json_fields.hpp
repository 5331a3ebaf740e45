#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

/// Reading of files that others may have written: a wrong type is an error of the file, never an exception.
namespace referee::reports {

/// Remembers the first thing that is wrong; what is asked for afterwards is empty.
class JsonFields {
 public:
  /// Starts the messages: `check 3`.
  void at(std::string place) { place_ = std::move(place); }
  [[nodiscard]] bool good() const { return why_.empty(); }
  [[nodiscard]] const std::string& why() const { return why_; }
  void wrong(std::string_view key, std::string_view what);

  /// Clipped to valid UTF-8. `text_or_empty` takes null and absence as empty.
  std::string text(const nlohmann::json& object, const char* key);
  std::string text_or_empty(const nlohmann::json& object, const char* key);
  bool flag(const nlohmann::json& object, const char* key);
  std::uint64_t count(const nlohmann::json& object, const char* key);
  double number(const nlohmann::json& object, const char* key);
  /// An empty one if it is none.
  const nlohmann::json& object(const nlohmann::json& object, const char* key);
  /// An empty one if it is none or has more than `most` elements.
  const nlohmann::json& list(const nlohmann::json& object, const char* key, std::size_t most);

 private:
  const nlohmann::json* find(const nlohmann::json& object, const char* key);
  std::string place_;
  std::string why_;
};

/// Seconds since the Unix epoch of what iso_time() writes; 0 of anything else.
double time_of_iso(std::string_view text);

}  // namespace referee::reports
