#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "conformance/seed/common.hpp"
#include "referee/signing/bundle.hpp"
#include "referee/signing/verifier.hpp"

/// Signatures that a policy can tell apart: the owner's and everybody else's.
namespace referee::suites::seed {

/// When all of them are made and looked at, unless a question says otherwise.
inline constexpr auto kNow = signing::Time{std::chrono::sys_days{std::chrono::year{2026} / 1 / 10}};

signing::PrivateKey key_of(std::string_view whose);

/// One signature by the owner's key.
signing::Policy owner_policy();

/// An attachment of the signatures' type with any payload.
proposals::Attachment bundle(std::string payload);
/// Somebody's signature of a digest.
proposals::Attachment signature(std::string_view whose, const oci::Digest& subject, std::string predicate = "{}");

/// An entry as a policy looks at it; `fetch` gives its payload.
signing::Candidate candidate(const proposals::Entry& entry, std::function<proposals::Outcome<std::string>()> fetch);

oci::Digest parsed_digest(const oci::Descriptor& descriptor);

}  // namespace referee::suites::seed
