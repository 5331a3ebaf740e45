#include "e_tag.hpp"

#include "registration.hpp"

namespace referee::proposals {

Variant variant_e_tag() {
  return {"E/tag", "E", "oci-1.0", true, false, opens<ETag>(), {Trail::Kind::kListTag, "", ""}};
}

}  // namespace referee::proposals
