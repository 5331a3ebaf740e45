#pragma once

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "referee/oci/content.hpp"
#include "referee/signing/verifier.hpp"

namespace referee::signing {

/// What a payload says for itself, whatever else is there.
struct Examined {
  /// The key that made it, and its document where that counts; or why it does not count.
  tl::expected<std::pair<std::string, std::string>, std::string> signer;
  std::size_t checked = 0;  ///< public-key operations
};
Examined examine(const Policy& policy, const oci::Digest& subject, Time now, const Candidate& candidate,
                 const tl::expected<std::string, std::string>& payload);

/// A digest as it is, or as text that can be printed.
std::string printable_digest(const std::string& digest);

/// The candidates that fit the policy, in the order in which they are looked at.
std::vector<const Candidate*> in_order(const Policy& policy, std::span<const Candidate> candidates);

/// Whether a candidate may be fetched at all; one line if not.
tl::expected<void, std::string> check_size(const Candidate& candidate);
/// The payload, or why it is none.
tl::expected<std::string, std::string> checked_payload(tl::expected<std::string, std::string> payload);

/// One decision on its way.
class Judgement {
 public:
  Judgement(const Policy& policy, const oci::Digest& subject, Time now)
      : policy_(policy), subject_(subject), now_(now) {}

  [[nodiscard]] bool enough() const { return decision_.verified >= policy_.signatures; }
  [[nodiscard]] bool exhausted() const { return examined_ >= policy_.most_examined; }
  /// How many more have to be looked at, if there are as many.
  [[nodiscard]] std::size_t needed() const;
  /// Whether its payload is at hand, since the candidate before it has the same digest.
  [[nodiscard]] bool has(const Candidate& candidate) const {
    return last_ && last_->digest().str() == candidate.digest;
  }

  /// Fetches, examines and counts.
  void consider(const Candidate& candidate);
  /// Counts what was examined elsewhere.
  void count(const Candidate& candidate, bool fetched, Examined examined);
  /// The payload of the candidate that was counted last.
  void keep(const Candidate& candidate, const std::string& payload);

  Decision finish(std::size_t matching, bool gave_up);

 private:
  tl::expected<std::string, std::string> payload_of(const Candidate& candidate, bool& fetched);
  tl::expected<void, std::string> count(const Candidate& candidate, Examined& examined);
  [[nodiscard]] std::string reason(bool gave_up) const;

  const Policy& policy_;
  const oci::Digest& subject_;
  Time now_;
  Decision decision_;
  std::size_t examined_ = 0;
  std::optional<oci::Content> last_;  ///< whose digest was the candidate's: those with the same digest come next
  std::set<std::pair<std::string, std::string>> seen_;  ///< key, and document where that counts
};

}  // namespace referee::signing
