#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

/// How many requests an operation takes: fixtures/formulas.json.
namespace referee::suites::benchmarks {

/// `N`, `M`, `pages` ...: what the file says of them. Those that are not there count as 0; `1` is always 1.
using Symbols = std::map<std::string, std::uint64_t, std::less<>>;

/// nullopt if the variant has no row for it.
std::optional<std::uint64_t> requests_of(std::string_view variant, bool inlined, std::string_view operation,
                                         const Symbols& symbols);

/// The pages of a list of `count`, which took `listing` requests on this registry.
std::uint64_t pages_of(std::string_view variant, bool inlined, std::uint64_t count, std::uint64_t listing);

/// The requests of a verification of `wanted` out of `count`, where the list took `listing`; `annotated`: they are told
/// by an annotation.
std::uint64_t verification_requests(std::string_view variant, bool inlined, bool annotated, std::uint64_t count,
                                    std::uint64_t wanted, std::uint64_t listing);

}  // namespace referee::suites::benchmarks
