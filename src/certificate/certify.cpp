#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "read_file.hpp"
#include "referee/http/recording.hpp"
#include "referee/oci/limits.hpp"
#include "referee/signing/bundle.hpp"
#include "statement.hpp"

namespace referee::certificate {
namespace {

constexpr std::size_t kLargestReport = std::size_t{128} << 20U;

/// Why this build may not certify that run; empty if it may.
std::string why_not_by(const Build& build, const conformance::RecordedRun& recorded) {
  if (dirty(build.commit)) {
    return fmt::format(
        "this Referee was built from {}: nobody else can have it; build it from a commit without changes",
        build.commit.empty() || build.commit == "unknown" ? "sources of no known commit"
                                                          : "changed sources, " + build.commit);
  }
  if (recorded.tool_version != build.version || recorded.commit != build.commit) {
    return fmt::format(
        "the run was made by Referee {}, commit {}, and this is {}, commit {}: certify with the Referee "
        "that judged",
        recorded.tool_version, recorded.commit, build.version, build.commit);
  }
  return "";
}

}  // namespace

tl::expected<Submission, std::string> certify(const Order& order, const signing::PrivateKey& key, const Build& build,
                                              const reports::Book& book, const RejudgeOptions& options) {
  const auto fails = [](std::string why) { return tl::unexpected(std::move(why)); };
  Submission made;
  for (const auto& [name, most] :
       {std::pair{"results.json", oci::kLargestResult}, std::pair{"recording.jsonl", http::kLargestRecording},
        std::pair{"report.html", kLargestReport}, std::pair{"junit.xml", kLargestReport}}) {
    auto text = read_file(order.folder + "/" + name, most);
    if (!text) return fails(text.error());
    made.files.emplace(name, std::move(*text));
  }
  // What costs nothing is refused first.
  const auto head = http::Recording::read_head(order.folder + "/recording.jsonl");
  if (!head) return fails(head.error());
  const auto known = conformance::read_recorded_run(*head);
  if (!known) return fails(known.error());
  if (auto why = why_not_by(build, *known); !why.empty()) return fails(std::move(why));

  auto rejudged = rejudge(order.folder, book, options);
  if (!rejudged) return fails(rejudged.error());
  if (!rejudged->differences.empty()) {
    return fails(fmt::format("results.json does not follow from the recording: {}{}", rejudged->differences.front(),
                             rejudged->differences.size() > 1
                                 ? fmt::format(" (and {} more; see `referee replay`)", rejudged->differences.size() - 1)
                                 : ""));
  }
  auto claimed = claims(order.profiles, rejudged->run, book.catalogue);
  if (!claimed) return fails(claimed.error());
  made.claims = std::move(*claimed);
  made.not_claimed = not_claimed(rejudged->run, made.claims, book.catalogue);
  const Terms terms{signing::format_time(order.now), signing::format_time(order.now + std::chrono::days(order.days))};
  made.files.merge(submission_texts(*rejudged, made.claims, book.catalogue, order.product, terms));
  made.image = submission_image(made.files);

  std::vector<std::pair<std::string, std::string>> subjects;
  for (const auto& [name, bytes] : made.files) subjects.emplace_back(name, oci::Digest::of(bytes).str());
  subjects.emplace_back("submission", made.image.digest().str());
  const auto statement =
      statement_value(subjects, predicate_value(rejudged->recorded, rejudged->run, made.claims, book.catalogue, terms))
          .dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
  made.files[std::string(kBundleFile)] = signing::bundle_json(key, signing::kInTotoType, statement) + '\n';
  made.run = std::move(rejudged->run);
  return made;
}

}  // namespace referee::certificate
