// What is about an image that is not there may be about one that is elsewhere or has not come yet. So a record says
// which images were here.
#include <algorithm>
#include <set>

#include "digest_tags.hpp"
#include "files.hpp"
#include "operations.hpp"
#include "pages.hpp"
#include "referrers.hpp"
#include "send.hpp"

namespace referee::imitation {
namespace {

class Pruner {
 public:
  Pruner(Session& session, std::set<std::string> record) : session_(session), record_(std::move(record)) {}

  Done<std::string> run() {
    if (auto done = prune_referrers(); !done) return tl::unexpected(done.error());
    if (auto done = prune_tags(); !done) return tl::unexpected(done.error());
    return std::move(lines_);
  }

 private:
  Done<bool> is_gone(const std::string& digest) {
    const auto answer = session_.registry().head_manifest(session_.repository(), digest);
    if (!answer) return tl::unexpected(refusal(digest, answer));
    return answer->status == 404;
  }

  /// Whether what is about this digest is nobody's any more.
  Done<bool> is_dangling(const std::string& digest) {
    if (!session_.has(Defect::kGcTooEager) && !record_.contains(digest)) return false;
    return is_gone(digest);
  }

  Done<void> take(const std::string& reference) {
    const auto gone = remove_manifest(session_, reference);
    if (!gone) return tl::unexpected(gone.error());
    lines_ += (*gone ? "pruned " : "kept ") + reference + "\n";
    return {};
  }

  Done<void> prune_referrers() {
    for (const auto& digest : record_) {
      const auto gone = is_gone(digest);
      if (!gone) return tl::unexpected(gone.error());
      if (!*gone) continue;
      const auto referrers = find_referrers(session_, digest, "");
      if (!referrers) return tl::unexpected(referrers.error());
      for (const auto& referrer : *referrers) {
        if (auto taken = take(referrer.digest); !taken) return taken;
      }
    }
    return {};
  }

  Done<void> prune_tags() {
    auto tags = read_tags(session_);
    if (!tags) return tl::unexpected(tags.error());
    std::ranges::sort(*tags);
    for (const auto& tag : *tags) {
      const auto subject = subject_of(tag);
      const auto dangling = subject ? is_dangling(*subject) : Done<bool>(false);
      if (!dangling) return tl::unexpected(dangling.error());
      if (!*dangling) continue;
      if (auto taken = take(tag); !taken) return taken;
    }
    return {};
  }

  Session& session_;
  std::set<std::string> record_;
  std::string lines_;
};

}  // namespace

Done<std::string> prune(const Imitation& imitation, const Order& order) {
  const auto reference = parse_repository(order.reference);
  if (!reference) return tl::unexpected(reference.error());
  const auto lines = order.file.empty() ? Done<std::vector<std::string>>() : read_lines(order.file);
  if (!lines) return tl::unexpected(lines.error());
  for (const auto& line : *lines) {
    if (!oci::Digest::parse(line)) return tl::unexpected(order.file + ": a line is no digest");
  }
  Session session(imitation, order, *reference);
  return Pruner(session, {lines->begin(), lines->end()}).run();
}

}  // namespace referee::imitation
