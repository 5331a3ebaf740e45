#pragma once

#include "referrers_api.hpp"

namespace referee::proposals {

/// OCI 1.1 on a registry with the referrers API.
class OciApi : public ReferrersApi {
 public:
  OciApi(Wire& wire, Settings settings) : ReferrersApi(wire, settings, "subject") {}
};

}  // namespace referee::proposals
