#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "read_file.hpp"
#include "referee/http/recording.hpp"
#include "referee/oci/digest.hpp"
#include "referee/oci/json_depth.hpp"
#include "referee/signing/bundle.hpp"
#include "referee/signing/policy.hpp"
#include "statement.hpp"

namespace referee::certificate {
namespace {

using nlohmann::json;
using Refused = tl::unexpected<std::string>;

/// Without these there is nothing to judge.
constexpr std::array<std::string_view, 6> kSigned = {"results.json", "recording.jsonl", "report.html",
                                                     "junit.xml",    "PRODUCT.yaml",    "README.md"};
constexpr std::size_t kMostFiles = 32;

/// What goes into a sentence: one line, no more than 100 characters.
std::string said(const json& value) {
  std::string text =
      value.is_string() ? value.get<std::string>() : value.dump(-1, ' ', true, json::error_handler_t::replace);
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) > 0x7e) c = '?';
  }
  constexpr std::size_t kMost = 100;
  return text.size() > kMost ? text.substr(0, kMost) + "..." : text;
}

/// The signed statement, or why nobody can rely on it.
tl::expected<json, std::string> signed_statement(const std::string& folder, const signing::PublicKey& key) {
  const auto bundle = read_file(folder + "/" + std::string(kBundleFile), signing::kLargestPayload);
  if (!bundle) return Refused(bundle.error());
  const auto claim = signing::read_bundle(*bundle);
  if (!claim) return Refused("the certificate cannot be read: " + claim.error());
  if (!key.verify(claim->message, claim->signature)) {
    return Refused(
        std::string("the signature is not that of this key over this statement: another key signed, or the certificate "
                    "was changed"));
  }
  if (claim->statement_type != kPredicateType) return Refused(std::string("the statement is of another type"));
  auto statement = json::parse(claim->document, nullptr, false);
  if (!statement.is_object() || !statement.value("predicate", json()).is_object()) {
    return Refused(std::string("the statement has no predicate"));
  }
  return statement;
}

/// An entry of the predicate's configuration, or null.
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

tl::expected<Terms, std::string> valid_terms(const json& predicate, signing::Time now) {
  const auto tool = entry(predicate, "referee");
  const auto issued = at(tool, {"annotations", "issued"});
  const auto expires = at(tool, {"annotations", "expires"});
  const auto from = issued.is_string() ? signing::parse_time(issued.get<std::string>()) : std::nullopt;
  const auto until = expires.is_string() ? signing::parse_time(expires.get<std::string>()) : std::nullopt;
  if (!from || !until) return Refused(std::string("the certificate does not say from when until when it holds"));
  if (now + signing::kClockSkew < *from) return Refused("the certificate is dated ahead: " + said(issued));
  if (now >= *until) return Refused("the certificate expired at " + said(expires));
  return Terms{issued.get<std::string>(), expires.get<std::string>()};
}

/// All files as they were signed; returns the digest of the submission.
tl::expected<std::string, std::string> check_files(const std::string& folder, const json& statement) {
  std::map<std::string, std::string> files;
  std::string submission;
  const auto subjects = statement.value("subject", json::array());
  if (!subjects.is_array() || subjects.size() > kMostFiles) return Refused(std::string("the statement names no files"));
  for (const auto& subject : subjects) {
    const auto name = at(subject, {"name"});
    const auto digest = at(subject, {"digest", "sha256"});
    if (!name.is_string() || !digest.is_string()) return Refused(std::string("a subject has no name or no digest"));
    const auto text = name.get<std::string>();
    const auto wanted = "sha256:" + digest.get<std::string>();
    if (text == "submission") {
      submission = wanted;
      continue;
    }
    if (text.empty() || text.front() == '.' || text.find_first_of("/\\") != std::string::npos) {
      return Refused("the statement names a file that no submission has: " + said(name));
    }
    auto bytes = read_file(folder + "/" + text, http::kLargestRecording);
    if (!bytes) return Refused(bytes.error());
    if (oci::Digest::of(*bytes).str() != wanted) {
      return Refused(said(name) + " was changed: it does not have the digest that was signed");
    }
    files.emplace(text, std::move(*bytes));
  }
  for (const auto name : kSigned) {
    if (!files.contains(std::string(name))) return Refused(fmt::format("the certificate does not cover {}", name));
  }
  if (submission_image(files).digest().str() != submission) {
    return Refused(std::string("the digest of the submission is not that of its files"));
  }
  return submission;
}

tl::expected<void, std::string> check_suite(const json& predicate, const Build& build, const reports::Book& book) {
  const auto version = at(entry(predicate, "referee"), {"annotations", "version"});
  const auto commit = at(entry(predicate, "referee"), {"digest", "gitCommit"});
  if (version != build.version) {
    return Refused(fmt::format("the certificate is by version {} of Referee, and this is {}: verify with that version",
                               said(version), build.version));
  }
  if (!commit.is_string() || dirty(commit.get<std::string>())) {
    return Refused("the run was made by a Referee that was built from changed sources: " + said(commit));
  }
  const auto digest = at(entry(predicate, "suite"), {"digest", "sha256"});
  const auto own = conformance::suite_digest(book.catalogue, book.ledger);
  if (!digest.is_string() || "sha256:" + digest.get<std::string>() != own) {
    return Refused(
        fmt::format("the certificate is by another suite, sha256:{}, and this Referee has {}: verify with the "
                    "commit that judged, {}",
                    said(digest), own, said(commit)));
  }
  return {};
}

/// The first thing that the statement says and the run does not show.
std::string contradiction(const json& given, const json& shown, const std::string& path) {
  if (given == shown) return "";
  if (given.is_object() && shown.is_object()) {
    for (const auto& [key, value] : shown.items()) {
      auto found = contradiction(given.value(key, json()), value, path.empty() ? key : path + "." + key);
      if (!found.empty()) return found;
    }
    return path + " has more than the run shows";
  }
  if (given.is_array() && shown.is_array()) {
    for (std::size_t index = 0; index < std::min(given.size(), shown.size()); ++index) {
      auto found = contradiction(given[index], shown[index], fmt::format("{}[{}]", path, index));
      if (!found.empty()) return found;
    }
  }
  return fmt::format("`{}` is {}, the run gives {}", path, said(given), said(shown));
}

tl::expected<std::vector<Claim>, std::string> stated_claims(const json& predicate, const conformance::Run& run,
                                                            const conformance::Catalogue& catalogue) {
  const auto names = at(entry(predicate, "suite"), {"annotations", "profiles"});
  std::vector<std::string> profiles;
  if (names.is_array()) {
    for (const auto& name : names) {
      if (name.is_string()) profiles.push_back(name.get<std::string>());
    }
  }
  if (profiles.empty()) return Refused(std::string("the statement claims no profile"));
  return claims(profiles, run, catalogue);
}

}  // namespace

tl::expected<Verified, std::string> verify(const std::string& folder, const signing::PublicKey& key, signing::Time now,
                                           const Build& build, const reports::Book& book,
                                           const RejudgeOptions& options) {
  const auto statement = signed_statement(folder, key);
  if (!statement) return Refused(statement.error());
  const auto& predicate = (*statement)["predicate"];
  const auto terms = valid_terms(predicate, now);
  if (!terms) return Refused(terms.error());
  auto submission = check_files(folder, *statement);
  if (!submission) return Refused(submission.error());
  if (const auto suite = check_suite(predicate, build, book); !suite) return Refused(suite.error());

  const auto rejudged = rejudge(folder, book, options);
  if (!rejudged) return Refused(rejudged.error());
  const auto& lines = rejudged->differences;
  if (!lines.empty()) {
    return Refused(fmt::format("results.json does not follow from the recording: {}{}", lines.front(),
                               lines.size() > 1 ? fmt::format(" (and {} more)", lines.size() - 1) : ""));
  }
  auto claimed = stated_claims(predicate, rejudged->run, book.catalogue);
  if (!claimed) return Refused(claimed.error());
  const json shown = predicate_value(rejudged->recorded, rejudged->run, *claimed, book.catalogue, *terms);
  if (const auto wrong = contradiction(predicate, shown, ""); !wrong.empty()) {
    return Refused("the statement does not follow from the run: " + wrong);
  }
  const auto issued = signing::parse_time(terms->issued);
  if (!issued || std::chrono::duration<double>(issued->time_since_epoch()).count() + 1 < rejudged->recorded.started) {
    return Refused("the certificate was issued at " + terms->issued + ", before the run began");
  }
  const auto expires = signing::parse_time(terms->expires);
  if (!expires || *expires - *issued > std::chrono::hours{24} * kMostDays) {
    return Refused(fmt::format("the certificate holds for more than {} days", kMostDays));
  }
  return Verified{std::move(*claimed),       rejudged->run.info.target,   terms->issued,         terms->expires,
                  rejudged->recorded.commit, rejudged->run.checks.size(), std::move(*submission)};
}

}  // namespace referee::certificate
