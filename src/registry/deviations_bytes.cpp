// Faults of keeping the exact bytes of a manifest.
#include <algorithm>
#include <cctype>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "deviation_tools.hpp"

namespace referee::registry {

namespace {

using Json = nlohmann::ordered_json;

/// Serves a manifest with other bytes than those that were stored; the headers stay as they are.
void serve_edited(const Request& request, Response& response, std::string (*edit)(const std::string& bytes)) {
  if (!lists(request, response, Endpoint::kManifest)) return;
  auto& body = read_body(response);
  body = edit(body);
}

/// JSON text with the strings and what is between them handed out in turn.
std::string map_pieces(const std::string& text, std::string (*string)(const std::string&),
                       std::string (*other)(const std::string&)) {
  std::string out;
  std::size_t at = 0;
  while (at < text.size()) {
    auto end = at;
    if (text[at] == '"') {
      for (++end; end < text.size() && text[end] != '"'; ++end) end += text[end] == '\\' ? 1 : 0;
      end = std::min(end + 1, text.size());
      out += string(text.substr(at, end - at));
    } else {
      end = std::min(text.find('"', at), text.size());
      out += other(text.substr(at, end - at));
    }
    at = end;
  }
  return out;
}
std::string same(const std::string& text) {
  return text;
}
std::string no_space(const std::string& text) {
  std::string out = text;
  std::erase_if(out, [](char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; });
  return out;
}
std::string unescaped(const std::string& text) {
  if (text.find('\\') == std::string::npos) return text;
  const auto value = nlohmann::json::parse(text, nullptr, false);
  return value.is_string() ? value.dump() : text;
}
std::string ascii(const std::string& text) {
  if (std::ranges::none_of(text, [](char c) { return (static_cast<unsigned char>(c) & 0x80U) != 0; })) return text;
  const auto value = nlohmann::json::parse(text, nullptr, false);
  return value.is_string() ? value.dump(-1, ' ', true) : text;
}
std::string no_markup(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '<') {
      out += "\\u003c";
    } else if (c == '>') {
      out += "\\u003e";
    } else if (c == '&') {
      out += "\\u0026";
    } else {
      out += c;
    }
  }
  return out;
}

/// Does any number look otherwise after it was parsed and printed?
std::string numbers(const std::string& text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    auto end = at;
    while (end < text.size() && (std::isdigit(static_cast<unsigned char>(text[end])) != 0 ||
                                 std::string_view("+-.eE").find(text[end]) != std::string_view::npos))
      ++end;
    const auto token = text.substr(at, end - at);
    const bool number = !token.empty() && (std::isdigit(static_cast<unsigned char>(token[0])) != 0 || token[0] == '-');
    if (number) {
      const auto value = std::strtod(token.c_str(), nullptr);
      out += value == std::floor(value) && std::abs(value) < 1e18 ? std::to_string(static_cast<long long>(value))
                                                                  : nlohmann::json(value).dump();
    } else {
      end = std::max(end, at + 1);
      out += text.substr(at, end - at);
    }
    at = end;
  }
  return out;
}

/// Applies `edit` to the manifest and to each descriptor in it; writes it again only if something changed.
std::string edit_objects(const std::string& bytes, bool (*edit)(Json& object, bool top)) {
  auto root = Json::parse(bytes, nullptr, false);
  if (!root.is_object()) return bytes;
  bool changed = edit(root, true);
  for (const auto* key : {"config", "subject"}) {
    if (root.contains(key) && root[key].is_object()) changed |= edit(root[key], false);
  }
  for (const auto* key : {"layers", "manifests"}) {
    if (!root.contains(key) || !root[key].is_array()) continue;
    for (auto& entry : root[key]) changed |= entry.is_object() && edit(entry, false);
  }
  return changed ? root.dump() : bytes;
}

bool strip_unknown(Json& object, bool top) {
  static const std::set<std::string> kTop{"schemaVersion", "mediaType", "artifactType", "config",
                                          "layers",        "manifests", "subject",      "annotations"};
  static const std::set<std::string> kDescriptor{"mediaType",   "digest", "size",         "urls",
                                                 "annotations", "data",   "artifactType", "platform"};
  const auto& known = top ? kTop : kDescriptor;
  std::vector<std::string> unknown;
  for (const auto& [key, value] : object.items()) {
    if (!known.contains(key)) unknown.push_back(key);
  }
  for (const auto& key : unknown) object.erase(key);
  return !unknown.empty();
}

const Deviation kByteDeviations[] = {
    {.info = {"r.put.compacts", kFault, "white space of a stored manifest is removed"},
     .after =
         [](const Request& request, Response& response, Core&) {
           serve_edited(request, response, [](const std::string& bytes) { return map_pieces(bytes, same, no_space); });
         }},
    {.info = {"r.put.trims", kFault, "white space at the end of a stored manifest is removed"},
     .after =
         [](const Request& request, Response& response, Core&) {
           serve_edited(request, response, [](const std::string& bytes) {
             return bytes.substr(0, bytes.find_last_not_of(" \n\t\r") + 1);
           });
         }},
    {.info = {"r.put.sorts-keys", kFault, "the keys of a stored manifest are sorted if they came in an unusual order"},
     .after =
         [](const Request& request, Response& response, Core&) {
           serve_edited(request, response, [](const std::string& bytes) {
             if (!bytes.starts_with("{\"layers\"") && !bytes.starts_with("{ \"layers\"")) return bytes;
             return nlohmann::json::parse(bytes, nullptr, false).dump();
           });
         }},
    {.info = {"r.put.unescapes", kFault, "escapes in the strings of a stored manifest are resolved"},
     .after =
         [](const Request& request, Response& response, Core&) {
           serve_edited(request, response, [](const std::string& bytes) { return map_pieces(bytes, unescaped, same); });
         }},
    {.info = {"r.put.escapes-utf8", kFault, "characters beyond ASCII in a stored manifest are escaped"},
     .after =
         [](const Request& request, Response& response, Core&) {
           serve_edited(request, response, [](const std::string& bytes) { return map_pieces(bytes, ascii, same); });
         }},
    {.info = {"r.put.escapes-html", kFault, "markup characters in a stored manifest are escaped"},
     .after =
         [](const Request& request, Response& response, Core&) {
           serve_edited(request, response, [](const std::string& bytes) { return map_pieces(bytes, no_markup, same); });
         }},
    {.info = {"r.put.rewrites-numbers", kFault, "numbers in a stored manifest are printed anew"},
     .after =
         [](const Request& request, Response& response, Core&) {
           serve_edited(request, response, [](const std::string& bytes) { return map_pieces(bytes, same, numbers); });
         }},
    {.info = {"r.put.strip-unknown-field", kFault, "unknown properties are removed from a stored manifest"},
     .after =
         [](const Request& request, Response& response, Core&) {
           serve_edited(request, response, [](const std::string& bytes) { return edit_objects(bytes, strip_unknown); });
         }},
    {.info = {"r.put.strips-data", kFault, "inline data is removed from a stored manifest"},
     .after =
         [](const Request& request, Response& response, Core&) {
           serve_edited(request, response, [](const std::string& bytes) {
             return edit_objects(bytes, [](Json& object, bool) { return object.erase("data") > 0; });
           });
         }},
    {.info = {"r.put.adds-data", kFault, "inline data is added to small layers of a stored manifest"},
     .after =
         [](const Request& request, Response& response, Core&) {
           serve_edited(request, response, [](const std::string& bytes) {
             return edit_objects(bytes, [](Json& object, bool top) {
               if (top || object.contains("data") || object.value("size", 0) > 1024) return false;
               const auto type = object.value("mediaType", std::string());
               if (type.find("config") != std::string::npos || type.ends_with("+json")) return false;
               object["data"] = "cmVmZXJlZQ==";
               return true;
             });
           });
         }},
    {.info = {"r.put.strips-subject", kFault, "the subject is removed from a stored manifest"},
     .after =
         [](const Request& request, Response& response, Core&) {
           serve_edited(request, response, [](const std::string& bytes) {
             return edit_objects(bytes, [](Json& object, bool top) { return top && object.erase("subject") > 0; });
           });
         }},
    {.info = {"r.put.limit-truncates", kFault, "of a manifest larger than 1 MiB only the first MiB is stored"},
     .after =
         [](const Request& request, Response& response, Core&) {
           serve_edited(request, response, [](const std::string& bytes) { return bytes.substr(0, 1024UL * 1024); });
         }},
    {.info = {"r.get.sha512-manifest-404", kFault, "a manifest cannot be pulled by a sha512 digest"},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (reads(request, Endpoint::kManifest) && request.route.reference.starts_with("sha512:")) {
             response = problem(404, code::kManifestUnknown, "no such manifest");
           }
         }},
    {.info = {"r.get.docker-as-oci", kFault, "Docker manifests come with the media type of their OCI counterpart"},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (!lists(request, response, Endpoint::kManifest)) return;
           const auto type = response.headers.value("Content-Type");
           if (type == "application/vnd.docker.distribution.manifest.v2+json") {
             response.headers.set("Content-Type", "application/vnd.oci.image.manifest.v1+json");
           } else if (type == "application/vnd.docker.distribution.manifest.list.v2+json") {
             response.headers.set("Content-Type", "application/vnd.oci.image.index.v1+json");
           }
         }},
};

}  // namespace

std::span<const Deviation> byte_deviations() {
  return kByteDeviations;
}

}  // namespace referee::registry
