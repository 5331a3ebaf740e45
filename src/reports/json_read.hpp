#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Fields of documents that anybody may have written: what is absent or of another type is empty.
namespace referee::reports::json_read {

/// Keys keep their order, and are found one by one: an object keeps its first kMostKeys.
using Json = nlohmann::ordered_json;
inline constexpr std::size_t kMostKeys = 300;

/// An object, or null: not JSON, too deep, or something else.
Json document(std::string_view json);
/// Like document(), of a list.
Json document_list(std::string_view json);
std::string text(const Json& from, const char* key);
double number(const Json& from, const char* key);  ///< finite and not negative
std::uint64_t count(const Json& from, const char* key);
std::uint64_t digits(const Json& from, const char* key);  ///< a number, or a text of digits
bool flag(const Json& from, const char* key);
const Json& object(const Json& from, const char* key);
const Json& list(const Json& from, const char* key);
std::vector<std::string> texts(const Json& from, const char* key);

}  // namespace referee::reports::json_read
