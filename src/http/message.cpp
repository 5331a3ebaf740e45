#include "referee/http/message.hpp"

#include <algorithm>

namespace referee::http {
namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

bool iequals(std::string_view a, std::string_view b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

void Headers::set(std::string_view name, std::string value) {
  remove(name);
  fields_.emplace_back(std::string(name), std::move(value));
}

void Headers::remove(std::string_view name) {
  std::erase_if(fields_, [name](const auto& field) { return iequals(field.first, name); });
}

std::optional<std::string> Headers::get(std::string_view name) const {
  const auto found = std::ranges::find_if(fields_, [name](const auto& field) { return iequals(field.first, name); });
  if (found == fields_.end()) return std::nullopt;
  return found->second;
}

std::vector<std::string> Headers::all(std::string_view name) const {
  std::vector<std::string> values;
  for (const auto& [field, value] : fields_) {
    if (iequals(field, name)) values.push_back(value);
  }
  return values;
}

std::string_view name(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kResolve:
      return "resolve";
    case ErrorKind::kConnect:
      return "connect";
    case ErrorKind::kTls:
      return "tls";
    case ErrorKind::kTimeout:
      return "timeout";
    case ErrorKind::kTooLarge:
      return "too-large";
    case ErrorKind::kProtocol:
      return "protocol";
    case ErrorKind::kRedirect:
      return "redirect";
    case ErrorKind::kAuth:
      return "auth";
    case ErrorKind::kThrottled:
      return "throttled";
    case ErrorKind::kUsage:
      return "usage";
    case ErrorKind::kAbandoned:
      return "abandoned";
    case ErrorKind::kUnrecorded:
      return "unrecorded";
  }
  return "unknown";
}

}  // namespace referee::http
