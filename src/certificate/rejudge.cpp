#include "referee/certificate/rejudge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string_view>
#include <system_error>
#include <utility>

#include "read_file.hpp"
#include "referee/http/recording.hpp"
#include "referee/oci/json_depth.hpp"
#include "referee/oci/limits.hpp"
#include "referee/oci/strict_json.hpp"
#include "strict.hpp"

namespace referee::certificate {
namespace {

/// Whether what a user typed leads to this URL: nobody is certified under another's name.
bool leads_to(std::string_view target, std::string_view url, bool embedded) {
  const auto without_slash = [](std::string_view text) {
    while (text.ends_with('/')) text.remove_suffix(1);
    return text;
  };
  if (target.starts_with("embedded:")) return embedded;
  target = without_slash(target);
  url = without_slash(url);
  return url == target || url == "http://" + std::string(target) || url == "https://" + std::string(target);
}

/// Why results.json cannot be of the recorded run at all; empty: it can. Else each of its checks would differ.
std::string of_another_run(std::string_view results, const conformance::RecordedRun& recorded) {
  constexpr int kDeepest = 16;
  if (oci::is_deeper_than(results, kDeepest)) return "";
  const auto document = nlohmann::json::parse(results, nullptr, false);
  const auto run = document.is_object() ? document.value("run", nlohmann::json()) : nlohmann::json();
  if (!run.is_object()) return "";
  const auto target = run.value("url", nlohmann::json());
  const auto seed = run.value("seed", nlohmann::json());
  const auto& url = recorded.options.connection.url;
  if (target == url && seed == std::to_string(recorded.options.seed)) return "";
  return fmt::format("results.json is of {}, seed {}, and the recording of {}, seed {}", said(target), said(seed),
                     said(url), recorded.options.seed);
}

/// The first part of a recording that no check of the run can have asked for: nobody would judge it. Empty: none.
std::string unused_part(const std::vector<std::string>& parts, const std::vector<std::string>& checks) {
  const std::set<std::string_view> known(checks.begin(), checks.end());
  for (const auto& part : parts) {
    // Behind the blank: which of several workers asked.
    const auto check = std::string_view(part).substr(0, part.find(' '));
    if (part != conformance::kProbePart && !known.contains(check)) return oci::name_in_words(part);
  }
  return "";
}

/// Why a file that cannot be read whole is no recording from its first line on; nothing if that is one's head.
std::optional<std::string> no_recording(const std::string& path) {
  constexpr int kDeepest = 16;
  std::error_code failure;
  if (!std::filesystem::is_regular_file(path, failure)) return std::nullopt;
  const auto head = http::Recording::read_head(path);
  if (!head) return head.error();
  const auto line =
      oci::is_deeper_than(*head, kDeepest) ? nlohmann::json() : nlohmann::json::parse(*head, nullptr, false);
  if (line.is_object() && line.value("kind", nlohmann::json()) == "run") return std::nullopt;
  return path + " is no recording: its first line is not the head of one";
}

}  // namespace

tl::expected<Rejudged, std::string> rejudge(const std::string& folder, const reports::Book& book,
                                            const RejudgeOptions& given) {
  const auto fails = [](std::string why) { return tl::unexpected(std::move(why)); };
  const auto path = folder + "/recording.jsonl";
  const auto results = read_file(folder + "/results.json", oci::kLargestResult);
  if (!results) return fails(results.error());
  // Read whole once: what is wrong with it is said here, and not by a worker.
  std::vector<std::string> parts;
  {
    const auto whole = http::Recording::read(path);
    if (!whole) return fails(no_recording(path).value_or(whole.error()));
    parts = (*whole)->parts();
  }
  const auto head = http::Recording::read_head(path);
  if (!head) return fails(head.error());
  auto recorded = conformance::read_recorded_run(*head);
  if (!recorded) return fails(recorded.error());
  const auto& asked = recorded->options;
  const auto plain = [](char c) { return c > ' ' && c <= '~'; };
  if (!std::ranges::all_of(asked.target, plain) || !std::ranges::all_of(asked.connection.url, plain)) {
    return fails("the recording's target has characters that no address has");
  }
  if (!leads_to(asked.target, asked.connection.url, asked.connection.embedded.has_value())) {
    return fails(
        fmt::format("the recording says that {} was judged, and asked {}", asked.target, asked.connection.url));
  }
  const auto suite = conformance::suite_digest(book.catalogue, book.ledger);
  if (recorded->suite != suite) {
    return fails(
        fmt::format("the recording was made with another suite ({}, Referee {}, commit {}), this program has {}: use "
                    "the Referee that made it",
                    recorded->suite, recorded->tool_version, recorded->commit, suite));
  }
  for (const auto& id : recorded->options.checks) {
    if (book.catalogue.find(id) == nullptr) return fails("the recording is of a check that this suite does not have");
  }

  if (const auto part = unused_part(parts, book.catalogue.with_prerequisites(recorded->options.checks));
      !part.empty()) {
    return fails(fmt::format("the recording has a part of no check of the run: {}", part));
  }

  if (auto other = of_another_run(*results, *recorded); !other.empty()) {
    return Rejudged{std::move(*recorded), {}, {std::move(other)}};
  }

  auto options = recorded->options;
  options.replay = path;
  options.executable = given.executable;
  options.commit = recorded->commit;
  if (options.connection.embedded) options.connection.embedded->executable = given.executable;
  const bool part = !given.checks.empty();
  if (part) {
    options.checks = given.checks;
    // One worker: each check as the one that counted ran it.
    options.jobs = 1;
  }
  conformance::RunEvents events;
  events.finished = given.finished;
  auto run = conformance::run(book.catalogue, book.ledger, options, events, given.interrupted);
  if (!run) return fails(run.error().message);
  if (!run->info.complete) return fails("interrupted");
  run->info.tool_version = recorded->tool_version;
  Rejudged rejudged{std::move(*recorded), std::move(*run), {}};
  rejudged.differences = differences(*results, rejudged.run, book, part);
  return rejudged;
}

}  // namespace referee::certificate
