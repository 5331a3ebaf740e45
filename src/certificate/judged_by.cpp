#include "judged_by.hpp"

#include <fmt/format.h>

#include <optional>

#include "referee/conformance/replay.hpp"
#include "referee/oci/json_depth.hpp"
#include "statement.hpp"
#include "strict.hpp"

namespace referee::certificate {
namespace {

using nlohmann::json;

constexpr int kDeepestHead = 8;

NotVerified wrong(std::string why) {
  return {std::move(why), false};
}

bool is_sha256(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

/// Who made a run, as its first line says.
struct Maker {
  json version;
  json commit;
  json suite;  ///< or contents
};

/// A line of another version may have another form: then nothing is known of it.
std::optional<Maker> maker_of(std::string_view run) {
  const auto line = run.substr(0, run.find('\n'));
  if (oci::is_deeper_than(line, kDeepestHead)) return std::nullopt;
  const auto head = json::parse(line, nullptr, false);
  if (!head.is_object()) return std::nullopt;
  const bool pulls = head.contains("contents");
  return Maker{at(head, {pulls ? "version" : "tool_version"}), at(head, {"commit"}),
               at(head, {pulls ? "contents" : "suite"})};
}

}  // namespace

json entry(const json& predicate, std::string_view name) {
  const auto list = predicate.find("configuration");
  if (list == predicate.end() || !list->is_array()) return {};
  for (const auto& one : *list) {
    if (one.is_object() && one.value("name", json()) == name) return one;
  }
  return {};
}

json at(const json& value, std::initializer_list<const char*> path) {
  json here = value;
  for (const auto* key : path) {
    if (!here.is_object() || !here.contains(key)) return {};
    here = json(here[key]);
  }
  return here;
}

std::string JudgedBy::digest(std::string_view name, const char* algorithm) const {
  const auto value = at(entry(predicate_, name), {"digest", algorithm});
  return value.is_string() ? value.get<std::string>() : "";
}

NotVerified JudgedBy::undecided(std::string_view why) const {
  const bool runtime = files_.contains(std::string(kPullsFile));
  const auto version = at(entry(predicate_, "referee"), {"annotations", "version"});
  const auto commit = digest("referee", "gitCommit");
  const auto suite = "sha256:" + digest(runtime ? "contents" : "suite", "sha256");
  const auto file = files_.find(runtime ? std::string(kPullsFile) : "recording.jsonl");
  const auto maker = file == files_.end() ? std::nullopt : maker_of(file->second);
  if (maker && (maker->version != version || maker->commit != commit || maker->suite != suite)) {
    return wrong(
        fmt::format("{}; but its run says that it was made by version {}, commit {}, with {}: the statement does not "
                    "follow from the run",
                    why, said(maker->version), said(maker->commit), said(maker->suite)));
  }
  return {fmt::format("not decided: {}; verify with the Referee that judged, version {}, commit {}", why, said(version),
                      said(commit)),
          true};
}

tl::expected<void, NotVerified> JudgedBy::check_build() const {
  const auto commit = digest("referee", "gitCommit");
  // Which nobody else can have.
  if (commit.empty() || dirty(commit)) {
    return tl::unexpected(wrong("the run was made by a Referee that was built from changed sources: " + said(commit)));
  }
  const auto version = at(entry(predicate_, "referee"), {"annotations", "version"});
  if (!version.is_string())
    return tl::unexpected(wrong("the certificate does not say which version of Referee judged"));
  if (version == build_.version) return {};
  const auto why =
      fmt::format("the certificate is by version {} of Referee, and this is {}", said(version), build_.version);
  return tl::unexpected(commit == build_.commit ? wrong(why + ", of the same commit") : undecided(why));
}

tl::expected<void, NotVerified> JudgedBy::check_suite(const reports::Book& book) const {
  const auto suite = digest("suite", "sha256");
  const auto own = conformance::suite_digest(book.catalogue, book.ledger);
  if ("sha256:" + suite == own) return {};
  if (!is_sha256(suite)) return tl::unexpected(wrong("the certificate does not say by which suite it is"));
  const auto why = fmt::format("the certificate is by another suite, sha256:{}, and this Referee has {}", suite, own);
  // What a commit has, it knows itself.
  return tl::unexpected(digest("referee", "gitCommit") == build_.commit ? wrong(why + ", of the same commit")
                                                                        : undecided(why));
}

NotVerified JudgedBy::why_not(const NotJudged& failure) const {
  const bool decided = failure.contents.empty() || digest("referee", "gitCommit") == build_.commit;
  return decided ? wrong(failure.why)
                 : undecided(fmt::format("the certificate is by other contents, {}, than this Referee has",
                                         failure.contents));
}

}  // namespace referee::certificate
