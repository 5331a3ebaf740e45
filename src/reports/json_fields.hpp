#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "json_values.hpp"

/// Reading of files that others may have written: a wrong type is an error of the file, never an exception.
namespace referee::reports {

/// Members keep their order.
using Json = nlohmann::ordered_json;

/// Remembers the first thing that is wrong; what is asked for afterwards is empty.
class JsonFields {
 public:
  /// Starts the messages: `check 3`.
  void at(std::string place) { place_ = std::move(place); }
  [[nodiscard]] bool good() const { return why_.empty(); }
  [[nodiscard]] const std::string& why() const { return why_; }
  void wrong(std::string_view key, std::string_view what);

  /// Valid UTF-8, clipped to what a writer leaves of `most` bytes. `text_or_empty` takes null and absence as empty.
  std::string text(const Json& object, const char* key, std::size_t most = kTextBytes);
  std::string text_or_empty(const Json& object, const char* key, std::size_t most = kTextBytes);
  /// A text that is one of these.
  std::string choice(const Json& object, const char* key, std::initializer_list<std::string_view> allowed);
  std::vector<std::string> texts(const Json& object, const char* key, std::size_t most);
  bool flag(const Json& object, const char* key);
  std::uint64_t count(const Json& object, const char* key);
  std::uint64_t count(const Json& object, const char* key, std::uint64_t most);
  std::int64_t whole(const Json& object, const char* key, std::int64_t least, std::int64_t most);
  /// A text of digits: 64 bits do not survive in readers that hold numbers as doubles.
  std::uint64_t digits(const Json& object, const char* key);
  /// Finite and not below zero.
  double number(const Json& object, const char* key);
  /// Seconds since the Unix epoch of what iso_time() writes; 0 of an empty text.
  double time(const Json& object, const char* key);
  /// An empty one if it is none.
  const Json& object(const Json& object, const char* key);
  /// An empty one if it is none or has more than `most` elements.
  const Json& list(const Json& object, const char* key, std::size_t most);
  /// The member, whatever it is; null, and wrong, if there is none.
  const Json& any(const Json& object, const char* key);

 private:
  const Json* find(const Json& object, const char* key);
  std::string place_;
  std::string why_;
};

}  // namespace referee::reports
