#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "grounds.hpp"
#include "referee/signing/pool.hpp"
#include "referee/signing/verifier.hpp"

/// Signatures to measure with, and the verification that is measured.
namespace referee::suites::benchmarks {

/// How many of the signatures of an image its policy asks for.
enum class Wanted : std::uint8_t {
  kAll,   ///< every one counts, and as many are needed
  kOne,   ///< one of them, told by an annotation
  kNone,  ///< none has the annotation that is asked for: the answer is no
};
std::string_view name(Wanted wanted);  ///< `all`, `one`, `none`

/// The annotation with the number of a signature.
inline constexpr std::string_view kNumber = "dev.referee.number";
/// `count` bundles (ECDSA P-256) over the digest, each a document of its own, made by a key that follows from the seed:
/// attachments from number `first` on. The same arguments give the same bytes. Signing takes 60 us each.
std::vector<proposals::Attachment> signatures(std::uint64_t seed, std::string_view digest, std::size_t count,
                                              std::size_t first = 0);
/// What this program keeps of a key that it has used often: all of it, from the first measurement on, or nothing yet.
enum class Key : std::uint8_t { kUsedBefore, kFresh };
/// The policy for `count` of them. With kOne the one in the middle is asked for.
signing::Policy policy_for(std::uint64_t seed, Wanted wanted, std::size_t count, Key key = Key::kUsedBefore);
/// How many of `count` have to be fetched and count.
std::size_t wanted_count(Wanted wanted, std::size_t count);

struct Verified {
  signing::Decision decision;
  proposals::Cost cost;   ///< of discovery and payloads
  double seconds = 0;     ///< from the first request to the decision
  std::size_t found = 0;  ///< what the discovery listed
};

/// What a client does that pulls only what is signed: discovers, fetches what the policy asks for, checks. `parallel`
/// requests are in flight at most. The subject's `root` is what the pull of the image gave (not counted here).
proposals::Outcome<Verified> verify(Client& client, const proposals::Subject& subject, const signing::Policy& policy,
                                    std::size_t parallel);

/// Whether the decision is the right one for the policy: nothing that is measured counts without it.
bool is_right(const Verified& verified, Wanted wanted, std::size_t count);

}  // namespace referee::suites::benchmarks
