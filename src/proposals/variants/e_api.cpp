#include "e_api.hpp"

#include "registration.hpp"

namespace referee::proposals {

Variant variant_e_api() {
  return {"E/api", "E", "e", true, false, opens<EApi>(), {Trail::Kind::kField, "refers", ""}, "E/tag"};
}

}  // namespace referee::proposals
