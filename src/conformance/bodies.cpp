#include <algorithm>
#include <nlohmann/json.hpp>

#include "referee/conformance/matchers.hpp"

namespace referee::conformance {
namespace {

constexpr int kMaxDepth = 64;

/// Whether objects and lists nest deeper than the limit. Looks at brackets outside of strings only, so that nothing
/// deep is ever built.
bool too_deep(std::string_view text) {
  int depth = 0;
  bool in_string = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (in_string) {
      if (c == '\\') ++at;
      if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      if (++depth > kMaxDepth) return true;
    } else if (c == '}' || c == ']') {
      --depth;
    }
  }
  return false;
}

std::optional<std::vector<std::string>> tag_list(const http::Response& response) {
  const auto document = parse_json(response.body);
  if (!document || !document->is_object() || !document->contains("tags")) return std::nullopt;
  const auto& tags = document->at("tags");
  if (!tags.is_array()) return std::nullopt;
  std::vector<std::string> names;
  for (const auto& tag : tags) {
    if (!tag.is_string()) return std::nullopt;
    names.push_back(tag.get<std::string>());
  }
  return names;
}

MATCHER(IsIndex, negation ? "a body that is no index" : "a body that is an index: a list `manifests` of descriptors") {
  return index_entries(arg).has_value();
}

MATCHER(IsTagList, negation ? "a body that is no tag list" : "a body that is a tag list: a list `tags` of texts") {
  return tag_list(arg).has_value();
}

}  // namespace

std::optional<nlohmann::json> parse_json(std::string_view body) {
  if (too_deep(body)) return std::nullopt;
  nlohmann::json value = nlohmann::json::parse(body, nullptr, false);
  if (value.is_discarded()) return std::nullopt;
  return value;
}

std::optional<std::vector<oci::Descriptor>> index_entries(const http::Response& response) {
  const auto document = parse_json(response.body);
  if (!document || !document->is_object() || !document->contains("manifests")) return std::nullopt;
  const auto& manifests = document->at("manifests");
  if (!manifests.is_array()) return std::nullopt;
  std::vector<oci::Descriptor> entries;
  for (const auto& entry : manifests) {
    auto descriptor = oci::descriptor_from_json(entry);
    if (!descriptor) return std::nullopt;
    entries.push_back(std::move(*descriptor));
  }
  return entries;
}

std::vector<std::string> listed_digests(const http::Response& response) {
  EXPECT_THAT(response, IsIndex());
  std::vector<std::string> digests;
  for (const auto& entry : index_entries(response).value_or(std::vector<oci::Descriptor>()))
    digests.push_back(entry.digest);
  return digests;
}

std::vector<std::string> listed_tags(const http::Response& response) {
  EXPECT_THAT(response, IsTagList());
  return tag_list(response).value_or(std::vector<std::string>());
}

}  // namespace referee::conformance
