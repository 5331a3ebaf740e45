#include "error_code.hpp"

#include <nlohmann/json.hpp>

namespace referee::distribution {
namespace {

constexpr std::size_t kLargestErrorBody = 64UL * 1024;
constexpr std::size_t kLongestCode = 64;

}  // namespace

std::string error_code(const http::Response& response) {
  if (response.body.size() > kLargestErrorBody) return "";
  const auto json = nlohmann::json::parse(response.body, nullptr, false);
  if (!json.is_object()) return "";
  const auto errors = json.find("errors");
  if (errors == json.end() || !errors->is_array() || errors->empty() || !errors->front().is_object()) return "";
  const auto code = errors->front().find("code");
  if (code == errors->front().end() || !code->is_string()) return "";
  const auto& text = code->get_ref<const std::string&>();
  const bool plain =
      text.size() <= kLongestCode && text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ_") == std::string::npos;
  return plain ? text : "";
}

std::string status_and_code(const http::Response& response) {
  const std::string code = error_code(response);
  return std::to_string(response.status) + (code.empty() ? "" : " " + code);
}

}  // namespace referee::distribution
