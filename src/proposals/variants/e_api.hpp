#pragma once

#include "referrers_api.hpp"

namespace referee::proposals {

/// Proposal E on a registry with its API: image manifests with `refers`.
class EApi : public ReferrersApi {
 public:
  EApi(Wire& wire, Settings settings) : ReferrersApi(wire, settings, "refers") {}
};

}  // namespace referee::proposals
