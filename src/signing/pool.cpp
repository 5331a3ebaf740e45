#include "referee/signing/pool.hpp"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <thread>

#include "referee/signing/signature.hpp"

namespace referee::signing {
namespace {

VerifierPool::Result run_job(const VerifyJob& job) {
  try {
    const auto claim = read_claim(job.artifact_type, job.annotations, job.payload);
    if (!claim) return tl::unexpected(claim.error());
    return check_claim(*claim, job.subject, job.key);
  } catch (const std::exception& error) {
    return tl::unexpected(std::string("it cannot be checked: ") + error.what());
  }
}

}  // namespace

struct VerifierPool::State {
  explicit State(std::size_t most) : most_waiting(std::max<std::size_t>(most, 1)) {}
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    {
      const std::lock_guard lock(mutex);
      stopping = true;
    }
    filled.notify_all();
  }

  void work() {
    std::unique_lock lock(mutex);
    for (;;) {
      filled.wait(lock, [&] { return stopping || !waiting.empty(); });
      if (waiting.empty()) return;
      const auto task = std::move(waiting.front());
      waiting.pop_front();
      // Whoever fills it sleeps until there is room for many: to be woken for each would cost as much as a check.
      const bool room = waiting.size() == most_waiting / 2;
      lock.unlock();
      if (room) drained.notify_all();
      task();
      lock.lock();
    }
  }

  void add(std::function<void()> task) {
    std::unique_lock lock(mutex);
    if (waiting.size() >= most_waiting) {
      drained.wait(lock, [&] { return waiting.size() <= most_waiting / 2; });
    }
    waiting.push_back(std::move(task));
    lock.unlock();
    filled.notify_one();
  }

  std::mutex mutex;
  std::condition_variable filled;
  std::condition_variable drained;
  std::condition_variable finished;
  std::deque<std::function<void()>> waiting;
  const std::size_t most_waiting;
  bool stopping = false;
  std::vector<std::jthread> threads;  ///< last: joined before what they use goes
};

VerifierPool::VerifierPool(std::size_t threads, std::size_t queue) : state_(std::make_unique<State>(queue)) {
  for (std::size_t started = 0; started < std::max<std::size_t>(threads, 1); ++started) {
    state_->threads.emplace_back([state = state_.get()] { state->work(); });
  }
}

VerifierPool::~VerifierPool() = default;

std::vector<VerifierPool::Result> VerifierPool::verify(std::span<const VerifyJob> jobs) {
  std::vector<Result> results(jobs.size());
  std::size_t left = jobs.size();
  auto& state = *state_;
  for (std::size_t at = 0; at < jobs.size(); ++at) {
    state.add([&state, &left, job = &jobs[at], result = &results[at]] {
      *result = run_job(*job);
      const std::lock_guard lock(state.mutex);
      if (--left == 0) state.finished.notify_all();
    });
  }
  std::unique_lock lock(state.mutex);
  state.finished.wait(lock, [&] { return left == 0; });
  return results;
}

void VerifierPool::submit(std::function<void()> task) {
  state_->add(std::move(task));
}

}  // namespace referee::signing
