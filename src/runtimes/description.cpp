#include "referee/runtimes/description.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "expression.hpp"
#include "fields.hpp"
#include "referee/oci/digest.hpp"
#include "referee/oci/json_depth.hpp"
#include "variables.hpp"

namespace referee::runtimes {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kLargestFile = 1UL << 20U;
constexpr std::array<std::string_view, 12> kSessionVariables{
    "dir", "registry", "reference", "repository", "tag", "digest", "platform", "os", "arch", "id", "lab", "self"};
constexpr std::array<std::string_view, 7> kOperationVariables{"output", "layout", "file",  "type",
                                                              "key",    "value",  "target"};

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
  });
}

/// A relative path that stays below its folder.
bool stays_below(std::string_view path) {
  if (path.empty() || path.starts_with('/')) return false;
  std::istringstream parts{std::string(path)};
  for (std::string part; std::getline(parts, part, '/');) {
    if (part == ".." || part.empty()) return false;
  }
  return true;
}

/// One description in the making.
class Reader {
 public:
  explicit Reader(std::string& mistake) : mistake_(mistake) {}

  Description read(const Json& json) {
    Fields top(json, "", mistake_);
    made_.name = top.text("name", true);
    if (top.good() && !is_name(made_.name)) top.wrong("name", "may have small letters, digits, dots and dashes only");
    made_.about = top.text("about", true);
    made_.install = top.text("install", true);
    read_role(top);
    made_.needs_root = top.flag("needs_root");
    read_programs(top);
    made_.files = texts(top, "files");
    for (const auto& [path, text] : made_.files) {
      if (!stays_below(path)) top.wrong("files", fmt::format("names `{}`, which is not below the folder", path));
    }
    made_.environment = texts(top, "environment");
    read_versions(top);
    read_daemons(top);
    if (const auto* pull = required(top, "pull")) made_.pull = command(*pull, top.path("pull"));
    read_selected(top);
    if (const auto* create = top.member("create")) made_.create = command(*create, top.path("create"));
    for_each(top, "remove",
             [&](const Json& value, const std::string& where) { made_.remove.push_back(command(value, where)); });
    read_operations(top);
    top.end();
    return std::move(made_);
  }

 private:
  static const Json* required(Fields& fields, const std::string& key) {
    const auto* value = fields.member(key);
    if (value == nullptr) fields.wrong(key, "is missing");
    return value;
  }

  template <typename Take>
  static void for_each(Fields& fields, const std::string& key, Take take) {
    const auto* list = fields.member(key);
    if (list == nullptr) return;
    if (!list->is_array() || list->size() > 64) return fields.wrong(key, "must be a list");
    for (std::size_t at = 0; at < list->size(); ++at) take((*list)[at], fmt::format("{}[{}]", fields.path(key), at));
  }

  static std::map<std::string, std::string> texts(Fields& fields, const std::string& key) {
    std::map<std::string, std::string> all;
    const auto* object = fields.member(key);
    if (object == nullptr) return all;
    if (!object->is_object()) {
      fields.wrong(key, "must be an object of texts");
      return all;
    }
    for (const auto& [name, value] : object->items()) {
      if (!value.is_string()) fields.wrong(key + "." + name, "must be a text");
      if (fields.good()) all[name] = value.get<std::string>();
    }
    return all;
  }

  void read_role(Fields& top) {
    const auto role = top.text("role", false);
    if (role == "copier") made_.role = Role::kCopier;
    if (!role.empty() && role != "copier" && role != "runtime") top.wrong("role", "must be runtime or copier");
  }

  void read_programs(Fields& top) {
    const auto* programs = required(top, "programs");
    if (programs == nullptr) return;
    if (!programs->is_object() || programs->empty()) return top.wrong("programs", "must be an object of lists");
    for (const auto& [key, value] : programs->items()) {
      const auto where = "programs." + key;
      if (!is_name(key) || std::ranges::find(kSessionVariables, key) != kSessionVariables.end() ||
          std::ranges::find(kOperationVariables, key) != kOperationVariables.end()) {
        return top.wrong(where,
                         "is no name for a program: the word is taken, or has other characters than [a-z0-9._-]");
      }
      auto& candidates = made_.programs[key];
      candidates = top.words(value, where);
      for (const auto& path : candidates) {
        if (!path.starts_with('/') && !path.starts_with("${lab}/") && path != "${self}") {
          top.wrong(where, fmt::format("has the candidate `{}`, which is not absolute", path));
        }
      }
    }
  }

  /// A list of words, or an object with `command` and `seconds`.
  CommandLine command(const Json& value, const std::string& where, bool in_operation = false) {
    CommandLine line;
    if (value.is_object()) {
      Fields fields(value, where, mistake_);
      line = command_of(fields, in_operation);
      fields.end();
      return line;
    }
    Fields list(Json::object(), "", mistake_);
    line.words = list.words(value, where);
    check_words(list, line, where, in_operation);
    return line;
  }

  CommandLine command_of(Fields& fields, bool in_operation = false) {
    CommandLine line;
    if (const auto* words = required(fields, "command")) line.words = fields.words(*words, "command");
    check_words(fields, line, "command", in_operation);
    if (const auto seconds = fields.whole_number("seconds", 1, 3600)) line.limit = std::chrono::seconds(*seconds);
    return line;
  }

  void check_words(Fields& fields, const CommandLine& line, const std::string& key, bool in_operation) {
    if (!fields.good()) return;
    for (const auto& word : line.words) check_variables(fields, word, key, in_operation);
    const auto& first = line.words.front();
    if (!first.starts_with("${") && !first.starts_with('/')) {
      fields.wrong(key, fmt::format("begins with `{}`, which is neither a program's variable nor absolute", first));
    }
  }

  void check_variables(Fields& fields, std::string_view text, const std::string& key, bool in_operation) {
    for (const auto& name : variables_of(text)) {
      const bool known = std::ranges::find(kSessionVariables, name) != kSessionVariables.end() ||
                         made_.programs.contains(name) ||
                         (in_operation && std::ranges::find(kOperationVariables, name) != kOperationVariables.end());
      if (!known) fields.wrong(key, fmt::format("has the variable ${{{}}}, which nobody sets", name));
    }
  }

  static std::string expression(Fields& fields, bool needed) {
    auto text = fields.text("match", needed);
    if (text.empty()) return text;
    const Expression compiled(text);
    if (!compiled.error().empty()) {
      fields.wrong("match", fmt::format("is no regular expression: {}", compiled.error()));
    } else if (compiled.groups() < 1) {
      fields.wrong("match", "needs a group in parentheses");
    }
    return text;
  }

  void read_versions(Fields& top) {
    const auto* versions = top.member("versions");
    if (versions == nullptr) return;
    Fields fields(*versions, "versions", mistake_);
    const auto read = [&](const std::string& key, std::optional<VersionReading>& to) {
      const auto* value = fields.member(key);
      if (value == nullptr) return;
      Fields inner(*value, "versions." + key, mistake_);
      VersionReading reading;
      reading.command = command_of(inner);
      reading.match = expression(inner, true);
      inner.end();
      to = std::move(reading);
    };
    read("client", made_.client_version);
    read("daemon", made_.daemon_version);
    fields.end();
  }

  void read_daemons(Fields& top) {
    for_each(top, "daemons", [&](const Json& value, const std::string& where) {
      Fields fields(value, where, mistake_);
      DaemonLine daemon;
      daemon.name = fields.text("name", true);
      if (fields.good() && !is_name(daemon.name)) fields.wrong("name", "may have small letters, digits, dots, dashes");
      if (const auto* line = required(fields, "command")) daemon.command = command(*line, fields.path("command"));
      if (const auto* line = required(fields, "ready")) daemon.ready = command(*line, fields.path("ready"));
      if (const auto limit = fields.whole_number("seconds", 1, 600)) daemon.limit = std::chrono::seconds(*limit);
      fields.end();
      made_.daemons.push_back(std::move(daemon));
    });
  }

  void read_selected(Fields& top) {
    for_each(top, "selected", [&](const Json& value, const std::string& where) {
      Fields fields(value, where, mistake_);
      SelectionReading reading;
      reading.layout = fields.text("layout", false);
      if (reading.layout.empty()) {
        reading.command = command_of(fields);
        reading.match = expression(fields, true);
      } else {
        check_variables(fields, reading.layout, "layout", false);
      }
      fields.end();
      made_.selected.push_back(std::move(reading));
    });
    if (top.good() && made_.selected.empty()) {
      top.wrong("selected", "is missing: an exit status does not say which object was taken");
    }
  }

  void read_operations(Fields& top) {
    const auto* operations = top.member("operations");
    if (operations == nullptr) return;
    Fields fields(*operations, "operations", mistake_);
    for (int at = 0; at < kOperations; ++at) {
      const auto operation = static_cast<Operation>(at);
      const std::string key(name(operation));
      if (const auto* value = fields.member(key)) {
        made_.operations[operation] = command(*value, fields.path(key), true);
      }
    }
    fields.end();
  }

  std::string& mistake_;
  Description made_;
};

}  // namespace

std::string_view name(Role role) {
  return role == Role::kCopier ? "copier" : "runtime";
}

std::string_view name(Operation operation) {
  static constexpr std::array<std::string_view, kOperations> kNames{"manifest", "blob",     "tags", "push",
                                                                    "attach",   "discover", "copy", "delete"};
  return kNames.at(static_cast<std::size_t>(operation));
}

tl::expected<Description, std::string> parse_description(std::string_view json) {
  if (json.size() > kLargestFile) return tl::unexpected(std::string("is larger than 1 MiB"));
  if (oci::is_deeper_than(json, 32)) return tl::unexpected(std::string("is nested more than 32 deep"));
  const auto parsed = Json::parse(json, nullptr, false);
  if (parsed.is_discarded()) return tl::unexpected(std::string("is no JSON"));
  std::string mistake;
  auto made = Reader(mistake).read(parsed);
  if (!mistake.empty()) return tl::unexpected(mistake);
  made.digest = oci::Digest::of(json).str();
  return made;
}

tl::expected<Description, std::string> read_description(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text(kLargestFile + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!file.is_open() || file.bad()) return tl::unexpected(fmt::format("{} cannot be read", path));
  text.resize(static_cast<std::size_t>(file.gcount()));
  return parse_description(text).map_error([&](const std::string& why) { return fmt::format("{}: {}", path, why); });
}

}  // namespace referee::runtimes
