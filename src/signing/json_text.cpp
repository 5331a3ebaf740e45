#include "json_text.hpp"

#include <fmt/format.h>

#include "base64.hpp"
#include "referee/oci/json_depth.hpp"
#include "referee/signing/signature.hpp"

namespace referee::signing {
namespace {

constexpr std::size_t kLongestQuote = 100;

}  // namespace

tl::expected<nlohmann::json, std::string> parse_object(std::string_view text, std::string_view what, std::size_t most) {
  if (text.size() > most) return tl::unexpected(fmt::format("{} is larger than {} bytes", what, most));
  if (oci::is_deeper_than(text, kDeepestJson)) return tl::unexpected(fmt::format("{} is nested too deeply", what));
  // The parser takes a zero byte for the end of the text.
  const bool whole = text.find('\0') == std::string_view::npos;
  auto value = nlohmann::json::parse(text, nullptr, false);
  if (value.is_discarded() || !whole) return tl::unexpected(fmt::format("{} is not JSON", what));
  if (!value.is_object()) return tl::unexpected(fmt::format("{} is not a JSON object", what));
  return value;
}

tl::expected<const nlohmann::json*, std::string> object_member(const nlohmann::json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end()) return tl::unexpected(fmt::format("`{}` is missing", key));
  if (!found->is_object()) return tl::unexpected(fmt::format("`{}` is not an object", key));
  return &*found;
}

tl::expected<std::string, std::string> text_member(const nlohmann::json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end()) return tl::unexpected(fmt::format("`{}` is missing", key));
  if (!found->is_string()) return tl::unexpected(fmt::format("`{}` is not a text", key));
  return found->get<std::string>();
}

tl::expected<std::string, std::string> base64_member(const nlohmann::json& object, const char* key, std::size_t most) {
  const auto text = text_member(object, key);
  if (!text) return tl::unexpected(text.error());
  if (text->size() > most) return tl::unexpected(fmt::format("`{}` is longer than {} characters", key, most));
  auto bytes = strict_base64(*text);
  if (!bytes) return tl::unexpected(fmt::format("`{}` is not strict base64", key));
  return std::move(*bytes);
}

std::string printable_text(std::string_view text) {
  std::string shown = "`";
  for (const char c : text.substr(0, kLongestQuote)) shown.push_back(c >= ' ' && c <= '~' && c != '`' ? c : '?');
  return shown + (text.size() > kLongestQuote ? "...`" : "`");
}

std::string json_string(std::string_view text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace referee::signing
