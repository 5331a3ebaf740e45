#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace referee::cli {

// What options take beyond CLI11's own: it reads -1 and numbers of any size as some unsigned number. The functions that
// say `why_no_...` return one sentence, or nothing if the text is right.

/// Decimal digits, at most 2^64 - 1.
std::optional<std::uint64_t> read_number(std::string_view text);
std::string why_no_number(std::string_view text);

/// Bytes: a number, alone or with KiB, MiB, GiB or TiB (K, KB and so on mean the same), in either case.
std::optional<std::uint64_t> read_size(std::string_view text);
std::string why_no_size(std::string_view text);

/// What a repository name is made of, joined by slashes. A namespace leaves room for what checks append.
std::string why_no_repository(std::string_view text, std::size_t longest);

/// CLI11's own range lets nan through.
std::string why_not_between(std::string_view text, int low, int high);

}  // namespace referee::cli
