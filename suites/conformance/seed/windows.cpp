#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <deque>
#include <semaphore>
#include <thread>

#include "conformance/registration.hpp"
#include "conformance/seed/common.hpp"
#include "referee/http/lane.hpp"

/// What is lost between reading a list and writing it, by how long that takes.
namespace referee::suites::seed {

using namespace referee::conformance;  // NOLINT(google-build-using-namespace): questions read as sentences

namespace {

constexpr std::size_t kMostWriters = 16;
constexpr int kApart = 20;  ///< milliseconds from one writer's start to the next one's
/// From reading to writing, milliseconds. The clock is ours: nobody sleeps, and the same are lost in every run.
constexpr std::array<int, 3> kWindows{0, 50, 500};

/// One writer, who goes on only when it is told to, and stops once: between its read and its write.
class Writer {
 public:
  Writer(std::size_t number, std::function<bool()> attach)
      : thread_([this, number, attach = std::move(attach)] {
          const http::Lane lane(number);
          go_.acquire();
          told_ = attach();
          done_ = true;
          back_.release();
        }) {}
  /// Called by the writer's own thread.
  void window() {
    if (stopped_) return;
    stopped_ = true;
    back_.release();
    go_.acquire();
  }
  /// Until it stops or has come to its end.
  void go_on() {
    if (done_) return;
    go_.release();
    back_.acquire();
  }
  /// Once it has come to its end: whether it believes that it attached.
  [[nodiscard]] bool told() const { return told_; }

 private:
  // What is handed over with the semaphores needs no other guard.
  std::binary_semaphore go_{0};
  std::binary_semaphore back_{0};
  bool stopped_ = false;
  bool done_ = false;
  bool told_ = false;
  std::jthread thread_;
};

/// How many of them are not found in the end though their writers believe so.
std::size_t lost_with(Arena& arena, int window, std::size_t count) {
  const auto& home = arena.home();
  const auto image = arena.publish(home, fmt::format("window-{}", window));
  const auto given = arena.attachments(count);
  std::deque<Writer> writers;
  std::deque<std::function<void()>> hooks;
  std::deque<Session> sessions;
  for (std::size_t index = 0; index < count; ++index) {
    hooks.emplace_back([&writers, index] { writers[index].window(); });
    sessions.push_back(arena.session(home, {.conditions = false, .window = &hooks.back()}));
  }
  for (std::size_t index = 0; index < count; ++index) {
    writers.emplace_back(index + 1, [&, index] {
      auto subject = image.subject;
      return sessions[index].proposal->attach(subject, std::span(given).subspan(index, 1)).has_value();
    });
  }
  struct Event {
    int time;
    std::size_t writer;
  };
  std::vector<Event> events;
  for (std::size_t index = 0; index < count; ++index) {
    const int start = static_cast<int>(index) * kApart;
    events.push_back({start, index});
    events.push_back({start + window, index});
  }
  std::ranges::stable_sort(events, {}, &Event::time);
  for (const auto& event : events) writers[event.writer].go_on();

  auto reader = arena.session();
  const auto seen = fetched(reader, discover(reader, pulled(home, image.subject)).entries);
  std::size_t lost = 0;
  for (std::size_t index = 0; index < count; ++index) {
    EXPECT_TRUE(writers[index].told()) << "writer " << index + 1 << " was refused";
    if (!seen.contains(given[index].payload.digest().str())) ++lost;
  }
  return lost;
}

void window_loses(Arena& arena) {
  const auto count = std::min(arena.scale().writers, kMostWriters);
  std::vector<std::size_t> lost;
  for (const int window : kWindows) {
    lost.push_back(lost_with(arena, window, count));
    note(arena, fmt::format("lost with {} ms", window), fmt::format("{} of {}", lost.back(), count));
  }
  EXPECT_TRUE(std::ranges::is_sorted(lost)) << "a shorter window loses no more than a longer one";
  EXPECT_LT(lost.front(), lost.back()) << "attachments lost with the shortest window, and with the longest";
}

}  // namespace

void register_windows(Catalogue& catalogue) {
  ask(catalogue,
      {.id = "race-window",
       .requirement = "S.race.window",
       .title = "The shorter the time between reading and writing, the fewer attachments are lost",
       .how = "Up to sixteen clients attach one each without conditional requests, one every 20 ms of a clock that the "
              "check drives, each 0, 50 or 500 ms after it has read what they share.",
       .body = window_loses,
       .kills = moving_tags});
}

}  // namespace referee::suites::seed
