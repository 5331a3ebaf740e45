#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <set>

#include "operations.hpp"
#include "referrers.hpp"
#include "send.hpp"

namespace referee::imitation {
namespace {

constexpr std::size_t kMostCopied = 10'000;
/// After so many, whoever goes on for ever has shown it.
constexpr std::size_t kRunawayCopies = 500;
constexpr int kDeepestTree = 32;

/// The same to a reader of JSON, in other bytes.
oci::Content written_anew(const oci::Content& manifest) {
  const auto json = nlohmann::json::parse(manifest.bytes(), nullptr, false);
  return {manifest.media_type(), json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace)};
}

class Copier {
 public:
  Copier(Session& from, Session& to) : from_(from), to_(to) {}

  Done<void> run(const oci::Content& root, const Reference& target) {
    const auto tag = [&]() -> Done<void> { return target.by_digest() ? Done<void>() : send(root, target.reference); };
    if (auto done = copy_tree(root, 0); !done) return done;
    const bool early = from_.has(Defect::kCopyOrder);
    if (early) {
      if (auto done = tag(); !done) return done;
    }
    if (auto done = copy_referrers(); !done) return done;
    return early ? Done<void>() : tag();
  }

 private:
  Done<void> send(const oci::Content& manifest, const std::string& reference) {
    if (!from_.has(Defect::kCopyReserialise)) return send_manifest(to_, reference, manifest);
    const auto other = written_anew(manifest);
    return send_manifest(to_, oci::Digest::parse(reference) ? other.digest().str() : reference, other);
  }

  /// The manifest with all below it; what it needs is there before it.
  Done<void> copy_tree(const oci::Content& manifest, int depth) {
    const bool again = from_.has(Defect::kCopyLoop);
    if (!seen_.insert(manifest.digest().str()).second && !again) return {};
    if (copied_.size() >= (again ? kRunawayCopies : kMostCopied) || depth > kDeepestTree) {
      return tl::unexpected(
          fmt::format("it does not end: stopped after {} manifests, {} indexes in each other", copied_.size(), depth));
    }
    const auto document = read_document(manifest);
    if (!document) return tl::unexpected(document.error());
    for (const auto& blob : document->blobs) {
      const auto content = get_blob(from_, blob);
      if (!content) return tl::unexpected(content.error());
      if (auto sent = send_blob(to_, *content); !sent) return sent;
    }
    for (const auto& child : document->manifests) {
      const auto content = get_manifest(from_, child);
      if (!content) return tl::unexpected(content.error());
      if (auto done = copy_tree(*content, depth + 1); !done) return done;
    }
    copied_.push_back(manifest.digest().str());
    return send(manifest, manifest.digest().str());
  }

  /// Of everything that was copied, referrers too.
  Done<void> copy_referrers() {
    if (from_.has(Defect::kCopyNoReferrers)) return {};
    std::size_t at = 0;
    while (at < copied_.size()) {  // grows on the way
      const auto referrers = find_referrers(from_, copied_[at++], "");
      if (!referrers) return tl::unexpected(referrers.error());
      for (const auto& referrer : *referrers) {
        const auto content = get_manifest(from_, referrer);
        if (!content) return tl::unexpected(content.error());
        if (auto done = copy_tree(*content, 0); !done) return done;
      }
    }
    return {};
  }

  Session& from_;
  Session& to_;
  std::set<std::string> seen_;
  std::vector<std::string> copied_;
};

}  // namespace

Done<std::string> copy(const Imitation& imitation, const Order& order) {
  const auto source = parse_reference(order.reference);
  if (!source) return tl::unexpected(source.error());
  const auto target = parse_reference(order.target);
  if (!target) return tl::unexpected(target.error());
  Session from(imitation, order, *source);
  Session to(imitation, order, *target);
  const auto root = get_manifest(from, source->reference);
  if (!root) return tl::unexpected(root.error());
  if (const auto done = Copier(from, to).run(*root, *target); !done) return tl::unexpected(done.error());
  return root->digest().str() + "\n";
}

}  // namespace referee::imitation
