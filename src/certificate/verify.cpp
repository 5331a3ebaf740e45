#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <functional>
#include <span>
#include <utility>

#include "judged_by.hpp"
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

using Names = std::span<const std::string_view>;

/// Without these there is nothing to judge.
constexpr std::array<std::string_view, 8> kOfARegistry = {"results.json", "recording.jsonl", "report.html",
                                                          "junit.xml",    "PRODUCT.yaml",    "README.md",
                                                          "badge.svg",    "badge.json"};
constexpr std::array<std::string_view, 10> kOfARuntime = {"pulls.jsonl", "matrix.json", "matrix.md",    "results.json",
                                                          "report.html", "junit.xml",   "PRODUCT.yaml", "README.md",
                                                          "badge.svg",   "badge.json"};
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

tl::expected<Terms, std::string> valid_terms(const json& predicate, signing::Time now) {
  const auto tool = entry(predicate, "referee");
  const auto issued = at(tool, {"annotations", "issued"});
  const auto expires = at(tool, {"annotations", "expires"});
  const auto from = issued.is_string() ? signing::parse_time(issued.get<std::string>()) : std::nullopt;
  const auto until = expires.is_string() ? signing::parse_time(expires.get<std::string>()) : std::nullopt;
  if (!from || !until) return Refused(std::string("the certificate does not say from when until when it holds"));
  if (now + signing::kClockSkew < *from) return Refused("the certificate is dated ahead: " + said(issued));
  if (now >= *until) return Refused("the certificate expired at " + said(expires));
  if (*until - *from > std::chrono::hours{24} * kMostDays) {
    return Refused(fmt::format("the certificate holds for more than {} days", kMostDays));
  }
  return Terms{issued.get<std::string>(), expires.get<std::string>()};
}

/// All files as they were signed, and the digest of the submission.
struct Signed {
  std::map<std::string, std::string> files;
  std::string submission;
};

tl::expected<Signed, std::string> check_files(const std::string& folder, const json& statement, Names names) {
  Signed found;
  for (const auto& subject : statement.at("subject")) {
    const auto name = subject.at("name").get<std::string>();
    const auto wanted = "sha256:" + subject.at("digest").at("sha256").get<std::string>();
    if (name == "submission") {
      found.submission = wanted;
      continue;
    }
    if (std::ranges::find(names, name) == names.end()) {
      return Refused("the statement names a file that no submission has: " + oci::name_in_words(name));
    }
    auto bytes = read_file(folder + "/" + name, http::kLargestRecording);
    if (!bytes) return Refused(bytes.error());
    if (oci::Digest::of(*bytes).str() != wanted) {
      return Refused(name + " was changed: it does not have the digest that was signed");
    }
    found.files.emplace(name, std::move(*bytes));
  }
  for (const auto name : names) {
    if (!found.files.contains(std::string(name))) {
      return Refused(fmt::format("the certificate does not cover {}", name));
    }
  }
  if (submission_image(found.files).digest().str() != found.submission) {
    return Refused(std::string("the digest of the submission is not that of its files"));
  }
  return found;
}

/// What lies in the folder beside the certificate. A link would let the files be others tomorrow, or those of somebody
/// else.
tl::expected<std::vector<std::string>, std::string> check_folder(const std::string& folder) {
  namespace fs = std::filesystem;
  std::vector<std::string> found;
  std::error_code failure;
  for (auto entry = fs::directory_iterator(folder, failure); !failure && entry != fs::directory_iterator();
       entry.increment(failure)) {
    auto name = entry->path().filename().string();
    std::error_code ignored;
    if (fs::is_symlink(entry->symlink_status(ignored))) {
      return Refused(fmt::format("{} is a link: a submission holds the files themselves", oci::name_in_words(name)));
    }
    if (name == kBundleFile) continue;
    if (found.size() == kMostOthers + kOfARuntime.size()) {
      return Refused(fmt::format("{} holds more than {} files that no submission has", folder, kMostOthers));
    }
    found.push_back(std::move(name));
  }
  if (failure) return Refused(fmt::format("cannot read {}: {}", folder, failure.message()));
  std::ranges::sort(found);
  return found;
}

/// For a sentence.
std::vector<std::string> others_of(std::vector<std::string> found, Names names) {
  std::erase_if(found, [&](const std::string& name) { return std::ranges::find(names, name) != names.end(); });
  for (auto& name : found) name = oci::name_in_words(name);
  return found;
}

/// The run of either kind, judged again.
struct Judged {
  std::vector<Claim> claims;
  json predicate;  ///< that follows from it
  double started = 0;
  std::string target;
  std::string commit;
  std::size_t checks = 0;
  std::function<std::map<std::string, std::string>(const Product&)> texts;
};

/// The texts that follow from what is signed are made again: they are what people read.
tl::expected<void, std::string> check_texts(const std::map<std::string, std::string>& files, const Judged& judged) {
  const auto product = read_product_yaml(files.at("PRODUCT.yaml"));
  if (!product) return Refused("PRODUCT.yaml is not what `certify` writes: " + product.error());
  for (const auto& [name, text] : judged.texts(*product)) {
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

tl::expected<Judged, std::string> judge_registry(const std::string& folder, const json& predicate, const Terms& terms,
                                                 const reports::Book& book, const RejudgeOptions& options) {
  auto rejudged = rejudge(folder, book, options);
  if (!rejudged) return Refused(rejudged.error());
  const auto& lines = rejudged->differences;
  if (!lines.empty()) {
    return Refused("results.json does not follow from the recording: " + first_of(lines));
  }
  auto claimed = stated_claims(predicate, rejudged->run, book.catalogue);
  if (!claimed) return Refused(claimed.error());
  Judged judged;
  judged.claims = *claimed;
  judged.predicate = predicate_value(rejudged->recorded, rejudged->run, *claimed, book.catalogue, terms);
  judged.started = rejudged->recorded.started;
  judged.target = rejudged->run.info.target;
  judged.commit = rejudged->recorded.commit;
  judged.checks = rejudged->run.checks.size();
  judged.texts = [run = std::move(*rejudged), claims = std::move(*claimed), &book, terms](const Product& product) {
    return submission_texts(run, claims, book.catalogue, product, terms);
  };
  return judged;
}

tl::expected<Judged, std::string> judge_runtime(const std::map<std::string, std::string>& files, RuntimeRun run,
                                                const Terms& terms, const reports::Book& book) {
  if (const auto lines = runtime_differences(files, run, book.ledger); !lines.empty()) {
    return Refused(fmt::format("the reports do not follow from {}: {}", kPullsFile, first_of(lines)));
  }
  auto claim = runtime_claim(run);
  if (!claim.holds()) return Refused("the run does not show the profile runtime: " + claim.why_not());
  Judged judged;
  judged.claims.push_back(claim);
  judged.predicate = runtime_predicate(run, claim, terms);
  judged.started = run.matrix.started;
  judged.target = run.matrix.columns.front().name;
  judged.commit = run.commit;
  judged.checks = run.matrix.cells.size();
  judged.texts = [run = std::move(run), claim = std::move(claim), terms](const Product& product) {
    return runtime_texts(run, claim, product, terms);
  };
  return judged;
}

}  // namespace

std::vector<std::string> submission_files() {
  std::vector<std::string> names{std::string(kBundleFile)};
  for (const auto name : kOfARegistry) names.emplace_back(name);
  for (const auto name : kOfARuntime) names.emplace_back(name);
  return names;
}

namespace {

/// What follows from a run that this program can judge: `judged` is it.
tl::expected<void, std::string> check_judged(const json& predicate, const Judged& judged, const Terms& terms,
                                             const std::map<std::string, std::string>& files) {
  if (const auto other = contradiction(predicate, judged.predicate); !other.empty()) {
    return Refused("the statement does not follow from the run: " + other);
  }
  const auto issued = signing::parse_time(terms.issued);
  if (!issued || std::chrono::duration<double>(issued->time_since_epoch()).count() + 1 < judged.started) {
    return Refused("the certificate was issued at " + terms.issued + ", before the run began");
  }
  return check_texts(files, judged);
}

}  // namespace

tl::expected<Verified, NotVerified> verify(const std::string& folder, const signing::PublicKey& key, signing::Time now,
                                           const Build& build, const reports::Book& book,
                                           const RejudgeOptions& options) {
  const auto refused = [](std::string why) { return tl::unexpected(NotVerified{std::move(why), false}); };
  auto found = check_folder(folder);
  if (!found) return refused(found.error());
  const auto statement = signed_statement(folder, key);
  if (!statement) return refused(statement.error());
  const auto& predicate = (*statement)["predicate"];
  const auto terms = valid_terms(predicate, now);
  if (!terms) return refused(terms.error());
  const bool runtime = !entry(predicate, "runtime").is_null();
  const auto names = runtime ? Names(kOfARuntime) : Names(kOfARegistry);
  const auto given = check_files(folder, *statement, names);
  if (!given) return refused(given.error());
  // What is wrong for everybody has been found: what follows may be another program's to judge.
  const JudgedBy judged_by(predicate, given->files, build);
  if (const auto right = judged_by.check_build(); !right) return tl::unexpected(right.error());
  tl::expected<Judged, std::string> judged;
  if (runtime) {
    if (!options.runtime) return refused("a runtime's certificate cannot be verified here");
    auto run = options.runtime(given->files.at(std::string(kPullsFile)));
    if (!run) return tl::unexpected(judged_by.why_not(run.error()));
    judged = judge_runtime(given->files, std::move(*run), *terms, book);
  } else {
    if (const auto right = judged_by.check_suite(book); !right) return tl::unexpected(right.error());
    judged = judge_registry(folder, predicate, *terms, book, options);
  }
  if (!judged) return refused(judged.error());
  if (const auto right = check_judged(predicate, *judged, *terms, given->files); !right) return refused(right.error());
  return Verified{std::move(judged->claims),
                  judged->target,
                  terms->issued,
                  terms->expires,
                  judged->commit,
                  judged->checks,
                  given->submission,
                  others_of(std::move(*found), names)};
}

}  // namespace referee::certificate
