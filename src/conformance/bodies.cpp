#include <algorithm>
#include <nlohmann/json.hpp>

#include "referee/conformance/matchers.hpp"
#include "referee/oci/json_depth.hpp"

namespace referee::conformance {
namespace {

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
  if (oci::is_deeper_than(body, oci::kDeepestJson)) return std::nullopt;
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
