#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "files.hpp"
#include "operations.hpp"
#include "referee/signing/verifier.hpp"
#include "referrers.hpp"

namespace referee::imitation {
namespace {

using signing::Candidate;
using signing::Decision;

Done<signing::Time> time_of(const std::string& text) {
  if (text.empty()) return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  const auto time = signing::parse_time(text);
  if (!time) return tl::unexpected(fmt::format("--now: '{}' is no time such as 2026-11-28T12:00:00Z", text));
  return *time;
}

class Verification {
 public:
  Verification(Session& session, signing::Policy policy, oci::Digest subject, signing::Time now)
      : session_(session), policy_(std::move(policy)), subject_(std::move(subject)), now_(now) {}

  Done<std::string> run(const std::vector<oci::Descriptor>& referrers) {
    std::vector<Candidate> candidates;
    for (const auto& referrer : referrers) {
      candidates.push_back({referrer.artifact_type, referrer.annotations, referrer.digest, referrer.size,
                            [this, referrer] { return payload_of(referrer); }});
    }
    if (session_.has(Defect::kVerifyAll)) {
      for (const auto& candidate : candidates) (void)candidate.fetch();
    }
    const auto decision = judge(candidates);
    if (!decision.allowed) return tl::unexpected("denied: " + decision.reason);
    auto text = fmt::format("allowed: {}\n", decision.reason);
    for (const auto& digest : decision.counted) text += fmt::format("counted {}\n", digest);
    return text + fmt::format("payloads fetched: {}\n", fetched_);
  }

 private:
  Done<std::string> payload_of(const oci::Descriptor& referrer) {
    ++fetched_;
    const auto manifest = get_manifest(session_, referrer);
    if (!manifest) return tl::unexpected(manifest.error());
    const auto document = read_document(*manifest);
    if (!document) return tl::unexpected(document.error());
    if (document->blobs.size() < 2) return tl::unexpected(std::string("it has no payload"));
    return get_blob(session_, document->blobs[1]).map([](const oci::Content& blob) { return blob.bytes(); });
  }

  [[nodiscard]] Decision judge(const std::vector<Candidate>& candidates) {
    if (session_.has(Defect::kSubjectNotChecked)) return judge_by_claims(candidates);
    auto decision = signing::decide(policy_, subject_, candidates, now_);
    if (session_.has(Defect::kAnySignaturePasses) && decision.matching > 0) decision.allowed = true;
    if (session_.has(Defect::kAnyBadSignatureFails) && decision.allowed) decision.allowed = all_count(candidates);
    return decision;
  }

  /// The defect: each is asked about the image that it names itself.
  [[nodiscard]] Decision judge_by_claims(const std::vector<Candidate>& candidates) const {
    Decision last;
    for (auto candidate : candidates) {
      if (std::ranges::find(policy_.artifact_types, candidate.artifact_type) == policy_.artifact_types.end()) continue;
      const auto payload = candidate.fetch();
      if (!payload) continue;
      candidate.fetch = [&payload] { return *payload; };
      const auto claim = signing::read_claim(candidate.artifact_type, candidate.annotations, *payload);
      const auto named = claim && !claim->subjects.empty() ? oci::Digest::parse(claim->subjects.front())
                                                           : oci::Digest::parse(subject_.str());
      if (!named) continue;
      last = signing::decide(policy_, *named, {&candidate, 1}, now_);
      if (last.allowed) return last;
    }
    return last;
  }

  /// The defect: of what the policy asks for, one that does not count is as bad as none.
  [[nodiscard]] bool all_count(const std::vector<Candidate>& candidates) const {
    auto one = policy_;
    one.signatures = 1;
    return std::ranges::all_of(candidates, [&](const Candidate& candidate) {
      const auto decision = signing::decide(one, subject_, {&candidate, 1}, now_);
      return decision.allowed || decision.matching == 0;
    });
  }

  Session& session_;
  signing::Policy policy_;
  oci::Digest subject_;
  signing::Time now_;
  std::size_t fetched_ = 0;
};

}  // namespace

Done<std::string> verify(const Imitation& imitation, const Order& order) {
  const auto reference = parse_reference(order.reference);
  if (!reference) return tl::unexpected(reference.error());
  const auto now = time_of(order.now);
  if (!now) return tl::unexpected(now.error());
  const auto text = read_file(order.file);
  if (!text) return tl::unexpected(text.error());
  auto policy = signing::parse_policy(*text);
  if (!policy) return tl::unexpected(policy.error());
  Session session(imitation, order, *reference);
  const auto image = get_manifest(session, reference->reference);
  if (!image) return tl::unexpected(image.error());
  const auto referrers = find_referrers(session, image->digest().str(), "");
  if (!referrers) return tl::unexpected(referrers.error());
  return Verification(session, std::move(*policy), image->digest(), *now).run(*referrers);
}

}  // namespace referee::imitation
