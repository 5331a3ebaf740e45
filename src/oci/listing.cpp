#include "referee/oci/listing.hpp"

#include <string>

#include "referee/oci/base64.hpp"
#include "referee/oci/media_types.hpp"
#include "referee/oci/plain_json.hpp"

namespace referee::oci {
namespace {

namespace dom = simdjson::dom;

bool read_text(dom::element value, std::string& out) {
  std::string_view text;
  if (value.get(text) != simdjson::SUCCESS) return false;
  out = text;
  return true;
}

bool read_platform(dom::element value, std::optional<Platform>& out) {
  dom::object object;
  if (value.get(object) != simdjson::SUCCESS) return false;
  auto& platform = out.emplace();
  for (const auto& [key, item] : object) {
    std::string* field = key == "architecture" ? &platform.architecture
                         : key == "os"         ? &platform.os
                         : key == "os.version" ? &platform.os_version
                         : key == "variant"    ? &platform.variant
                                               : nullptr;
    if (field != nullptr && !read_text(item, *field)) return false;
  }
  return true;
}

bool read_urls(dom::element value, std::vector<std::string>& out) {
  dom::array list;
  if (value.get(list) != simdjson::SUCCESS) return false;
  for (const auto item : list) {
    if (!read_text(item, out.emplace_back())) return false;
  }
  return true;
}

bool read_data(dom::element value, std::optional<std::string>& out) {
  std::string_view text;
  if (value.get(text) != simdjson::SUCCESS) return false;
  out = base64_decode(text);
  return out.has_value();
}

bool read_size(dom::element value, std::int64_t& out) {
  return value.get(out) == simdjson::SUCCESS && out >= 0;
}

bool read_descriptor(dom::object object, Descriptor& out) {
  bool has_type = false;
  bool has_digest = false;
  bool has_size = false;
  for (const auto& [key, value] : object) {
    bool fine = true;
    if (key == "mediaType") {
      fine = has_type = read_text(value, out.media_type);
    } else if (key == "digest") {
      fine = has_digest = read_text(value, out.digest);
    } else if (key == "size") {
      fine = has_size = read_size(value, out.size);
    } else if (key == "artifactType") {
      fine = read_text(value, out.artifact_type);
    } else if (key == "annotations") {
      // A field that stands twice is odd enough for the careful reader.
      fine = read_plain_annotations(value, out.annotations);
    } else if (key == "platform") {
      fine = !out.platform && read_platform(value, out.platform);
    } else if (key == "data") {
      fine = !out.data && read_data(value, out.data);
    } else if (key == "urls") {
      fine = out.urls.empty() && read_urls(value, out.urls);
    }
    if (!fine) return false;
  }
  return has_type && has_digest && has_size;
}

/// Whether the entry has another type. One that stands twice is left to whoever reads the entry.
bool is_other(dom::object object, std::string_view wanted) {
  std::string_view type;
  int times = 0;
  for (const auto& [key, value] : object) {
    if (key != "artifactType") continue;
    if (++times > 1 || value.get(type) != simdjson::SUCCESS) return false;
  }
  return !type.empty() && type != wanted && type != media_type::kEmpty;
}

bool read_entries(dom::element value, std::string_view wanted, std::vector<Descriptor>& out) {
  dom::array list;
  if (value.get(list) != simdjson::SUCCESS) return false;
  for (const auto item : list) {
    dom::object object;
    if (item.get(object) != simdjson::SUCCESS) return false;
    if (!wanted.empty() && is_other(object, wanted)) continue;
    if (!read_descriptor(object, out.emplace_back())) return false;
  }
  return true;
}

/// The object that a text is; the parser is the thread's.
bool read_object(std::string_view json, dom::object& object) {
  thread_local dom::parser parser;
  return json.size() <= kLargestListing && parse_plain(parser, json, kDeepestListing, object);
}

bool read_first(dom::element value, std::optional<Descriptor>& out) {
  dom::array list;
  dom::object object;
  if (out || value.get(list) != simdjson::SUCCESS) return false;
  if (list.begin() == list.end()) return true;
  return (*list.begin()).get(object) == simdjson::SUCCESS && read_descriptor(object, out.emplace());
}

}  // namespace

std::optional<PlainManifest> read_plain_manifest(std::string_view json) {
  dom::object object;
  if (!read_object(json, object)) return std::nullopt;
  PlainManifest found;
  std::string config_type;
  for (const auto& [key, value] : object) {
    bool fine = true;
    if (key == "artifactType") {
      fine = read_text(value, found.type);
    } else if (key == "annotations") {
      fine = read_plain_annotations(value, found.annotations);
    } else if (key == "config") {
      dom::element type;
      fine = config_type.empty() && value["mediaType"].get(type) == simdjson::SUCCESS && read_text(type, config_type);
    } else if (key == "layers" || key == "blobs" || key == "objects") {
      fine = read_first(value, found.first);
    }
    if (!fine) return std::nullopt;
  }
  if (found.type.empty()) found.type = std::move(config_type);
  return found;
}

std::optional<std::vector<Descriptor>> read_plain_list(std::string_view json, std::string_view key,
                                                       std::string_view wanted, Annotations* own) {
  dom::object object;
  if (!read_object(json, object)) return std::nullopt;
  std::vector<Descriptor> found;
  int times = 0;
  for (const auto& [name, value] : object) {
    if (name == key && (++times > 1 || !read_entries(value, wanted, found))) return std::nullopt;
    if (own != nullptr && name == "annotations" && !read_plain_annotations(value, *own)) return std::nullopt;
  }
  if (times == 0) return std::nullopt;
  return found;
}

}  // namespace referee::oci
