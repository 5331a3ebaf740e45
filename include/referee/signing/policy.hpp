#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "referee/oci/descriptor.hpp"
#include "referee/signing/key.hpp"

namespace referee::signing {

/// Where a time (RFC 3339) stands. Exactly one of the two is set.
struct TimeSource {
  std::string annotation;  ///< of the candidate: nobody signed it, so whoever can write to the registry can change it
  std::string pointer;     ///< a JSON pointer (RFC 6901) through objects of the signed document: `/predicate/created`
};

/// A signature older than `seconds` does not count, nor one that is dated more than kClockSkew ahead.
struct MaximalAge {
  std::chrono::seconds seconds{0};
  TimeSource created;
};

/// What differs between two signatures for both to count.
enum class Distinct : std::uint8_t {
  kKeys,       ///< the keys: two good signatures of one key count once
  kDocuments,  ///< key or signed document: the same document signed again by the same key counts once
};

inline constexpr std::chrono::seconds kClockSkew{300};

/// Which signatures an image needs. Read from a JSON file that reports/schemas/policy.schema.json describes.
struct Policy {
  std::vector<PublicKey> keys;              ///< at least one; each a different one
  std::vector<std::string> artifact_types;  ///< by default bundles and cosign's simple signing
  std::vector<std::string>
      statement_types;           ///< predicateType or critical.type; by default those of cosign's signatures
  oci::Annotations annotations;  ///< each must be there with this value
  std::size_t signatures = 1;    ///< how many are needed
  Distinct distinct = Distinct::kKeys;
  std::size_t most_examined = 10'000;  ///< gives up after so many candidates of fitting type and annotations
  std::optional<MaximalAge> maximal_age;
  std::optional<TimeSource> expires;  ///< must lie in the future
};

/// Reads a policy of at most 1 MiB. Fails with one line that names the field; what is unknown is refused, since a
/// requirement that is passed over is a hole.
tl::expected<Policy, std::string> parse_policy(std::string_view json);

}  // namespace referee::signing
