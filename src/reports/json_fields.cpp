#include "json_fields.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <optional>

#include "text.hpp"

namespace referee::reports {
namespace {

const Json kNoObject = Json::object();
const Json kNoList = Json::array();
const Json kNothing;

/// Nothing of what iso_time() does not write.
std::optional<double> time_of_iso(std::string_view text) {
  // `2026-11-24T18:04:48.125Z`
  constexpr std::string_view kForm = "dddd-dd-ddTdd:dd:dd.dddZ";
  if (text.size() != kForm.size()) return std::nullopt;
  for (std::size_t at = 0; at < kForm.size(); ++at) {
    if (kForm[at] == 'd' ? text[at] < '0' || text[at] > '9' : text[at] != kForm[at]) return std::nullopt;
  }
  const auto digits = [&](std::size_t from, std::size_t count) {
    int value = 0;
    for (std::size_t at = from; at < from + count; ++at) value = value * 10 + (text[at] - '0');
    return value;
  };
  const std::chrono::year_month_day day{std::chrono::year(digits(0, 4)),
                                        std::chrono::month(static_cast<unsigned>(digits(5, 2))),
                                        std::chrono::day(static_cast<unsigned>(digits(8, 2)))};
  if (!day.ok() || digits(11, 2) > 23 || digits(14, 2) > 59 || digits(17, 2) > 60) return std::nullopt;
  const auto days = std::chrono::sys_days(day).time_since_epoch().count();
  return static_cast<double>(days) * 86400 + digits(11, 2) * 3600 + digits(14, 2) * 60 + digits(17, 2) +
         digits(20, 3) / 1000.0;
}

}  // namespace

void JsonFields::wrong(std::string_view key, std::string_view what) {
  if (!why_.empty()) return;
  why_ = fmt::format("{}{}`{}` {}", place_, place_.empty() ? "" : ": ", key, what);
}

const Json* JsonFields::find(const Json& object, const char* key) {
  const auto found = object.is_object() ? object.find(key) : object.end();
  if (!object.is_object() || found == object.end()) {
    wrong(key, "is missing");
    return nullptr;
  }
  return &*found;
}

std::string JsonFields::text(const Json& object, const char* key, std::size_t most) {
  const auto* value = find(object, key);
  if (value == nullptr) return {};
  if (!value->is_string()) {
    wrong(key, "is no text");
    return {};
  }
  // What a writer clipped is not clipped again.
  return clip(value->get_ref<const std::string&>(), most + kClipNote);
}

std::string JsonFields::text_or_empty(const Json& object, const char* key, std::size_t most) {
  const auto found = object.is_object() ? object.find(key) : object.end();
  if (!object.is_object() || found == object.end() || found->is_null()) return {};
  return text(object, key, most);
}

std::string JsonFields::choice(const Json& object, const char* key, std::initializer_list<std::string_view> allowed) {
  auto value = text(object, key);
  if (!good() || std::ranges::find(allowed, value) != allowed.end()) return value;
  std::vector<std::string_view> named;
  std::ranges::copy_if(allowed, std::back_inserter(named), [](std::string_view one) { return !one.empty(); });
  wrong(key, fmt::format("is none of {}", fmt::join(named, ", ")));
  return value;
}

std::vector<std::string> JsonFields::texts(const Json& object, const char* key, std::size_t most) {
  std::vector<std::string> found;
  for (const auto& value : list(object, key, most)) {
    if (!value.is_string()) {
      wrong(key, "holds what is no text");
      break;
    }
    found.push_back(clip(value.get_ref<const std::string&>(), kTextBytes + kClipNote));
  }
  return found;
}

bool JsonFields::flag(const Json& object, const char* key) {
  const auto* value = find(object, key);
  if (value == nullptr) return false;
  if (!value->is_boolean()) wrong(key, "is neither true nor false");
  return value->is_boolean() && value->get<bool>();
}

std::uint64_t JsonFields::count(const Json& object, const char* key) {
  const auto* value = find(object, key);
  if (value == nullptr) return 0;
  if (!value->is_number_unsigned()) {
    wrong(key, "is no count");
    return 0;
  }
  return value->get<std::uint64_t>();
}

std::uint64_t JsonFields::count(const Json& object, const char* key, std::uint64_t most) {
  const auto value = count(object, key);
  if (value > most) wrong(key, fmt::format("is more than {}", most));
  return std::min(value, most);
}

std::int64_t JsonFields::whole(const Json& object, const char* key, std::int64_t least, std::int64_t most) {
  const auto* value = find(object, key);
  if (value == nullptr) return 0;
  const bool small = !value->is_number_unsigned() || value->get<std::uint64_t>() <= static_cast<std::uint64_t>(most);
  if (!value->is_number_integer() || !small || value->get<std::int64_t>() < least) {
    wrong(key, fmt::format("is no whole number from {} to {}", least, most));
    return 0;
  }
  return value->get<std::int64_t>();
}

std::uint64_t JsonFields::digits(const Json& object, const char* key) {
  const auto written = text(object, key);
  std::uint64_t value = 0;
  const auto* const end = written.data() + written.size();
  const auto read = std::from_chars(written.data(), end, value);
  if (read.ec == std::errc() && read.ptr == end) return value;
  wrong(key, "is no number");
  return 0;
}

double JsonFields::number(const Json& object, const char* key) {
  const auto* value = find(object, key);
  if (value == nullptr) return 0;
  if (!value->is_number() || !std::isfinite(value->get<double>())) {
    wrong(key, "is no number");
    return 0;
  }
  if (value->get<double>() < 0) {
    wrong(key, "is below zero");
    return 0;
  }
  return value->get<double>();
}

double JsonFields::time(const Json& object, const char* key) {
  const auto written = text(object, key);
  const auto value = time_of_iso(written);
  if (!value && !written.empty()) wrong(key, "is no time");
  return value.value_or(0);
}

const Json& JsonFields::object(const Json& object, const char* key) {
  const auto* value = find(object, key);
  if (value == nullptr) return kNoObject;
  if (value->is_object()) return *value;
  wrong(key, "is no object");
  return kNoObject;
}

const Json& JsonFields::list(const Json& object, const char* key, std::size_t most) {
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

const Json& JsonFields::any(const Json& object, const char* key) {
  const auto* value = find(object, key);
  return value == nullptr ? kNothing : *value;
}

}  // namespace referee::reports
