#include "referee/oci/descriptor.hpp"

#include <fmt/format.h>

#include <limits>
#include <nlohmann/json.hpp>

#include "referee/oci/base64.hpp"

namespace referee::oci {
namespace {

using PlainJson = nlohmann::json;
using Failure = tl::unexpected<std::string>;

nlohmann::ordered_json platform_to_json(const Platform& platform) {
  nlohmann::ordered_json json = nlohmann::ordered_json::object();
  if (!platform.architecture.empty()) json["architecture"] = platform.architecture;
  if (!platform.os.empty()) json["os"] = platform.os;
  if (!platform.os_version.empty()) json["os.version"] = platform.os_version;
  if (!platform.variant.empty()) json["variant"] = platform.variant;
  return json;
}

tl::expected<void, std::string> read_string(const PlainJson& object, const char* key, bool required, std::string& out) {
  const auto found = object.find(key);
  if (found == object.end()) {
    if (required) return Failure(fmt::format("{} is missing", key));
    return {};
  }
  if (!found->is_string()) return Failure(fmt::format("{} is {}, not a string", key, found->type_name()));
  out = found->get_ref<const std::string&>();
  return {};
}

tl::expected<void, std::string> read_size(const PlainJson& object, std::int64_t& out) {
  const auto found = object.find("size");
  if (found == object.end()) return Failure("size is missing");
  if (!found->is_number_integer()) return Failure(fmt::format("size is not an integer ({})", found->type_name()));
  if (found->is_number_unsigned()) {
    const auto value = found->get<std::uint64_t>();
    if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
      return Failure("size does not fit into 64 bits");
    }
    out = static_cast<std::int64_t>(value);
    return {};
  }
  out = found->get<std::int64_t>();
  if (out < 0) return Failure("size is negative");
  return {};
}

tl::expected<void, std::string> read_annotations(const PlainJson& object, Annotations& out) {
  const auto found = object.find("annotations");
  if (found == object.end()) return {};
  if (!found->is_object()) return Failure(fmt::format("annotations is {}, not an object", found->type_name()));
  for (const auto& [key, value] : found->items()) {
    if (!value.is_string()) return Failure(fmt::format("annotations: a value is {}, not a string", value.type_name()));
    out.emplace(key, value.get_ref<const std::string&>());
  }
  return {};
}

tl::expected<void, std::string> read_platform(const PlainJson& object, std::optional<Platform>& out) {
  const auto found = object.find("platform");
  if (found == object.end()) return {};
  if (!found->is_object()) return Failure(fmt::format("platform is {}, not an object", found->type_name()));
  Platform platform;
  for (const auto& [key, field] : {std::pair<const char*, std::string*>{"architecture", &platform.architecture},
                                   {"os", &platform.os},
                                   {"os.version", &platform.os_version},
                                   {"variant", &platform.variant}}) {
    if (auto read = read_string(*found, key, false, *field); !read) return Failure("platform: " + read.error());
  }
  out = std::move(platform);
  return {};
}

tl::expected<void, std::string> read_data(const PlainJson& object, std::optional<std::string>& out) {
  if (!object.contains("data")) return {};
  std::string text;
  if (auto read = read_string(object, "data", false, text); !read) return read;
  out = base64_decode(text);
  if (!out) return Failure("data is not base64");
  return {};
}

tl::expected<void, std::string> read_urls(const PlainJson& object, std::vector<std::string>& out) {
  const auto found = object.find("urls");
  if (found == object.end()) return {};
  if (!found->is_array()) return Failure(fmt::format("urls is {}, not an array", found->type_name()));
  for (const PlainJson& url : *found) {
    if (!url.is_string()) return Failure(fmt::format("urls: an entry is {}, not a string", url.type_name()));
    out.push_back(url.get_ref<const std::string&>());
  }
  return {};
}

}  // namespace

nlohmann::ordered_json to_json(const Descriptor& descriptor) {
  nlohmann::ordered_json json;
  json["mediaType"] = descriptor.media_type;
  json["digest"] = descriptor.digest;
  json["size"] = descriptor.size;
  if (!descriptor.urls.empty()) json["urls"] = descriptor.urls;
  if (!descriptor.annotations.empty()) json["annotations"] = descriptor.annotations;
  if (descriptor.data) json["data"] = base64_encode(*descriptor.data);
  if (!descriptor.artifact_type.empty()) json["artifactType"] = descriptor.artifact_type;
  if (descriptor.platform) json["platform"] = platform_to_json(*descriptor.platform);
  for (const auto& [key, value] : descriptor.extra) json[key] = value;
  return json;
}

tl::expected<Descriptor, std::string> descriptor_from_json(const nlohmann::json& value) {
  if (!value.is_object()) return Failure(fmt::format("a descriptor is an object, not {}", value.type_name()));
  Descriptor descriptor;
  auto read = read_string(value, "mediaType", true, descriptor.media_type);
  if (read) read = read_string(value, "digest", true, descriptor.digest);
  if (read) read = read_size(value, descriptor.size);
  if (read) read = read_string(value, "artifactType", false, descriptor.artifact_type);
  if (read) read = read_annotations(value, descriptor.annotations);
  if (read) read = read_platform(value, descriptor.platform);
  if (read) read = read_data(value, descriptor.data);
  if (read) read = read_urls(value, descriptor.urls);
  if (!read) return Failure(read.error());
  return descriptor;
}

}  // namespace referee::oci
