#include "assemble.hpp"

#include <nlohmann/json.hpp>

namespace referee::oci {
namespace {

using Json = nlohmann::ordered_json;

// `replace`: a manifest with invalid UTF-8 in it is sent as raw Content; here it must not throw.
std::string dump(const Json& json, bool pretty) {
  return json.dump(pretty ? 2 : -1, ' ', false, Json::error_handler_t::replace);
}

std::string render(const Json& document, const Assembly& assembly) {
  std::string text = dump(document, assembly.pretty);
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
  std::string text = render(document, assembly);
  if (text.size() >= assembly.pad_to) return text;
  if (!own_annotations) {
    Json& padding = document["annotations"]["org.referee.padding"];
    padding = "";
    const std::size_t smallest = render(document, assembly).size();
    if (smallest <= assembly.pad_to) {
      padding = std::string(assembly.pad_to - smallest, 'x');
      return render(document, assembly);
    }
  }
  text.append(assembly.pad_to - text.size(), ' ');
  return text;
}

}  // namespace referee::oci
