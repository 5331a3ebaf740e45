#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "referee/certificate/rejudge.hpp"
#include "referee/http/exchange.hpp"
#include "referee/oci/json_depth.hpp"
#include "referee/oci/strict_json.hpp"
#include "strict.hpp"

namespace referee::certificate {
namespace {

using nlohmann::json;

json member(const json& object, const std::string& key) {
  const auto found = object.is_object() ? object.find(key) : object.end();
  return found == object.end() ? json() : *found;
}

/// The path of a URL that is not the target's: registries that checks start for themselves have another port each time.
void forget_host(json& exchange, const std::string& target) {
  const auto url = exchange.find("url");
  if (url == exchange.end() || !url->is_string()) return;
  const auto& text = url->get_ref<const std::string&>();
  if (text.starts_with(target + "/")) return;
  const auto host = text.find("://");
  if (host == std::string::npos) return;
  const auto path = text.find('/', host + 3);
  *url = path == std::string::npos ? std::string() : text.substr(path);
}

/// A curl command without its URL, which stands beside it, and without the placeholder for credentials: a replay does
/// not know whether they were asked for.
void forget_what_varies(json& exchange) {
  const auto curl = exchange.find("curl");
  const auto url = member(exchange, "url");
  if (curl == exchange.end() || !curl->is_string() || !url.is_string()) return;
  auto& line = curl->get_ref<std::string&>();
  const auto last = " " + http::shell_quoted(url.get_ref<const std::string&>());
  if (line.ends_with(last)) line.resize(line.size() - last.size());
  for (const auto placeholder : {http::kCurlBasic, http::kCurlBearer}) {
    if (const auto at = line.find(placeholder); at != std::string::npos) line.erase(at, placeholder.size());
  }
}

/// Whether something in it came out by chance: where several clients ask at once, who is first also decides how often
/// they try.
bool varies(const json& check) {
  const auto observations = member(check, "observations");
  if (!observations.is_object()) return false;
  const auto next = observations.get_ref<const json::object_t&>().lower_bound(std::string(conformance::kVarying));
  return next != observations.get_ref<const json::object_t&>().end() && next->first.starts_with(conformance::kVarying);
}

/// The run's requests without those of checks that vary; what is no count is left as it is.
json steady_requests(const json& document) {
  auto all = member(member(document, "run"), "requests");
  const auto checks = member(document, "checks");
  if (!all.is_number_unsigned() || !checks.is_array()) return all;
  auto left = all.get<std::uint64_t>();
  for (const auto& check : checks) {
    const auto requests = member(check, "requests");
    if (!varies(check) || !requests.is_number_unsigned()) continue;
    if (requests.get<std::uint64_t>() > left) return all;
    left -= requests.get<std::uint64_t>();
  }
  return left;
}

/// A check without what differs between two runs, or shows what a replay does not know: times, and values that vary.
json comparable(json check, const std::string& target) {
  if (!check.is_object()) return check;
  check.erase("timing");
  if (varies(check)) check.erase("requests");
  if (check.contains("failures") && check["failures"].is_array()) {
    for (auto& failure : check["failures"]) {
      if (failure.is_object() && failure.contains("exchange") && failure["exchange"].is_object()) {
        forget_what_varies(failure["exchange"]);
        forget_host(failure["exchange"], target);
      }
    }
  }
  if (check.contains("observations") && check["observations"].is_object()) {
    auto& observations = check["observations"];
    for (auto at = observations.begin(); at != observations.end();) {
      at = at.key().starts_with(conformance::kVarying) ? observations.erase(at) : std::next(at);
    }
  }
  return check;
}

std::string why(const json& check) {
  const auto failures = member(check, "failures");
  if (failures.is_array() && !failures.empty()) return ": " + said(member(failures.front(), "what"));
  const auto reason = member(check, "reason");
  return reason.is_string() ? ": " + said(reason) : "";
}

void compare_check(const json& before, const json& after, std::vector<std::string>& lines) {
  const auto id = said(member(after, "id"));
  const auto was = member(before, "verdict");
  const auto is = member(after, "verdict");
  if (was != is) {
    lines.push_back(
        fmt::format("{}: results.json says {}, the recording gives {}{}", id, said(was), said(is), why(after)));
    return;
  }
  for (const char* key : {"level", "title", "requirements", "reason", "blocked_by", "failures", "failures_omitted",
                          "observations", "requests"}) {
    const auto a = member(before, key);
    const auto b = member(after, key);
    if (a == b) continue;
    lines.push_back(fmt::format("{}: results.json says another `{}` than the recording gives: {}, not {}", id, key,
                                said(a), said(b)));
  }
}

/// Names that no run writes: whoever reads them would believe that they were judged.
void refuse_more(const json& before, const json& after, const std::string& where, std::vector<std::string>& lines) {
  if (!before.is_object() || !after.is_object()) return;
  for (const auto& [key, value] : before.items()) {
    if (!after.contains(key))
      lines.push_back(fmt::format("{}: results.json has {}, which no run has", where, oci::name_in_words(key)));
  }
}

void compare_run(const json& before, const json& after, bool part, std::vector<std::string>& lines) {
  for (const auto& [key, value] : after.items()) {
    if (key == "timing" || (part && (key == "selected" || key == "requests" || key == "complete" || key == "jobs"))) {
      continue;
    }
    const auto was = member(before, key);
    if (was == value) continue;
    if (key == "capabilities" && was.is_object()) {
      for (const auto& [name, finding] : value.items()) {
        if (part || member(was, name) == finding) continue;
        lines.push_back(fmt::format("capability {}: results.json says {}, the recording gives {}", name,
                                    said(member(was, name)), said(finding)));
      }
      for (const auto& [name, finding] : was.items()) {
        if (!value.contains(name))
          lines.push_back("capability " + oci::name_in_words(name) + ": the recording gives none");
      }
      continue;
    }
    lines.push_back(fmt::format("results.json says {} of `{}`, the recording gives {}", said(was), key, said(value)));
  }
}

}  // namespace

std::vector<std::string> differences(std::string_view results, const conformance::Run& run, const reports::Book& book,
                                     bool part) {
  constexpr int kDeepestResults = 16;
  const auto before = oci::is_deeper_than(results, kDeepestResults) ? json() : json::parse(results, nullptr, false);
  if (!before.is_object() || !member(before, "checks").is_array()) return {"results.json is no result of `check`"};
  // Readers differ in which of two values of one name they take.
  if (const auto name = oci::repeated_name(results)) {
    return {fmt::format("results.json gives one name two values: {}", oci::name_in_words(*name))};
  }
  const auto after = json::parse(reports::results_json(run, book), nullptr, false);
  std::vector<std::string> lines;
  if (member(before, "schema") != member(after, "schema")) lines.emplace_back("results.json is of another version");
  auto said_of_run = member(before, "run");
  auto shown_of_run = member(after, "run");
  if (said_of_run.is_object()) said_of_run["requests"] = steady_requests(before);
  shown_of_run["requests"] = steady_requests(after);
  compare_run(said_of_run, shown_of_run, part, lines);
  refuse_more(before, after, "the file", lines);
  refuse_more(member(before, "run"), member(after, "run"), "the run", lines);
  std::map<std::string, json> was;
  for (const auto& check : before["checks"]) {
    const auto id = member(check, "id");
    if (!id.is_string() || !was.emplace(id.get<std::string>(), comparable(check, run.info.url)).second) {
      lines.emplace_back("results.json has a check twice, or one without an id");
    }
  }
  for (const auto& check : after["checks"]) {
    const auto found = was.find(check["id"].get<std::string>());
    if (found == was.end()) {
      lines.push_back(fmt::format("{}: the recording has it, results.json does not", said(check["id"])));
      continue;
    }
    const auto shown_again = comparable(check, run.info.url);
    compare_check(found->second, shown_again, lines);
    refuse_more(found->second, shown_again, said(check["id"]), lines);
    was.erase(found);
  }
  for (const auto& [id, check] : was) {
    if (!part)
      lines.push_back(fmt::format("check {}: results.json has it, the recording does not", oci::name_in_words(id)));
  }
  if (!part && member(before, "summary") != member(after, "summary")) {
    lines.emplace_back("the counts in results.json's `summary` are not those that the recording gives");
  }
  return lines;
}

}  // namespace referee::certificate
