#include "judgement.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <tuple>

#include "json_text.hpp"
#include "validity.hpp"

namespace referee::signing {
namespace {

using Rejected = tl::unexpected<std::string>;
using Signer = std::pair<std::string, std::string>;

bool fits(const Policy& policy, const Candidate& candidate) {
  const auto wanted = [&](const auto& annotation) {
    const auto found = candidate.annotations.find(annotation.first);
    return found != candidate.annotations.end() && found->second == annotation.second;
  };
  return std::ranges::find(policy.artifact_types, candidate.artifact_type) != policy.artifact_types.end() &&
         std::ranges::all_of(policy.annotations, wanted);
}

/// The id of the key that made the claim about the subject.
tl::expected<std::string, std::string> signer_of(const Policy& policy, const oci::Digest& subject, const Claim& claim,
                                                 std::size_t& checked) {
  std::string reason = "no key of the policy made it";
  for (const auto& key : policy.keys) {
    if (!claim.names(subject)) return Rejected(check_claim(claim, subject, key).error());
    ++checked;
    const auto made = check_claim(claim, subject, key);
    if (made) return key.id();
    if (policy.keys.size() == 1) reason = made.error();
  }
  return Rejected(reason);
}

tl::expected<Signer, std::string> signer(const Policy& policy, const oci::Digest& subject, Time now,
                                         const Candidate& candidate, const std::string& payload, std::size_t& checked) {
  const auto claim = read_claim(candidate.artifact_type, candidate.annotations, payload);
  if (!claim) return Rejected(claim.error());
  if (std::ranges::find(policy.statement_types, claim->statement_type) == policy.statement_types.end()) {
    return Rejected("it states something else: " + printable_text(claim->statement_type));
  }
  auto key = signer_of(policy, subject, *claim, checked);
  if (!key) return Rejected(key.error());
  if (auto timely = check_times(policy, candidate.annotations, *claim, now); !timely) return Rejected(timely.error());
  // Anyone can turn an ECDSA signature into another good one of the same bytes: bytes of signatures prove nothing.
  auto document = policy.distinct == Distinct::kKeys ? std::string() : oci::Digest::of(claim->message).str();
  return Signer(std::move(*key), std::move(document));
}

tl::expected<std::string, std::string> fetch(const Candidate& candidate) {
  if (!candidate.fetch) return Rejected("it cannot be fetched");
  try {
    return candidate.fetch();
  } catch (const std::exception& error) {
    return Rejected(error.what());
  }
}

}  // namespace

std::string printable_digest(const std::string& digest) {
  return oci::Digest::parse(digest) ? digest : printable_text(digest);
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

tl::expected<void, std::string> check_size(const Candidate& candidate) {
  if (candidate.size >= 0 && std::cmp_less_equal(candidate.size, kLargestPayload)) return {};
  return Rejected(fmt::format("its size is {}, where at most {} bytes are read", candidate.size, kLargestPayload));
}

tl::expected<std::string, std::string> checked_payload(tl::expected<std::string, std::string> payload) {
  if (!payload) return Rejected("it cannot be fetched: " + printable_text(payload.error()));
  if (payload->size() <= kLargestPayload) return payload;
  return Rejected(fmt::format("{} bytes came, where at most {} are read", payload->size(), kLargestPayload));
}

Examined examine(const Policy& policy, const oci::Digest& subject, Time now, const Candidate& candidate,
                 const tl::expected<std::string, std::string>& payload) {
  Examined examined;
  if (!payload) {
    examined.signer = Rejected(payload.error());
    return examined;
  }
  try {
    examined.signer = signer(policy, subject, now, candidate, *payload, examined.checked);
  } catch (const std::exception& error) {
    examined.signer = Rejected(std::string("it cannot be checked: ") + error.what());
  }
  return examined;
}

std::size_t Judgement::needed() const {
  const auto more = enough() ? 0 : policy_.signatures - decision_.verified;
  return exhausted() ? 0 : std::min(more, policy_.most_examined - examined_);
}

tl::expected<std::string, std::string> Judgement::payload_of(const Candidate& candidate, bool& fetched) {
  if (last_ && has(candidate)) return last_->bytes();
  if (auto fine = check_size(candidate); !fine) return Rejected(fine.error());
  fetched = true;
  auto payload = checked_payload(fetch(candidate));
  if (payload) keep(candidate, *payload);
  return payload;
}

void Judgement::keep(const Candidate& candidate, const std::string& payload) {
  const auto digest = oci::Digest::parse(candidate.digest);
  if (!digest) return;
  oci::Content content("", payload, digest->algorithm());
  if (content.digest() == *digest) last_ = std::move(content);
}

void Judgement::consider(const Candidate& candidate) {
  bool fetched = false;
  const auto payload = payload_of(candidate, fetched);
  auto examined = examine(policy_, subject_, now_, candidate, payload);
  count(candidate, fetched, std::move(examined));
}

void Judgement::count(const Candidate& candidate, bool fetched, Examined examined) {
  ++examined_;
  if (fetched) ++decision_.fetched;
  decision_.checked += examined.checked;
  auto done = count(candidate, examined);
  if (done || decision_.rejected.size() >= kMostRejections) return;
  decision_.rejected.push_back({printable_digest(candidate.digest), std::move(done.error())});
}

tl::expected<void, std::string> Judgement::count(const Candidate& candidate, Examined& examined) {
  if (!examined.signer) return Rejected(std::move(examined.signer.error()));
  auto key = examined.signer->first;
  if (!seen_.insert(std::move(*examined.signer)).second) return Rejected("it says nothing that was not counted before");
  ++decision_.verified;
  decision_.counted.push_back(printable_digest(candidate.digest));
  decision_.signers.push_back(std::move(key));
  return {};
}

Decision Judgement::finish(std::size_t matching, bool gave_up) {
  decision_.matching = matching;
  decision_.allowed = enough();
  decision_.reason = reason(gave_up);
  return std::move(decision_);
}

std::string Judgement::reason(bool gave_up) const {
  auto found = fmt::format("{} of {} signatures", decision_.verified, policy_.signatures);
  if (decision_.allowed) return fmt::format("{} of {}", found, subject_.str());
  if (decision_.matching == 0) return found + ": nothing of the types and annotations of the policy is attached";
  if (gave_up) return fmt::format("{}: gave up after {} candidates", found, examined_);
  if (decision_.rejected.empty()) return found;
  return fmt::format("{}; first of those that do not count: {}: {}", found, decision_.rejected.front().digest,
                     decision_.rejected.front().reason);
}

}  // namespace referee::signing
