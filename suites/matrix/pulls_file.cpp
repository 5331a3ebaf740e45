#include "pulls_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "referee/oci/digest.hpp"
#include "referee/oci/json_depth.hpp"

namespace referee::suites::matrix {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kSchema = "referee.pulls/1";
/// A list of requests in a line.
constexpr int kDeepestLine = 4;

Json head_of(const Pulls& pulls) {
  return {{"kind", "head"},           {"schema", kSchema},          {"version", pulls.tool_version},
          {"commit", pulls.commit},   {"contents", pulls.contents}, {"platform", pulls.platform},
          {"seed", pulls.seed},       {"full", pulls.full},         {"limit", pulls.limit},
          {"started", pulls.started}, {"seconds", pulls.seconds},   {"rows", pulls.rows}};
}

Json runtime_of(const conformance::MatrixColumn& column, const std::string& description) {
  return {{"kind", "runtime"},
          {"name", column.name},
          {"about", column.about},
          {"role", column.role},
          {"description", description},
          {"client_version", column.client_version},
          {"daemon_version", column.daemon_version},
          {"absent", column.absent},
          {"leftovers", column.leftovers},
          {"seconds", column.seconds}};
}

Json record_of(const PullRecord& record) {
  if (!record.pull) {
    return {{"kind", "not-tried"},
            {"runtime", record.runtime},
            {"content", record.content},
            {"installed", record.installed},
            {"reason", record.reason}};
  }
  const auto& pull = *record.pull;
  Json requests = Json::array();
  for (const auto& request : pull.requests) requests.push_back({request.method, request.target, request.status});
  return {{"kind", "pull"},
          {"runtime", record.runtime},
          {"content", record.content},
          {"exit_code", pull.exit_code},
          {"timed_out", pull.timed_out},
          {"words", pull.words},
          {"digests", pull.digests},
          {"unreadable", pull.unreadable},
          {"unread", pull.unread},
          {"create", pull.create},
          {"requests", std::move(requests)},
          {"all_requests", pull.all_requests},
          {"bytes", pull.bytes},
          {"seconds", pull.seconds}};
}

template <class Value>
void take(const Json& line, const char* name, Value& to) {
  line.at(name).get_to(to);
}

void take_head(const Json& line, Pulls& to) {
  take(line, "version", to.tool_version);
  take(line, "commit", to.commit);
  take(line, "contents", to.contents);
  take(line, "platform", to.platform);
  take(line, "seed", to.seed);
  take(line, "full", to.full);
  take(line, "limit", to.limit);
  take(line, "started", to.started);
  take(line, "seconds", to.seconds);
  take(line, "rows", to.rows);
}

void take_runtime(const Json& line, Pulls& to) {
  auto& column = to.runtimes.emplace_back();
  take(line, "name", column.name);
  take(line, "about", column.about);
  take(line, "role", column.role);
  take(line, "description", to.descriptions.emplace_back());
  take(line, "client_version", column.client_version);
  take(line, "daemon_version", column.daemon_version);
  take(line, "absent", column.absent);
  take(line, "leftovers", column.leftovers);
  take(line, "seconds", column.seconds);
}

void take_record(const Json& line, bool pulled, Pulls& to) {
  auto& record = to.records.emplace_back();
  take(line, "runtime", record.runtime);
  take(line, "content", record.content);
  if (!pulled) {
    take(line, "installed", record.installed);
    take(line, "reason", record.reason);
    return;
  }
  auto& pull = record.pull.emplace();
  take(line, "exit_code", pull.exit_code);
  take(line, "timed_out", pull.timed_out);
  take(line, "words", pull.words);
  take(line, "digests", pull.digests);
  take(line, "unreadable", pull.unreadable);
  take(line, "unread", pull.unread);
  take(line, "create", pull.create);
  for (const auto& request : line.at("requests")) {
    pull.requests.push_back(
        {request.at(0).get<std::string>(), request.at(1).get<std::string>(), request.at(2).get<int>()});
  }
  take(line, "all_requests", pull.all_requests);
  take(line, "bytes", pull.bytes);
  take(line, "seconds", pull.seconds);
}

/// Whether the line is one of a record; what is wrong in it shows when it is written again.
bool take_line(std::string_view text, bool first, Pulls& to) try {
  if (oci::is_deeper_than(text, kDeepestLine)) return false;
  const auto line = Json::parse(text);
  const auto kind = line.at("kind").get<std::string>();
  if (first != (kind == "head")) return false;
  if (kind == "head") {
    take_head(line, to);
  } else if (kind == "runtime") {
    take_runtime(line, to);
  } else if (kind == "pull" || kind == "not-tried") {
    take_record(line, kind == "pull", to);
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
