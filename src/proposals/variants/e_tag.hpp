#pragma once

#include "tag_list.hpp"

namespace referee::proposals {

/// Proposal E on an older registry: `refers`, and a list under a tag.
class ETag : public TagList {
 public:
  ETag(Wire& wire, Settings settings) : TagList(wire, settings, "refers") {}
};

}  // namespace referee::proposals
