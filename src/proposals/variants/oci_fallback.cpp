#include "oci_fallback.hpp"

#include "registration.hpp"

namespace referee::proposals {

Variant variant_oci_fallback() {
  return {"oci-1.1/fallback", "1.1", "oci-1.0", true, false, opens<OciFallback>(), {Trail::Kind::kListTag, "", ""}};
}

}  // namespace referee::proposals
