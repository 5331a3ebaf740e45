#include <fmt/format.h>

#include <initializer_list>
#include <utility>

#include "read_file.hpp"
#include "referee/http/recording.hpp"
#include "referee/oci/limits.hpp"
#include "referee/signing/bundle.hpp"
#include "statement.hpp"
#include "strict.hpp"

namespace referee::certificate {
namespace {

constexpr std::string_view kToldByReplay = "see `referee replay`";
constexpr std::size_t kLargestReport = std::size_t{128} << 20U;

/// Why this build may not certify that run; empty if it may.
std::string why_not_by(const Build& build, const std::string& version, const std::string& commit) {
  if (dirty(build.commit)) {
    return fmt::format(
        "this Referee was built from {}: nobody else can have it; build it from a commit without changes",
        build.commit.empty() || build.commit == "unknown" ? "sources of no known commit"
                                                          : "changed sources, " + build.commit);
  }
  if (version != build.version || commit != build.commit) {
    return fmt::format(
        "the run was made by Referee {}, commit {}, and this is {}, commit {}: certify with the Referee "
        "that judged",
        version, commit, build.version, build.commit);
  }
  return "";
}

tl::expected<void, std::string> read_files(const std::string& folder, std::initializer_list<std::string_view> names,
                                           Submission& to) {
  for (const auto name : names) {
    const auto most = name == "results.json" || name == "matrix.json"   ? oci::kLargestResult
                      : name == "recording.jsonl" || name == kPullsFile ? http::kLargestRecording
                                                                        : kLargestReport;
    auto text = read_file(fmt::format("{}/{}", folder, name), most);
    if (!text) return tl::unexpected(text.error());
    to.files.emplace(name, std::move(*text));
  }
  return {};
}

/// Adds the image of the files and the certificate.
void seal(Submission& made, nlohmann::ordered_json predicate, const signing::PrivateKey& key) {
  made.image = submission_image(made.files);
  std::vector<std::pair<std::string, std::string>> subjects;
  for (const auto& [name, bytes] : made.files) subjects.emplace_back(name, oci::Digest::of(bytes).str());
  subjects.emplace_back("submission", made.image.digest().str());
  const auto statement = statement_value(subjects, std::move(predicate))
                             .dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
  made.files[std::string(kBundleFile)] = signing::bundle_json(key, signing::kInTotoType, statement) + '\n';
}

Terms terms_of(const Order& order) {
  return {signing::format_time(order.now), signing::format_time(order.now + std::chrono::days(order.days))};
}

tl::expected<Submission, std::string> certify_runtime(const Order& order, const signing::PrivateKey& key,
                                                      const Build& build, const reports::Book& book,
                                                      const RejudgeOptions& options) {
  const auto fails = [](std::string why) { return tl::unexpected(std::move(why)); };
  Submission made;
  if (auto read = read_files(
          order.folder, {kPullsFile, "matrix.json", "matrix.md", "report.html", "results.json", "junit.xml"}, made);
      !read) {
    return fails(read.error());
  }
  if (!options.runtime) return fails("a runtime's run cannot be judged here");
  const auto run = options.runtime(made.files.at(std::string(kPullsFile)));
  if (!run) return fails(run.error().why);
  if (auto why = why_not_by(build, run->tool_version, run->commit); !why.empty()) return fails(std::move(why));
  if (const auto lines = runtime_differences(made.files, *run, book.ledger); !lines.empty()) {
    return fails(fmt::format("the reports do not follow from {}: {}", kPullsFile, first_of(lines, kToldByReplay)));
  }
  auto claim = runtime_claim(*run);
  for (const auto& name : order.profiles) {
    if (name != claim.profile)
      return fails(fmt::format("the run does not show the profile {}: it is of a runtime", name));
  }
  if (!claim.holds()) return fails(fmt::format("the run does not show the profile runtime: {}", claim.why_not()));
  const auto terms = terms_of(order);
  made.files.merge(runtime_texts(*run, claim, order.product, terms));
  seal(made, runtime_predicate(*run, claim, terms), key);
  made.claims.push_back(std::move(claim));
  made.run.info.target = run->matrix.columns.front().name;
  return made;
}

}  // namespace

tl::expected<Submission, std::string> certify(const Order& order, const signing::PrivateKey& key, const Build& build,
                                              const reports::Book& book, const RejudgeOptions& options) {
  const auto fails = [](std::string why) { return tl::unexpected(std::move(why)); };
  if (has_pulls(order.folder)) return certify_runtime(order, key, build, book, options);
  Submission made;
  if (auto read = read_files(order.folder, {"results.json", "recording.jsonl", "report.html", "junit.xml"}, made);
      !read) {
    return fails(read.error());
  }
  // What costs nothing is refused first.
  const auto head = http::Recording::read_head(order.folder + "/recording.jsonl");
  if (!head) return fails(head.error());
  const auto known = conformance::read_recorded_run(*head);
  if (!known) return fails(known.error());
  if (auto why = why_not_by(build, known->tool_version, known->commit); !why.empty()) return fails(std::move(why));

  auto rejudged = rejudge(order.folder, book, options);
  if (!rejudged) return fails(rejudged.error());
  if (!rejudged->differences.empty()) {
    return fails("results.json does not follow from the recording: " + first_of(rejudged->differences, kToldByReplay));
  }
  auto claimed = claims(order.profiles, rejudged->run, book.catalogue);
  if (!claimed) return fails(claimed.error());
  made.claims = std::move(*claimed);
  made.not_claimed = not_claimed(rejudged->run, made.claims, book.catalogue);
  const auto terms = terms_of(order);
  made.files.merge(submission_texts(*rejudged, made.claims, book.catalogue, order.product, terms));
  seal(made, predicate_value(rejudged->recorded, rejudged->run, made.claims, book.catalogue, terms), key);
  made.run = std::move(rejudged->run);
  return made;
}

}  // namespace referee::certificate
