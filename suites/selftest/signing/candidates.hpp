#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "policy_samples.hpp"
#include "referee/signing/bundle.hpp"
#include "referee/signing/simple_signing.hpp"
#include "referee/signing/verifier.hpp"

namespace referee::signing {

inline constexpr Time kNow{std::chrono::seconds(1'790'000'000)};  // 2026-09-21T14:13:20Z

/// The sample policy with these fields.
Policy policy_of(const nlohmann::json& fields);

/// A predicate that makes one statement differ from another.
std::string predicate(int number);

/// The same signature with n - s in place of s.
Signature twisted_copy(const Signature& signature);

/// A listing whose payloads can be fetched, and how often that was done.
class Offer {
 public:
  /// Listed under the digest of the payload; with a salt, under another digest, as a manifest's would be.
  Candidate& add(const Signature& signature, int salt = -1);
  [[nodiscard]] std::vector<Candidate>& candidates() { return candidates_; }
  [[nodiscard]] std::size_t fetches() const { return *fetches_; }
  [[nodiscard]] std::vector<std::string> sorted_digests() const;

 private:
  std::vector<Candidate> candidates_;
  std::shared_ptr<std::size_t> fetches_ = std::make_shared<std::size_t>(0);
};

}  // namespace referee::signing
