#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Fields of documents that anybody may have written: what is absent or of another type is empty.
namespace referee::reports::json_read {

/// An object, or null: not JSON, too deep, or something else.
nlohmann::json document(std::string_view json);
/// Like document(), of a list.
nlohmann::json document_list(std::string_view json);
std::string text(const nlohmann::json& from, const char* key);
double number(const nlohmann::json& from, const char* key);  ///< finite and not negative
std::uint64_t count(const nlohmann::json& from, const char* key);
std::uint64_t digits(const nlohmann::json& from, const char* key);  ///< a number, or a text of digits
bool flag(const nlohmann::json& from, const char* key);
const nlohmann::json& object(const nlohmann::json& from, const char* key);
const nlohmann::json& list(const nlohmann::json& from, const char* key);
std::vector<std::string> texts(const nlohmann::json& from, const char* key);
/// Of `2026-11-24T18:04:48.125Z`; 0 if it is no such time.
double time(std::string_view text);

}  // namespace referee::reports::json_read
