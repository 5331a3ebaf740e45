#include "fields.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace referee::runtimes {
namespace {

constexpr std::size_t kLongestText = 64UL * 1024;
constexpr std::size_t kMostWords = 200;

}  // namespace

Fields::Fields(const nlohmann::json& object, std::string where, std::string& mistake)
    : object_(object), where_(std::move(where)), mistake_(mistake) {
  if (!object_.is_object() && mistake_.empty()) {
    mistake_ = fmt::format("{} must be an object", where_.empty() ? "the file" : where_);
  }
}

void Fields::wrong(const std::string& key, std::string_view what) {
  if (mistake_.empty()) mistake_ = fmt::format("`{}` {}", path(key), what);
}

const nlohmann::json* Fields::member(const std::string& key) {
  known_.push_back(key);
  if (!object_.is_object()) return nullptr;
  const auto found = object_.find(key);
  return found == object_.end() ? nullptr : &*found;
}

std::string Fields::text(const std::string& key, bool required) {
  const auto* value = member(key);
  if (value == nullptr) {
    if (required) wrong(key, "is missing");
    return "";
  }
  if (!value->is_string() || value->get_ref<const std::string&>().empty() ||
      value->get_ref<const std::string&>().size() > kLongestText) {
    wrong(key, "must be a text that is not empty");
    return "";
  }
  return value->get<std::string>();
}

bool Fields::flag(const std::string& key) {
  const auto* value = member(key);
  if (value == nullptr) return false;
  if (!value->is_boolean()) {
    wrong(key, "must be true or false");
    return false;
  }
  return value->get<bool>();
}

std::optional<int> Fields::whole_number(const std::string& key, int least, int most) {
  const auto* value = member(key);
  if (value == nullptr) return std::nullopt;
  if (!value->is_number_integer() || *value < least || *value > most) {
    wrong(key, fmt::format("must be a whole number from {} to {}", least, most));
    return std::nullopt;
  }
  return value->get<int>();
}

std::vector<std::string> Fields::words(const nlohmann::json& value, const std::string& key) {
  std::vector<std::string> list;
  const bool fits = value.is_array() && !value.empty() && value.size() <= kMostWords &&
                    std::ranges::all_of(value, [](const auto& word) { return word.is_string(); });
  if (!fits) {
    wrong(key, "must be a list of words");
    return list;
  }
  for (const auto& word : value) list.push_back(word.template get<std::string>());
  if (list.front().empty()) wrong(key, "must begin with a program");
  return list;
}

void Fields::end() {
  if (!object_.is_object()) return;
  for (const auto& [key, value] : object_.items()) {
    if (std::ranges::find(known_, key) == known_.end()) {
      wrong(key, "is no field here; see fixtures/runtimes/README.md");
    }
  }
}

}  // namespace referee::runtimes
