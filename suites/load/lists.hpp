#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace referee::suites::load {

/// The digests that a referrers list names, sorted; empty if it is none.
std::vector<std::string> digests_in(std::string_view list);
/// The tags of a tag list, sorted; empty if it is none.
std::vector<std::string> tags_in(std::string_view list);

/// Takes the same bytes again, or the same set in another order.
std::function<bool(std::string_view)> same_list(std::string seen,
                                                std::vector<std::string> (*entries)(std::string_view list));

}  // namespace referee::suites::load
