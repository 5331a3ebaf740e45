#include "json_fields.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "json_values.hpp"
#include "text.hpp"

namespace referee::reports {
namespace {

using nlohmann::json;

const json kNoObject = json::object();
const json kNoList = json::array();

}  // namespace

void JsonFields::wrong(std::string_view key, std::string_view what) {
  if (!why_.empty()) return;
  why_ = fmt::format("{}{}`{}` {}", place_, place_.empty() ? "" : ": ", key, what);
}

const json* JsonFields::find(const json& object, const char* key) {
  const auto found = object.is_object() ? object.find(key) : object.end();
  if (!object.is_object() || found == object.end()) {
    wrong(key, "is missing");
    return nullptr;
  }
  return &*found;
}

std::string JsonFields::text(const json& object, const char* key) {
  const auto* value = find(object, key);
  if (value == nullptr) return {};
  if (!value->is_string()) {
    wrong(key, "is no text");
    return {};
  }
  return clip(value->get_ref<const std::string&>(), kTextBytes);
}

std::string JsonFields::text_or_empty(const json& object, const char* key) {
  const auto found = object.is_object() ? object.find(key) : object.end();
  if (!object.is_object() || found == object.end() || found->is_null()) return {};
  return text(object, key);
}

bool JsonFields::flag(const json& object, const char* key) {
  const auto* value = find(object, key);
  if (value == nullptr) return false;
  if (!value->is_boolean()) wrong(key, "is neither true nor false");
  return value->is_boolean() && value->get<bool>();
}

std::uint64_t JsonFields::count(const json& object, const char* key) {
  const auto* value = find(object, key);
  if (value == nullptr) return 0;
  if (!value->is_number_unsigned()) {
    wrong(key, "is no count");
    return 0;
  }
  return value->get<std::uint64_t>();
}

double JsonFields::number(const json& object, const char* key) {
  const auto* value = find(object, key);
  if (value == nullptr) return 0;
  if (!value->is_number() || !std::isfinite(value->get<double>())) {
    wrong(key, "is no number");
    return 0;
  }
  return value->get<double>();
}

const json& JsonFields::object(const json& object, const char* key) {
  const auto* value = find(object, key);
  if (value == nullptr) return kNoObject;
  if (value->is_object()) return *value;
  wrong(key, "is no object");
  return kNoObject;
}

const json& JsonFields::list(const json& object, const char* key, std::size_t most) {
  const auto* value = find(object, key);
  if (value == nullptr) return kNoList;
  if (!value->is_array()) {
    wrong(key, "is no list");
    return kNoList;
  }
  if (value->size() <= most) return *value;
  wrong(key, fmt::format("has more than {} elements", most));
  return kNoList;
}

double time_of_iso(std::string_view text) {
  // `2026-11-24T18:04:48.125Z`
  constexpr std::string_view kForm = "dddd-dd-ddTdd:dd:dd.dddZ";
  if (text.size() != kForm.size()) return 0;
  for (std::size_t at = 0; at < kForm.size(); ++at) {
    if (kForm[at] == 'd' ? text[at] < '0' || text[at] > '9' : text[at] != kForm[at]) return 0;
  }
  const auto digits = [&](std::size_t from, std::size_t count) {
    int value = 0;
    for (std::size_t at = from; at < from + count; ++at) value = value * 10 + (text[at] - '0');
    return value;
  };
  const std::chrono::year_month_day day{std::chrono::year(digits(0, 4)),
                                        std::chrono::month(static_cast<unsigned>(digits(5, 2))),
                                        std::chrono::day(static_cast<unsigned>(digits(8, 2)))};
  if (!day.ok() || digits(11, 2) > 23 || digits(14, 2) > 59 || digits(17, 2) > 60) return 0;
  const auto days = std::chrono::sys_days(day).time_since_epoch().count();
  return static_cast<double>(days) * 86400 + digits(11, 2) * 3600 + digits(14, 2) * 60 + digits(17, 2) +
         digits(20, 3) / 1000.0;
}

}  // namespace referee::reports
