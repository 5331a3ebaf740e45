#include "json_read.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>

#include "referee/oci/json_depth.hpp"

namespace referee::reports::json_read {

namespace {

Json parsed(std::string_view text) {
  if (oci::is_deeper_than(text, oci::kDeepestJson)) return nullptr;
  std::vector<std::size_t> keys(oci::kDeepestJson + 3);
  const auto keep = [&](int depth, Json::parse_event_t event, const Json& /*value*/) {
    const auto at = std::min(static_cast<std::size_t>(depth), keys.size() - 2);
    if (event == Json::parse_event_t::object_start) keys[at + 1] = 0;
    return event != Json::parse_event_t::key || ++keys[at] <= kMostKeys;
  };
  auto value = Json::parse(text, keep, false);
  if (value.is_discarded()) value = nullptr;
  return value;
}

const Json& member(const Json& from, const char* key) {
  static const Json kNone;
  if (!from.is_object()) return kNone;
  const auto found = from.find(key);
  return found == from.end() ? kNone : *found;
}

}  // namespace

Json document(std::string_view text) {
  auto value = parsed(text);
  if (!value.is_object()) value = nullptr;
  return value;
}

Json document_list(std::string_view text) {
  auto value = parsed(text);
  if (!value.is_array()) value = nullptr;
  return value;
}

std::string text(const Json& from, const char* key) {
  const auto& value = member(from, key);
  return value.is_string() ? value.get<std::string>() : std::string();
}

double number(const Json& from, const char* key) {
  const auto& value = member(from, key);
  const double found = value.is_number() ? value.get<double>() : 0;
  return std::isfinite(found) && found > 0 ? found : 0;
}

std::uint64_t count(const Json& from, const char* key) {
  const auto& value = member(from, key);
  return value.is_number_unsigned() ? value.get<std::uint64_t>() : 0;
}

std::uint64_t digits(const Json& from, const char* key) {
  const auto& value = member(from, key);
  if (!value.is_string()) return count(from, key);
  const auto& written = value.get_ref<const std::string&>();
  std::uint64_t found = 0;
  const auto* const end = written.data() + written.size();
  const auto read = std::from_chars(written.data(), end, found);
  return read.ec == std::errc() && read.ptr == end ? found : 0;
}

bool flag(const Json& from, const char* key) {
  const auto& value = member(from, key);
  return value.is_boolean() && value.get<bool>();
}

const Json& object(const Json& from, const char* key) {
  static const Json kNone = Json::object();
  const auto& value = member(from, key);
  return value.is_object() ? value : kNone;
}

const Json& list(const Json& from, const char* key) {
  static const Json kNone = Json::array();
  const auto& value = member(from, key);
  return value.is_array() ? value : kNone;
}

std::vector<std::string> texts(const Json& from, const char* key) {
  std::vector<std::string> found;
  for (const auto& value : list(from, key)) {
    if (value.is_string()) found.push_back(value.get<std::string>());
  }
  return found;
}

}  // namespace referee::reports::json_read
