#include "registration.hpp"

#include <algorithm>

namespace referee::proposals {

const std::vector<Variant>& variants() {
#define VARIANT(name) variant_##name(),
  static const std::vector<Variant> kVariants{
#include "variants.def"
  };
#undef VARIANT
  return kVariants;
}

const Variant* find_variant(std::string_view id) {
  const auto found = std::ranges::find(variants(), id, &Variant::id);
  return found == variants().end() ? nullptr : &*found;
}

}  // namespace referee::proposals
