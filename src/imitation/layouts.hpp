#pragma once

#include "connection.hpp"
#include "referee/proposals/proposal.hpp"

namespace referee::imitation {

/// How attachments are kept in this repository: what the order says, or OCI 1.1 with or without the API.
Done<const proposals::Variant*> variant_for(Session& session);

}  // namespace referee::imitation
