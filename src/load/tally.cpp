#include "referee/load/tally.hpp"

#include <numeric>

namespace referee::load {

std::string_view name(Cause cause) {
  switch (cause) {
    case Cause::kConnect:
      return "connect";
    case Cause::kTimeout:
      return "timeout";
    case Cause::kClosed:
      return "closed";
    case Cause::kTruncated:
      return "truncated";
    case Cause::kMalformed:
      return "malformed";
    case Cause::kTooLarge:
      return "too-large";
    case Cause::kStatus:
      return "status";
    case Cause::kBody:
      return "body";
    case Cause::kUnsent:
      break;
  }
  return "unsent";
}

std::uint64_t Tally::wrong() const {
  return std::accumulate(errors.begin(), errors.end(), std::uint64_t{0});
}

void Tally::merge(const Tally& other) {
  planned += other.planned;
  right += other.right;
  finished += other.finished;
  for (std::size_t cause = 0; cause < kCauses; ++cause) errors.at(cause) += other.errors.at(cause);
  for (const auto& [status, count] : other.statuses) statuses[status] += count;
  requests += other.requests;
  bytes_received += other.bytes_received;
  bytes_sent += other.bytes_sent;
  corrected.merge(other.corrected);
  uncorrected.merge(other.uncorrected);
}

}  // namespace referee::load
