#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <utility>

#include "read_file.hpp"
#include "referee/http/recording.hpp"
#include "referee/oci/digest.hpp"
#include "referee/oci/strict_json.hpp"
#include "referee/signing/bundle.hpp"
#include "referee/signing/policy.hpp"
#include "statement.hpp"
#include "strict.hpp"

namespace referee::certificate {
namespace {

using nlohmann::json;
using Refused = tl::unexpected<std::string>;

/// Without these there is nothing to judge.
constexpr std::array<std::string_view, 8> kSigned = {"results.json", "recording.jsonl", "report.html", "junit.xml",
                                                     "PRODUCT.yaml", "README.md",       "badge.svg",   "badge.json"};
constexpr std::size_t kMostOthers = 100;

/// The signed statement, or why nobody can rely on it.
tl::expected<json, std::string> signed_statement(const std::string& folder, const signing::PublicKey& key) {
  const auto bundle = read_file(folder + "/" + std::string(kBundleFile), signing::kLargestPayload);
  if (!bundle) return Refused(bundle.error());
  if (auto form = check_bundle_form(*bundle); !form) return Refused(form.error());
  const auto claim = signing::read_bundle(*bundle);
  if (!claim) return Refused("the certificate cannot be read: " + claim.error());
  if (!key.verify(claim->message, claim->signature)) {
    return Refused(
        std::string("the signature is not that of this key over this statement: another key signed, or the certificate "
                    "was changed"));
  }
  if (claim->statement_type != kPredicateType) return Refused(std::string("the statement is of another type"));
  return read_statement_form(claim->document);
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

/// All files as they were signed, and the digest of the submission.
struct Signed {
  std::map<std::string, std::string> files;
  std::string submission;
};

tl::expected<Signed, std::string> check_files(const std::string& folder, const json& statement) {
  Signed found;
  for (const auto& subject : statement.at("subject")) {
    const auto name = subject.at("name").get<std::string>();
    const auto wanted = "sha256:" + subject.at("digest").at("sha256").get<std::string>();
    if (name == "submission") {
      found.submission = wanted;
      continue;
    }
    if (std::ranges::find(kSigned, name) == kSigned.end()) {
      return Refused("the statement names a file that no submission has: " + oci::name_in_words(name));
    }
    auto bytes = read_file(folder + "/" + name, http::kLargestRecording);
    if (!bytes) return Refused(bytes.error());
    if (oci::Digest::of(*bytes).str() != wanted) {
      return Refused(name + " was changed: it does not have the digest that was signed");
    }
    found.files.emplace(name, std::move(*bytes));
  }
  for (const auto name : kSigned) {
    if (!found.files.contains(std::string(name))) {
      return Refused(fmt::format("the certificate does not cover {}", name));
    }
  }
  if (submission_image(found.files).digest().str() != found.submission) {
    return Refused(std::string("the digest of the submission is not that of its files"));
  }
  return found;
}

/// What lies beside the signed files. A link would let the files be others tomorrow, or those of somebody else.
tl::expected<std::vector<std::string>, std::string> check_folder(const std::string& folder) {
  namespace fs = std::filesystem;
  std::vector<std::string> others;
  std::error_code failure;
  for (auto entry = fs::directory_iterator(folder, failure); !failure && entry != fs::directory_iterator();
       entry.increment(failure)) {
    const auto name = entry->path().filename().string();
    std::error_code ignored;
    if (fs::is_symlink(entry->symlink_status(ignored))) {
      return Refused(fmt::format("{} is a link: a submission holds the files themselves", oci::name_in_words(name)));
    }
    if (name == kBundleFile || std::ranges::find(kSigned, name) != kSigned.end()) continue;
    if (others.size() == kMostOthers) {
      return Refused(fmt::format("{} holds more than {} files that no submission has", folder, kMostOthers));
    }
    others.push_back(oci::name_in_words(name));
  }
  if (failure) return Refused(fmt::format("cannot read {}: {}", folder, failure.message()));
  std::ranges::sort(others);
  return others;
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

/// The texts that follow from what is signed are made again: they are what people read.
tl::expected<void, std::string> check_texts(const std::map<std::string, std::string>& files, const Rejudged& rejudged,
                                            const std::vector<Claim>& claimed, const conformance::Catalogue& catalogue,
                                            const Terms& terms) {
  const auto product = read_product_yaml(files.at("PRODUCT.yaml"));
  if (!product) return Refused("PRODUCT.yaml is not what `certify` writes: " + product.error());
  for (const auto& [name, text] : submission_texts(rejudged, claimed, catalogue, *product, terms)) {
    if (files.at(name) != text) return Refused(name + " is not what follows from the run and the certificate");
  }
  return {};
}

tl::expected<std::vector<Claim>, std::string> stated_claims(const json& predicate, const conformance::Run& run,
                                                            const conformance::Catalogue& catalogue) {
  const auto names = at(entry(predicate, "suite"), {"annotations", "profiles"});
  std::vector<std::string> profiles;
  for (const auto& name : names.is_array() ? names : json::array()) {
    if (!name.is_string()) return Refused("the statement claims a profile that is no text: " + said(name));
    profiles.push_back(name.get<std::string>());
  }
  if (profiles.empty()) return Refused(std::string("the statement claims no profile"));
  return claims(profiles, run, catalogue);
}

}  // namespace

tl::expected<Verified, std::string> verify(const std::string& folder, const signing::PublicKey& key, signing::Time now,
                                           const Build& build, const reports::Book& book,
                                           const RejudgeOptions& options) {
  auto others = check_folder(folder);
  if (!others) return Refused(others.error());
  const auto statement = signed_statement(folder, key);
  if (!statement) return Refused(statement.error());
  const auto& predicate = (*statement)["predicate"];
  const auto terms = valid_terms(predicate, now);
  if (!terms) return Refused(terms.error());
  const auto given = check_files(folder, *statement);
  if (!given) return Refused(given.error());
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
  if (const auto wrong = contradiction(predicate, shown); !wrong.empty()) {
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
  if (auto texts = check_texts(given->files, *rejudged, *claimed, book.catalogue, *terms); !texts) {
    return Refused(texts.error());
  }
  return Verified{std::move(*claimed),       rejudged->run.info.target,   terms->issued,     terms->expires,
                  rejudged->recorded.commit, rejudged->run.checks.size(), given->submission, std::move(*others)};
}

}  // namespace referee::certificate
