#include "pulls_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "referee/oci/digest.hpp"
#include "referee/oci/json_depth.hpp"

namespace referee::suites::matrix {

// As a list of three: a pull can have thousands. The library finds them by their names.
static void to_json(nlohmann::ordered_json& json, const Pull::Request& request) {
  json = {request.method, request.target, request.status};
}
static void from_json(const nlohmann::ordered_json& json, Pull::Request& request) {
  json.at(0).get_to(request.method);
  json.at(1).get_to(request.target);
  json.at(2).get_to(request.status);
}

namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kSchema = "referee.pulls/1";
/// A list of requests in a line.
constexpr int kDeepestLine = 4;

// Each kind of line has one list of its fields, by which it is written and read.

struct Write {
  Json line;
  template <class Value>
  void operator()(const char* name, const Value& value) {
    line[name] = value;
  }
};

struct Read {
  const Json& line;
  template <class Value>
  void operator()(const char* name, Value& value) const {
    line.at(name).get_to(value);
  }
};

template <class Each, class Of>
void head_fields(Each&& each, Of& pulls) {
  each("version", pulls.tool_version);
  each("commit", pulls.commit);
  each("contents", pulls.contents);
  each("platform", pulls.platform);
  each("seed", pulls.seed);
  each("full", pulls.full);
  each("limit", pulls.limit);
  each("started", pulls.started);
  each("seconds", pulls.seconds);
  each("rows", pulls.rows);
}

template <class Each, class Of, class Text>
void runtime_fields(Each&& each, Of& column, Text& description) {
  each("name", column.name);
  each("about", column.about);
  each("role", column.role);
  each("description", description);
  each("client_version", column.client_version);
  each("daemon_version", column.daemon_version);
  each("absent", column.absent);
  each("leftovers", column.leftovers);
  each("seconds", column.seconds);
}

template <class Each, class Of>
void record_fields(Each&& each, Of& record, bool pulled) {
  each("runtime", record.runtime);
  each("content", record.content);
  if (pulled) return;
  each("installed", record.installed);
  each("reason", record.reason);
}

template <class Each, class Of>
void pull_fields(Each&& each, Of& pull) {
  each("exit_code", pull.exit_code);
  each("timed_out", pull.timed_out);
  each("words", pull.words);
  each("digests", pull.digests);
  each("unreadable", pull.unreadable);
  each("unread", pull.unread);
  each("create", pull.create);
  each("requests", pull.requests);
  each("all_requests", pull.all_requests);
  each("bytes", pull.bytes);
  each("seconds", pull.seconds);
}

Json head_of(const Pulls& pulls) {
  Write write{{{"kind", "head"}, {"schema", kSchema}}};
  head_fields(write, pulls);
  return write.line;
}

Json runtime_of(const conformance::MatrixColumn& column, const std::string& description) {
  Write write{{{"kind", "runtime"}}};
  runtime_fields(write, column, description);
  return write.line;
}

Json record_of(const PullRecord& record) {
  Write write{{{"kind", record.pull ? "pull" : "not-tried"}}};
  record_fields(write, record, record.pull.has_value());
  if (record.pull) pull_fields(write, *record.pull);
  return write.line;
}

/// Whether the line is one of a record; what is wrong in it shows when it is written again.
bool take_line(std::string_view text, bool first, Pulls& to) try {
  if (oci::is_deeper_than(text, kDeepestLine)) return false;
  const auto line = Json::parse(text);
  const auto kind = line.at("kind").get<std::string>();
  if (first != (kind == "head")) return false;
  const Read read{line};
  if (kind == "head") {
    head_fields(read, to);
  } else if (kind == "runtime") {
    runtime_fields(read, to.runtimes.emplace_back(), to.descriptions.emplace_back());
  } else if (kind == "pull" || kind == "not-tried") {
    auto& record = to.records.emplace_back();
    record_fields(read, record, kind == "pull");
    if (kind == "pull") pull_fields(read, record.pull.emplace());
  } else {
    return kind == "end";
  }
  return true;
} catch (const nlohmann::json::exception&) {
  return false;
}

/// Every runtime with every content, in order, as a run writes them. Empty: so it is.
std::string missing_of(const Pulls& pulls) {
  std::size_t at = 0;
  for (const auto& runtime : pulls.runtimes) {
    if (runtime.role != "runtime" && runtime.role != "copier") return "a runtime is neither a runtime nor a copier";
    for (const auto& row : pulls.rows) {
      if (at == pulls.records.size() || pulls.records[at].runtime != runtime.name || pulls.records[at].content != row) {
        return fmt::format("pull {} is not the one that belongs there", at + 1);
      }
      ++at;
    }
  }
  return at == pulls.records.size() ? "" : "there are more pulls than runtimes and contents";
}

}  // namespace

std::string pulls_text(const Pulls& pulls) {
  std::string text;
  std::size_t lines = 0;
  const auto add = [&](const Json& line) {
    text += line.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n';
    ++lines;
  };
  add(head_of(pulls));
  for (std::size_t at = 0; at < pulls.runtimes.size(); ++at)
    add(runtime_of(pulls.runtimes[at], pulls.descriptions[at]));
  for (const auto& record : pulls.records) add(record_of(record));
  const auto digest = oci::Digest::of(text).str();
  add({{"kind", "end"}, {"lines", lines}, {"digest", digest}});
  return text;
}

tl::expected<Pulls, std::string> read_pulls(std::string_view text) {
  Pulls pulls;
  std::size_t number = 0;
  for (auto rest = text; !rest.empty();) {
    const auto end = rest.find('\n');
    ++number;
    if (end == std::string_view::npos || !take_line(rest.substr(0, end), number == 1, pulls)) {
      return tl::unexpected(fmt::format("line {} of pulls.jsonl is none that `referee runtime` writes", number));
    }
    rest.remove_prefix(end + 1);
  }
  if (pulls_text(pulls) != text) {
    return tl::unexpected(
        std::string("pulls.jsonl was changed: it is not, byte for byte, what `referee runtime` writes of these pulls"));
  }
  if (const auto missing = missing_of(pulls); !missing.empty()) return tl::unexpected("pulls.jsonl: " + missing);
  return pulls;
}

}  // namespace referee::suites::matrix
