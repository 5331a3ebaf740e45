#pragma once

#include <vector>

#include "connection.hpp"

namespace referee::imitation {

/// The answer and what its Links lead to. The last may have any status, all before it are 200. Fails if a page leads
/// back to one that was read or to another host, if there are too many, and where no answer comes.
Done<std::vector<http::Response>> read_pages(Session& session, http::Result first);

/// Every tag of the repository, in the registry's order; none if the repository is absent.
Done<std::vector<std::string>> read_tags(Session& session);

}  // namespace referee::imitation
