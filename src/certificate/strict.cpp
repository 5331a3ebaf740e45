#include "strict.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "referee/oci/json_depth.hpp"
#include "referee/oci/strict_json.hpp"

namespace referee::certificate {
namespace {

using nlohmann::json;
using Malformed = tl::unexpected<std::string>;

constexpr std::size_t kMostSubjects = 32;

/// An object's member of that name, with exactly these names.
tl::expected<json, std::string> part_of(const json& object, const char* name,
                                        std::initializer_list<std::string_view> names, std::string_view what) {
  auto part = object.at(name);
  if (auto form = has_only(part, names, fmt::format("{}'s `{}`", what, name)); !form) return Malformed(form.error());
  return part;
}

/// `a.b[3]`, or what the whole is called.
std::string place(const std::string& path) {
  return path.empty() ? "the predicate" : fmt::format("`{}`", path);
}

std::string inside(const std::string& path, const std::string& name) {
  return path.empty() ? name : path + "." + name;
}

std::string between(const json& given, const json& shown, const std::string& path);

std::string between_objects(const json& given, const json& shown, const std::string& path) {
  for (const auto& [name, value] : shown.items()) {
    if (!given.contains(name)) return fmt::format("`{}` is missing", inside(path, name));
    if (auto found = between(given.at(name), value, inside(path, name)); !found.empty()) return found;
  }
  for (const auto& [name, value] : given.items()) {
    if (!shown.contains(name)) {
      return fmt::format("{} has {}, and no run gives that", place(path), oci::name_in_words(name));
    }
  }
  return "";
}

std::string between_lists(const json& given, const json& shown, const std::string& path) {
  for (std::size_t index = 0; index < std::min(given.size(), shown.size()); ++index) {
    if (auto found = between(given[index], shown[index], fmt::format("{}[{}]", path, index)); !found.empty()) {
      return found;
    }
  }
  if (given.size() > shown.size()) {
    return fmt::format("{} has {}, and the run does not give it", place(path), said(given[shown.size()]));
  }
  return shown.size() > given.size()
             ? fmt::format("{} lacks {}, which the run gives", place(path), said(shown[given.size()]))
             : "";
}

std::string between(const json& given, const json& shown, const std::string& path) {
  if (given.is_object() && shown.is_object()) return between_objects(given, shown, path);
  if (given.is_array() && shown.is_array()) return between_lists(given, shown, path);
  return given == shown ? "" : fmt::format("{} is {}, the run gives {}", place(path), said(given), said(shown));
}

}  // namespace

std::string said(const json& value) {
  if (value.is_string() && value.get_ref<const std::string&>().empty()) return "an empty text";
  std::string text =
      value.is_string() ? value.get<std::string>() : value.dump(-1, ' ', true, json::error_handler_t::replace);
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) > 0x7e) c = '?';
  }
  constexpr std::size_t kMost = 100;
  return text.size() > kMost ? text.substr(0, kMost) + "..." : text;
}

std::string first_of(const std::vector<std::string>& differences, std::string_view told) {
  if (differences.size() == 1) return differences.front();
  return fmt::format("{} (and {} more{}{})", differences.front(), differences.size() - 1, told.empty() ? "" : "; ",
                     told);
}

tl::expected<json, std::string> strict_object(std::string_view text, std::string_view what) {
  if (oci::is_deeper_than(text, oci::kDeepestJson)) return Malformed(fmt::format("{} is nested too deeply", what));
  auto value = json::parse(text, nullptr, false);
  // The parser takes a zero byte for the end of the text.
  if (!value.is_object() || text.find('\0') != std::string_view::npos) {
    return Malformed(fmt::format("{} is no JSON object", what));
  }
  if (const auto name = oci::repeated_name(text)) {
    return Malformed(fmt::format("{} has {} twice", what, oci::name_in_words(*name)));
  }
  return value;
}

tl::expected<void, std::string> has_only(const json& object, std::initializer_list<std::string_view> names,
                                         std::string_view what) {
  if (!object.is_object()) return Malformed(fmt::format("{} is no object", what));
  for (const auto& [name, value] : object.items()) {
    if (std::ranges::find(names, name) == names.end()) {
      return Malformed(fmt::format("{} has {}, which no certificate has", what, oci::name_in_words(name)));
    }
  }
  for (const auto name : names) {
    if (!object.contains(name)) return Malformed(fmt::format("{} has no `{}`", what, name));
  }
  return {};
}

tl::expected<void, std::string> check_bundle_form(std::string_view bundle) {
  const auto value = strict_object(bundle, "the certificate");
  if (!value) return Malformed(value.error());
  auto form = has_only(*value, {"mediaType", "verificationMaterial", "dsseEnvelope"}, "the certificate");
  if (!form) return form;
  const auto material = part_of(*value, "verificationMaterial", {"publicKey"}, "the certificate");
  if (!material) return Malformed(material.error());
  const auto key = part_of(*material, "publicKey", {"hint"}, "the certificate");
  if (!key) return Malformed(key.error());
  const auto envelope = part_of(*value, "dsseEnvelope", {"payload", "payloadType", "signatures"}, "the certificate");
  if (!envelope) return Malformed(envelope.error());
  const auto& signatures = envelope->at("signatures");
  if (!signatures.is_array() || signatures.size() != 1) {
    return Malformed(std::string("the certificate does not have one signature"));
  }
  return has_only(signatures.front(), {"sig"}, "the certificate's signature");
}

tl::expected<json, std::string> read_statement_form(std::string_view statement) {
  auto value = strict_object(statement, "the statement");
  if (!value) return Malformed(value.error());
  auto form = has_only(*value, {"_type", "subject", "predicateType", "predicate"}, "the statement");
  if (!form) return Malformed(form.error());
  const auto& subjects = value->at("subject");
  if (!subjects.is_array() || subjects.empty() || subjects.size() > kMostSubjects) {
    return Malformed(std::string("the statement names no files"));
  }
  std::set<std::string> names;
  for (const auto& subject : subjects) {
    if (form = has_only(subject, {"name", "digest"}, "a subject of the statement"); !form) {
      return Malformed(form.error());
    }
    if (form = has_only(subject.at("digest"), {"sha256"}, "a digest in the statement"); !form) {
      return Malformed(form.error());
    }
    if (!subject.at("name").is_string() || !subject.at("digest").at("sha256").is_string()) {
      return Malformed(std::string("a subject's name or digest is no text"));
    }
    const auto name = subject.at("name").get<std::string>();
    if (!names.insert(name).second) {
      return Malformed(fmt::format("the statement names {} twice", oci::name_in_words(name)));
    }
  }
  if (!value->at("predicate").is_object()) return Malformed(std::string("the statement has no predicate"));
  return value;
}

std::string contradiction(const json& given, const json& shown) {
  return between(given, shown, "");
}

}  // namespace referee::certificate
