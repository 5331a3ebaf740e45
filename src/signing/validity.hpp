#pragma once

#include "referee/signing/policy.hpp"
#include "referee/signing/signature.hpp"
#include "referee/signing/time.hpp"

namespace referee::signing {

/// Whether the times that the policy asks for are there and fit `now`; otherwise one line. Call it for a claim whose
/// signature is good: before that its document says nothing.
tl::expected<void, std::string> check_times(const Policy& policy, const oci::Annotations& annotations,
                                            const Claim& claim, Time now);

}  // namespace referee::signing
