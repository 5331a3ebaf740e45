#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <set>

#include "referee/conformance/requirement.hpp"
#include "referee/embedded/files.hpp"
#include "text.hpp"

namespace referee::conformance {
namespace {

using Json = nlohmann::json;
using Status = tl::expected<void, std::string>;

constexpr std::array<Spec, 3> kEverySpec{Spec::kV1_0, Spec::kV1_1, Spec::kMain};
constexpr std::array<std::string_view, 4> kActors{"registry", "client", "runtime", "model"};

/// These keys, and perhaps the optional one; no others.
Status check_keys(const Json& object, const std::set<std::string>& wanted, std::string_view optional = "") {
  if (!object.is_object()) return tl::unexpected(std::string("is not an object"));
  for (const auto& [key, value] : object.items()) {
    if (key != optional && !wanted.contains(key))
      return tl::unexpected(fmt::format("unknown key `{}`", printable(key)));
  }
  for (const auto& key : wanted) {
    if (!object.contains(key)) return tl::unexpected(fmt::format("missing field `{}`", key));
  }
  return {};
}

tl::expected<std::string, std::string> text_field(const Json& object, const char* key) {
  const auto& value = object.at(key);
  if (!value.is_string() || value.get_ref<const std::string&>().empty()) {
    return tl::unexpected(fmt::format("field `{}` is not a text", key));
  }
  return value.get<std::string>();
}

/// An object whose keys are versions and whose values are texts.
tl::expected<std::map<Spec, std::string>, std::string> by_version(const Json& object, std::string_view field) {
  if (!object.is_object() || object.empty()) return tl::unexpected(fmt::format("field `{}` is not an object", field));
  std::map<Spec, std::string> values;
  for (const auto& [key, value] : object.items()) {
    const auto spec = parse_spec(key);
    if (!spec) return tl::unexpected(fmt::format("field `{}` names the unknown version `{}`", field, printable(key)));
    if (!value.is_string()) return tl::unexpected(fmt::format("field `{}` of {} is not a text", field, key));
    values[*spec] = value.get<std::string>();
  }
  return values;
}

bool valid_requirement_id(std::string_view id) {
  return !id.empty() && std::ranges::all_of(id, [](char c) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return letter || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
  });
}

/// One level that holds whichever version a target is judged by: a proposal is no version of the specification.
Status read_level(const Json& value, Requirement& requirement) {
  const auto level = value.is_string() ? parse_level(value.get_ref<const std::string&>()) : std::nullopt;
  if (!level) return tl::unexpected(fmt::format("unknown level `{}`", printable(value.dump())));
  for (const Spec spec : kEverySpec) requirement.levels[spec] = *level;
  return {};
}

Status read_levels(const Json& value, Requirement& requirement) {
  const auto levels = by_version(value, "levels");
  if (!levels) return tl::unexpected(levels.error());
  for (const auto& [spec, text] : *levels) {
    const auto level = parse_level(text);
    if (!level) return tl::unexpected(fmt::format("unknown level `{}` for {}", printable(text), name(spec)));
    requirement.levels[spec] = *level;
  }
  return {};
}

Status read_links(const Json& anchor, const std::map<Spec, std::string>& sources, Requirement& requirement) {
  std::map<Spec, std::string> anchors;
  if (anchor.is_string()) {
    for (const auto& [spec, level] : requirement.levels) anchors[spec] = anchor.get<std::string>();
  } else {
    auto read = by_version(anchor, "anchor");
    if (!read) return tl::unexpected(read.error());
    anchors = std::move(*read);
  }
  for (const auto& [spec, level] : requirement.levels) {
    const auto source = sources.find(spec);
    if (source == sources.end()) return tl::unexpected(fmt::format("the source has no link for {}", name(spec)));
    if (!anchors.contains(spec)) return tl::unexpected(fmt::format("no anchor for {}", name(spec)));
    // What has no headings, a discussion, has no anchors either.
    requirement.links[spec] = source->second + (anchors[spec].empty() ? "" : "#" + anchors[spec]);
  }
  return {};
}

Status read_also(const Json& value, Requirement& requirement) {
  if (!value.is_array() || value.empty()) return tl::unexpected(std::string("field `also` is not a list of names"));
  for (const auto& entry : value) {
    if (!entry.is_string() || !valid_requirement_id(entry.get_ref<const std::string&>())) {
      return tl::unexpected(fmt::format("field `also` holds {}, which is no name", printable(entry.dump())));
    }
    requirement.also.push_back(entry.get<std::string>());
  }
  return {};
}

/// Where a ledger file's requirements come from.
struct Source {
  std::map<Spec, std::string> links;
  bool versioned = true;  ///< false: one link and one level for each requirement, under every version
};

tl::expected<Source, std::string> read_source(const Json& value) {
  Source source;
  source.versioned = !value.is_object() || !value.contains("link");
  if (auto keys = check_keys(value, {"name", source.versioned ? "links" : "link"}); !keys) {
    return tl::unexpected(keys.error());
  }
  if (!source.versioned) {
    const auto link = text_field(value, "link");
    if (!link) return tl::unexpected(link.error());
    for (const Spec spec : kEverySpec) source.links[spec] = *link;
    return source;
  }
  auto links = by_version(value.at("links"), "links");
  if (!links) return tl::unexpected(links.error());
  source.links = std::move(*links);
  return source;
}

tl::expected<Requirement, std::string> read_requirement(const Json& entry, const Source& source) {
  const char* level_key = source.versioned ? "levels" : "level";
  if (auto keys = check_keys(entry, {"id", "actor", "section", "anchor", "text", level_key}, "also"); !keys) {
    return tl::unexpected(keys.error());
  }
  Requirement requirement;
  for (auto [key, target] : {std::pair{"id", &requirement.id},
                             {"actor", &requirement.actor},
                             {"section", &requirement.section},
                             {"text", &requirement.text}}) {
    auto value = text_field(entry, key);
    if (!value) return tl::unexpected(value.error());
    *target = std::move(*value);
  }
  if (!valid_requirement_id(requirement.id))
    return tl::unexpected(std::string("the id may hold letters, 0-9, dot, dash and underscore only"));
  if (std::ranges::find(kActors, requirement.actor) == kActors.end()) {
    return tl::unexpected(fmt::format("unknown actor `{}`", printable(requirement.actor)));
  }
  if (entry.contains("also")) {
    if (auto read = read_also(entry.at("also"), requirement); !read) return tl::unexpected(read.error());
  }
  const auto& level = entry.at(level_key);
  if (auto read = source.versioned ? read_levels(level, requirement) : read_level(level, requirement); !read) {
    return tl::unexpected(read.error());
  }
  if (auto read = read_links(entry.at("anchor"), source.links, requirement); !read) {
    return tl::unexpected(read.error());
  }
  return requirement;
}

/// How an error names an entry: its id if there is one, else its place.
std::string label(const Json& entry, std::size_t index) {
  if (entry.is_object() && entry.contains("id") && entry.at("id").is_string()) {
    return fmt::format("requirement `{}`", printable(entry.at("id").get<std::string>()));
  }
  return fmt::format("requirement {}", index + 1);
}

}  // namespace

tl::expected<void, std::string> Ledger::add(std::string_view json, std::string_view origin) {
  const auto fail = [&](const std::string& text) { return tl::unexpected(fmt::format("{}: {}", origin, text)); };
  const Json document = Json::parse(json, nullptr, false);
  if (document.is_discarded()) return fail("is not valid JSON");
  if (auto keys = check_keys(document, {"source", "requirements"}); !keys) return fail(keys.error());
  const auto source = read_source(document.at("source"));
  if (!source) return fail("source: " + source.error());
  const auto& entries = document.at("requirements");
  if (!entries.is_array()) return fail("field `requirements` is not a list");

  std::size_t index = 0;
  for (const auto& entry : entries) {
    auto requirement = read_requirement(entry, *source);
    if (!requirement) return fail(fmt::format("{}: {}", label(entry, index), requirement.error()));
    if (!by_name_.emplace(requirement->id, requirements_.size()).second) {
      return fail(fmt::format("requirement `{}` stands in the ledger twice", requirement->id));
    }
    for (const auto& name : requirement->also) {
      if (!by_name_.emplace(name, requirements_.size()).second) {
        return fail(
            fmt::format("requirement `{}`: its other name `{}` stands in the ledger twice", requirement->id, name));
      }
    }
    requirements_.push_back(std::move(*requirement));
    ++index;
  }
  return {};
}

const Requirement* Ledger::find(std::string_view id) const {
  const auto found = by_name_.find(id);
  return found == by_name_.end() ? nullptr : &requirements_[found->second];
}

const Ledger& Ledger::builtin() {
  static const Ledger kLedger = [] {
    Ledger ledger;
    for (const auto path : embedded::files("fixtures/requirements/")) {
      if (auto added = ledger.add(embedded::file(path).value_or(""), path); !added) {
        (void)std::fputs(fmt::format("referee: the requirement ledger is wrong: {}\n", added.error()).c_str(), stderr);
        std::_Exit(70);
      }
    }
    return ledger;
  }();
  return kLedger;
}

}  // namespace referee::conformance
