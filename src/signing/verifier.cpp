#include "referee/signing/verifier.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "json_text.hpp"
#include "referee/oci/content.hpp"
#include "validity.hpp"

namespace referee::signing {
namespace {

using Rejected = tl::unexpected<std::string>;

bool fits(const Policy& policy, const Candidate& candidate) {
  const auto wanted = [&](const auto& annotation) {
    const auto found = candidate.annotations.find(annotation.first);
    return found != candidate.annotations.end() && found->second == annotation.second;
  };
  return std::ranges::find(policy.artifact_types, candidate.artifact_type) != policy.artifact_types.end() &&
         std::ranges::all_of(policy.annotations, wanted);
}

std::vector<const Candidate*> in_order(const Policy& policy, std::span<const Candidate> candidates) {
  std::vector<const Candidate*> matching;
  for (const auto& candidate : candidates) {
    if (fits(policy, candidate)) matching.push_back(&candidate);
  }
  std::ranges::stable_sort(matching, {}, [](const Candidate* candidate) {
    return std::tie(candidate->digest, candidate->artifact_type, candidate->annotations, candidate->size);
  });
  return matching;
}

/// One decision on its way.
class Judgement {
 public:
  Judgement(const Policy& policy, const oci::Digest& subject, Time now)
      : policy_(policy), subject_(subject), now_(now) {}

  [[nodiscard]] bool enough() const { return decision_.verified >= policy_.signatures; }
  [[nodiscard]] bool exhausted() const { return examined_ >= policy_.most_examined; }

  void consider(const Candidate& candidate) {
    ++examined_;
    auto done = count(candidate);
    if (done || decision_.rejected.size() >= kMostRejections) return;
    decision_.rejected.push_back({printable_digest(candidate.digest), std::move(done.error())});
  }

  Decision finish(std::size_t matching, bool gave_up) {
    decision_.matching = matching;
    decision_.allowed = enough();
    decision_.reason = reason(gave_up);
    return std::move(decision_);
  }

 private:
  static std::string printable_digest(const std::string& digest) {
    return oci::Digest::parse(digest) ? digest : printable_text(digest);
  }

  tl::expected<void, std::string> count(const Candidate& candidate) {
    const auto payload = payload_of(candidate);
    if (!payload) return Rejected(payload.error());
    const auto claim = read_claim(candidate.artifact_type, candidate.annotations, *payload);
    if (!claim) return Rejected(claim.error());
    if (std::ranges::find(policy_.statement_types, claim->statement_type) == policy_.statement_types.end()) {
      return Rejected("it states something else: " + printable_text(claim->statement_type));
    }
    const auto signer = signer_of(*claim);
    if (!signer) return Rejected(signer.error());
    if (auto timely = check_times(policy_, candidate.annotations, *claim, now_); !timely) return timely;
    // Anyone can turn an ECDSA signature into another good one of the same bytes: bytes of signatures prove nothing.
    const auto document = policy_.distinct == Distinct::kKeys ? std::string() : oci::Digest::of(claim->message).str();
    if (!seen_.emplace(*signer, document).second) return Rejected("it says nothing that was not counted before");
    ++decision_.verified;
    decision_.counted.push_back(printable_digest(candidate.digest));
    decision_.signers.push_back(*signer);
    return {};
  }

  tl::expected<std::string, std::string> payload_of(const Candidate& candidate) {
    if (last_ && last_->digest().str() == candidate.digest) return last_->bytes();
    if (candidate.size < 0 || std::cmp_greater(candidate.size, kLargestPayload)) {
      return Rejected(fmt::format("its size is {}, where at most {} bytes are read", candidate.size, kLargestPayload));
    }
    ++decision_.fetched;
    auto payload = fetch(candidate);
    if (!payload) return payload;
    if (payload->size() > kLargestPayload) {
      return Rejected(fmt::format("{} bytes came, where at most {} are read", payload->size(), kLargestPayload));
    }
    if (const auto digest = oci::Digest::parse(candidate.digest)) {
      oci::Content content("", *payload, digest->algorithm());
      if (content.digest() == *digest) last_ = std::move(content);
    }
    return payload;
  }

  static tl::expected<std::string, std::string> fetch(const Candidate& candidate) {
    if (!candidate.fetch) return Rejected("it cannot be fetched");
    try {
      auto payload = candidate.fetch();
      if (!payload) return Rejected("it cannot be fetched: " + printable_text(payload.error()));
      return payload;
    } catch (const std::exception& error) {
      return Rejected("it cannot be fetched: " + printable_text(error.what()));
    }
  }

  /// The id of the key that made the claim about the subject.
  tl::expected<std::string, std::string> signer_of(const Claim& claim) {
    std::string reason = "no key of the policy made it";
    for (const auto& key : policy_.keys) {
      if (!claim.names(subject_)) return Rejected(check_claim(claim, subject_, key).error());
      ++decision_.checked;
      const auto checked = check_claim(claim, subject_, key);
      if (checked) return key.id();
      if (policy_.keys.size() == 1) reason = checked.error();
    }
    return Rejected(reason);
  }

  [[nodiscard]] std::string reason(bool gave_up) const {
    auto found = fmt::format("{} of {} signatures", decision_.verified, policy_.signatures);
    if (decision_.allowed) return fmt::format("{} of {}", found, subject_.str());
    if (decision_.matching == 0) return found + ": nothing of the types and annotations of the policy is attached";
    if (gave_up) return fmt::format("{}: gave up after {} candidates", found, examined_);
    if (decision_.rejected.empty()) return found;
    return fmt::format("{}; first of those that do not count: {}: {}", found, decision_.rejected.front().digest,
                       decision_.rejected.front().reason);
  }

  const Policy& policy_;
  const oci::Digest& subject_;
  Time now_;
  Decision decision_;
  std::size_t examined_ = 0;
  std::optional<oci::Content> last_;  ///< whose digest was the candidate's: those with the same digest come next
  std::set<std::pair<std::string, std::string>> seen_;  ///< key, and document where that counts
};

}  // namespace

Decision decide(const Policy& policy, const oci::Digest& subject, std::span<const Candidate> candidates, Time now) {
  const auto ordered = in_order(policy, candidates);
  Judgement judgement(policy, subject, now);
  bool gave_up = false;
  for (const auto* candidate : ordered) {
    if (judgement.enough()) break;
    gave_up = judgement.exhausted();
    if (gave_up) break;
    judgement.consider(*candidate);
  }
  return judgement.finish(ordered.size(), gave_up);
}

}  // namespace referee::signing
