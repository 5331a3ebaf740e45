#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "referee/oci/descriptor.hpp"
#include "referee/oci/digest.hpp"
#include "referee/signing/policy.hpp"
#include "referee/signing/pool.hpp"
#include "referee/signing/signature.hpp"
#include "referee/signing/time.hpp"

namespace referee::signing {

/// Something attached to an image, as a listing tells of it: untrusted.
struct Candidate {
  std::string artifact_type;  ///< of a layer in cosign's tag: its media type
  oci::Annotations annotations;
  std::string digest;     ///< of the manifest or the payload, whichever the listing has
  std::int64_t size = 0;  ///< of what `digest` names, in bytes
  /// Gives the payload, or one line that says why not. May throw. Called at most once in a decision.
  std::function<tl::expected<std::string, std::string>()> fetch;
};

struct Rejection {
  std::string digest;
  std::string reason;  ///< one line
};

/// An answer, and what it cost.
struct Decision {
  bool allowed = false;
  std::string reason;                ///< one line
  std::size_t matching = 0;          ///< candidates whose type and annotations fit
  std::size_t fetched = 0;           ///< payloads that were asked for
  std::size_t checked = 0;           ///< public-key operations
  std::size_t verified = 0;          ///< signatures that count
  std::vector<std::string> counted;  ///< digests of the candidates that count, in ascending order
  std::vector<std::string> signers;  ///< ids of their keys, in the same order
  std::vector<Rejection> rejected;   ///< of those that were looked at; the first kMostRejections
};

inline constexpr std::size_t kMostRejections = 100;

/// Whether the policy allows `subject`. Candidates are taken in ascending order of their digests (then of type,
/// annotations and size) until enough count, so that neither answer nor cost depends on the order of the list. No
/// candidate can stop another from counting, but for the policy's `most_examined`. A payload whose own digest is the
/// candidate's is fetched once for all candidates with that digest. `now` is the caller's clock.
Decision decide(const Policy& policy, const oci::Digest& subject, std::span<const Candidate> candidates, Time now);

/// Gives the payloads of many candidates at once: calls `arrived` for each position once, in any order and from any
/// thread, and returns when all have arrived. What does not arrive is taken for an error.
using Arrived = std::function<void(std::size_t at, tl::expected<std::string, std::string> payload)>;
using FetchMany = std::function<void(std::span<const Candidate* const> wanted, const Arrived& arrived)>;

/// The same answer at the same cost, sooner: what has to be looked at in any case is fetched together, at most
/// kMostTogether at a time, and checked on the pool while more arrives. Never asks for a payload that decide() would
/// not ask for. Candidate::fetch is used where several candidates have one digest.
Decision decide(const Policy& policy, const oci::Digest& subject, std::span<const Candidate> candidates, Time now,
                const FetchMany& fetch, VerifierPool& pool);
inline constexpr std::size_t kMostTogether = 4096;

}  // namespace referee::signing
