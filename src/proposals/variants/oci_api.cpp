#include "oci_api.hpp"

#include "registration.hpp"

namespace referee::proposals {

Variant variant_oci_api() {
  return {"oci-1.1/api",     "1.1", "oci-1.1", true, false, opens<OciApi>(), {Trail::Kind::kField, "subject", ""},
          "oci-1.1/fallback"};
}

}  // namespace referee::proposals
