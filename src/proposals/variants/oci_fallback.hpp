#pragma once

#include "tag_list.hpp"

namespace referee::proposals {

/// OCI 1.1 on an older registry: the referrers tag schema.
class OciFallback : public TagList {
 public:
  OciFallback(Wire& wire, Settings settings) : TagList(wire, settings, "subject") {}
};

}  // namespace referee::proposals
