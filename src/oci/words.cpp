#include "referee/oci/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <numeric>

namespace referee::oci {
namespace {

/// Two neighbours that changed places count as one mistake.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    before.swap(last);
    last.swap(row);
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, replaced});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
  }
  return row[b.size()];
}

}  // namespace

std::string words::counted(const std::string& count, bool single, std::string_view one, std::string_view many) {
  if (single || !many.empty()) return fmt::format("{} {}", count, single ? one : many);
  return fmt::format("{} {}s", count, one);
}

std::string nearest(std::string_view wanted, const std::vector<std::string>& candidates) {
  std::string best;
  std::size_t best_distance = std::numeric_limits<std::size_t>::max();
  // An argument of absurd length must not cost absurd time.
  const std::string_view probe = wanted.substr(0, 200);
  for (const auto& candidate : candidates) {
    const std::size_t distance = edit_distance(probe, candidate);
    if (distance < best_distance) {
      best_distance = distance;
      best = candidate;
    }
  }
  // What is further away is another word, not a mistyped one.
  return best_distance * 3 <= std::max(probe.size(), best.size()) ? best : "";
}

std::string did_you_mean(std::string_view wanted, const std::vector<std::string>& candidates, std::string_view prefix) {
  const auto near = nearest(wanted, candidates);
  return near.empty() ? std::string() : fmt::format("; did you mean `{}{}`?", prefix, near);
}

}  // namespace referee::oci
