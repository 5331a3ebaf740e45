#include "assemble.hpp"

#include <nlohmann/json.hpp>

namespace referee::oci {
namespace {

using Json = nlohmann::ordered_json;

// `replace`: a manifest with invalid UTF-8 in it is sent as raw Content; here it must not throw.
std::string dump(const Json& json, bool pretty) {
  return json.dump(pretty ? 2 : -1, ' ', false, Json::error_handler_t::replace);
}

constexpr std::string_view kPaddingKey = "org.referee.padding";

/// `padding` characters go into the padding annotation, the last of the document, without a trip through the JSON
/// writer.
std::string render(const Json& document, const Assembly& assembly, std::size_t padding) {
  std::string text = dump(document, assembly.pretty);
  if (padding > 0) text.insert(text.find('"', text.rfind(kPaddingKey) + kPaddingKey.size() + 1) + 1, padding, 'x');
  for (const auto& [key, value] : assembly.fields) {
    const bool first = text == "{}";
    text.resize(text.size() - (assembly.pretty && !first ? 2 : 1));  // the closing brace, and the line break before it
    if (!first) text += ',';
    if (assembly.pretty) text += "\n  ";
    text += dump(Json(key), false);
    text += assembly.pretty ? ": " : ":";
    text += value;
    text += assembly.pretty ? "\n}" : "}";
  }
  if (assembly.pretty) text += '\n';
  return text;
}

}  // namespace

std::string assemble(Json document, const Assembly& assembly) {
  bool own_annotations = false;
  for (const auto& [key, value] : assembly.fields) {
    document.erase(key);
    own_annotations = own_annotations || key == "annotations";
  }
  std::string text = render(document, assembly, 0);
  if (text.size() >= assembly.pad_to) return text;
  if (!own_annotations) {
    document["annotations"][kPaddingKey] = "";
    const std::size_t smallest = render(document, assembly, 0).size();
    if (smallest <= assembly.pad_to) return render(document, assembly, assembly.pad_to - smallest);
  }
  text.append(assembly.pad_to - text.size(), ' ');
  return text;
}

}  // namespace referee::oci
