#include <algorithm>
#include <condition_variable>
#include <exception>
#include <mutex>

#include "judgement.hpp"

namespace referee::signing {
namespace {

/// Bytes of payloads that wait for a check, at most.
constexpr std::size_t kMostHeld = std::size_t{64} << 20U;

/// Some candidates that are fetched and checked together.
class Batch {
 public:
  Batch(const Policy& policy, const oci::Digest& subject, Time now, std::span<const Candidate* const> candidates,
        VerifierPool& pool)
      : policy_(policy),
        subject_(subject),
        now_(now),
        candidates_(candidates),
        pool_(pool),
        results_(candidates.size()),
        arrived_(candidates.size()) {
    for (auto& result : results_) result.signer = tl::unexpected(std::string("it cannot be fetched: nothing came"));
  }

  void run(const FetchMany& fetch) {
    try {
      fetch(candidates_, [this](std::size_t at, tl::expected<std::string, std::string> payload) {
        take(at, checked_payload(std::move(payload)));
      });
    } catch (const std::exception& error) {
      fail(error.what());
    }
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return waiting_ == 0; });
  }

  void count(Judgement& judgement) {
    for (std::size_t at = 0; at < candidates_.size(); ++at) {
      judgement.count(*candidates_[at], true, std::move(results_[at]));
    }
    if (last_) judgement.keep(*candidates_.back(), *last_);
  }

 private:
  /// For those that have not arrived.
  void fail(const std::string& why) {
    for (std::size_t at = 0; at < candidates_.size(); ++at) {
      if (!arrived_[at]) take(at, checked_payload(tl::unexpected(why)));
    }
  }

  void take(std::size_t at, tl::expected<std::string, std::string> payload) {
    const std::size_t bytes = payload ? payload->size() : 0;
    {
      std::unique_lock lock(mutex_);
      if (at >= arrived_.size() || arrived_[at]) return;
      arrived_[at] = true;
      changed_.wait(lock, [&] { return held_ == 0 || held_ + bytes <= kMostHeld; });
      held_ += bytes;
      ++waiting_;
      if (payload && at + 1 == candidates_.size()) last_ = *payload;
    }
    pool_.submit([this, at, bytes, payload = std::move(payload)] {
      auto examined = examine(policy_, subject_, now_, *candidates_[at], payload);
      const std::lock_guard lock(mutex_);
      results_[at] = std::move(examined);
      const bool full = held_ > kMostHeld / 2;
      held_ -= bytes;
      if (--waiting_ == 0 || full) changed_.notify_all();
    });
  }

  const Policy& policy_;
  const oci::Digest& subject_;
  Time now_;
  std::span<const Candidate* const> candidates_;
  VerifierPool& pool_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Examined> results_;
  std::vector<bool> arrived_;
  std::optional<std::string> last_;  ///< the last one's payload, for those with the same digest
  std::size_t held_ = 0;
  std::size_t waiting_ = 0;
};

/// How many from the first on can be fetched together: each of another digest, of a size that is read.
std::size_t together(std::span<const Candidate* const> ordered, std::size_t most) {
  std::size_t count = 0;
  while (count < std::min(most, ordered.size())) {
    if (!check_size(*ordered[count])) break;
    if (count > 0 && ordered[count]->digest == ordered[count - 1]->digest) break;
    ++count;
  }
  return count;
}

}  // namespace

Decision decide(const Policy& policy, const oci::Digest& subject, std::span<const Candidate> candidates, Time now,
                const FetchMany& fetch, VerifierPool& pool) {
  const auto ordered = in_order(policy, candidates);
  std::span<const Candidate* const> left(ordered);
  Judgement judgement(policy, subject, now);
  bool gave_up = false;
  while (!left.empty() && !judgement.enough()) {
    gave_up = judgement.exhausted();
    if (gave_up) break;
    const auto count = judgement.has(*left.front()) ? 0 : together(left, std::min(judgement.needed(), kMostTogether));
    if (count < 2) {
      judgement.consider(*left.front());
      left = left.subspan(1);
      continue;
    }
    Batch batch(policy, subject, now, left.first(count), pool);
    batch.run(fetch);
    batch.count(judgement);
    left = left.subspan(count);
  }
  return judgement.finish(ordered.size(), gave_up);
}

}  // namespace referee::signing
