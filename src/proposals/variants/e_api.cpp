#include "e_api.hpp"

#include "registration.hpp"

namespace referee::proposals {

Variant variant_e_api() {
  return {"E/api", "E", "e", true, false, opens<EApi>(), "E/tag"};
}

}  // namespace referee::proposals
