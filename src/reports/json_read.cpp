#include "json_read.hpp"

#include <charconv>
#include <cmath>
#include <cstdio>
#include <ctime>

#include "referee/oci/json_depth.hpp"

namespace referee::reports::json_read {

using nlohmann::json;

namespace {

json parsed(std::string_view text) {
  if (oci::is_deeper_than(text, oci::kDeepestJson)) return nullptr;
  auto value = json::parse(text, nullptr, false);
  if (value.is_discarded()) value = nullptr;
  return value;
}

const json& member(const json& from, const char* key) {
  static const json kNone;
  if (!from.is_object()) return kNone;
  const auto found = from.find(key);
  return found == from.end() ? kNone : *found;
}

}  // namespace

json document(std::string_view text) {
  auto value = parsed(text);
  if (!value.is_object()) value = nullptr;
  return value;
}

json document_list(std::string_view text) {
  auto value = parsed(text);
  if (!value.is_array()) value = nullptr;
  return value;
}

std::string text(const json& from, const char* key) {
  const auto& value = member(from, key);
  return value.is_string() ? value.get<std::string>() : std::string();
}

double number(const json& from, const char* key) {
  const auto& value = member(from, key);
  const double found = value.is_number() ? value.get<double>() : 0;
  return std::isfinite(found) && found > 0 ? found : 0;
}

std::uint64_t count(const json& from, const char* key) {
  const auto& value = member(from, key);
  return value.is_number_unsigned() ? value.get<std::uint64_t>() : 0;
}

std::uint64_t digits(const json& from, const char* key) {
  const auto& value = member(from, key);
  if (!value.is_string()) return count(from, key);
  const auto& written = value.get_ref<const std::string&>();
  std::uint64_t found = 0;
  const auto* const end = written.data() + written.size();
  const auto read = std::from_chars(written.data(), end, found);
  return read.ec == std::errc() && read.ptr == end ? found : 0;
}

bool flag(const json& from, const char* key) {
  const auto& value = member(from, key);
  return value.is_boolean() && value.get<bool>();
}

const json& object(const json& from, const char* key) {
  static const json kNone = json::object();
  const auto& value = member(from, key);
  return value.is_object() ? value : kNone;
}

const json& list(const json& from, const char* key) {
  static const json kNone = json::array();
  const auto& value = member(from, key);
  return value.is_array() ? value : kNone;
}

std::vector<std::string> texts(const json& from, const char* key) {
  std::vector<std::string> found;
  for (const auto& value : list(from, key)) {
    if (value.is_string()) found.push_back(value.get<std::string>());
  }
  return found;
}

double time(std::string_view written) {
  const std::string copy(written.substr(0, 40));
  std::tm parts{};
  const char* const rest = strptime(copy.c_str(), "%Y-%m-%dT%H:%M:%S", &parts);
  if (rest == nullptr) return 0;
  int milliseconds = 0;
  (void)std::from_chars(rest + (*rest == '.' ? 1 : 0), copy.data() + copy.size(), milliseconds);
  const auto whole = timegm(&parts);
  return whole < 0
             ? 0
             : static_cast<double>(whole) + (milliseconds >= 0 && milliseconds < 1000 ? milliseconds / 1000.0 : 0);
}

}  // namespace referee::reports::json_read
