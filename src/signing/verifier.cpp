#include "referee/signing/verifier.hpp"

#include "judgement.hpp"

namespace referee::signing {

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
