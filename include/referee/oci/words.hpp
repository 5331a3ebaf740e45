#pragma once

#include <concepts>
#include <string>
#include <string_view>
#include <vector>

/// Words of sentences that people read, for every room.
namespace referee::oci {

namespace words {
std::string counted(const std::string& count, bool single, std::string_view one, std::string_view many);
}

/// "1 check", "2 checks"; `many` where the plural is another than with an s.
template <std::integral Count>
std::string counted(Count count, std::string_view one, std::string_view many = "") {
  return words::counted(std::to_string(count), count == 1, one, many);
}

/// The candidate with the smallest edit distance; empty if none is within a third of its length.
std::string nearest(std::string_view wanted, const std::vector<std::string>& candidates);
/// "; did you mean `PREFIXname`?" with the nearest of the candidates; empty if none is near.
std::string did_you_mean(std::string_view wanted, const std::vector<std::string>& candidates,
                         std::string_view prefix = "");

}  // namespace referee::oci
