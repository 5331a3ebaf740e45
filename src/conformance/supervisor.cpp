#include "supervisor.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <nlohmann/json.hpp>
#include <utility>

#include "text.hpp"

namespace referee::conformance {
namespace {

constexpr std::size_t kMaxLine = 64UL * 1024 * 1024;
constexpr int kMaxBarren = 3;
constexpr int kChannel = 3;
constexpr std::chrono::seconds kBetweenChecks{30};

std::string first_line(const std::string& text) {
  const auto begin = text.find_first_not_of("\r\n= ");
  if (begin == std::string::npos) return "";
  return ": " + printable(std::string_view(text).substr(begin, text.find('\n', begin) - begin), 200);
}

std::string how_it_ended(int status) {
  if (WIFSIGNALED(status)) return fmt::format("signal {}", WTERMSIG(status));
  return fmt::format("exit code {}", WEXITSTATUS(status));
}

}  // namespace

Supervisor::Supervisor(Options options, Shards shards, Report report)
    : options_(std::move(options)), shards_(std::move(shards)), report_(std::move(report)) {
  lanes_.resize(shards_.ids.size());
  for (std::size_t number = 0; number < lanes_.size(); ++number) {
    lanes_[number].number = number;
    lanes_[number].todo = shards_.ids[number];
  }
}

void Supervisor::start(Lane& lane) {
  auto pair = socket_pair();
  if (!pair) return give_up(lane, pair.error());
  auto& [ours, theirs] = *pair;
  Assignment assignment = options_.assignment;
  assignment.parent = ::getpid();
  assignment.descriptor = kChannel;
  assignment.known = lane.known;
  for (const auto& id : lane.todo) {
    const bool own = shards_.owner.at(id) == lane.number;
    assignment.checks.push_back({id, own ? "" : fmt::format("-w{}", lane.number + 1)});
  }
  lane.errors = memory_file();
  std::vector<std::pair<int, int>> descriptors{{theirs.get(), STDIN_FILENO}, {theirs.get(), kChannel}};
  if (lane.errors.valid()) descriptors.emplace_back(lane.errors.get(), STDERR_FILENO);
  auto child = ChildProcess::start(options_.executable, {"worker"}, descriptors);
  if (!child) return give_up(lane, child.error());
  lane.child.emplace(std::move(*child));
  lane.channel = std::move(ours);
  lane.output = write_assignment(assignment);
  lane.input.clear();
  lane.heard = Clock::now();
  send(lane);
}

void Supervisor::send(Lane& lane) {
  while (!lane.output.empty()) {
    const ssize_t sent =
        ::send(lane.channel.get(), lane.output.data(), lane.output.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;
    if (sent < 0) break;  // The worker is gone; receive() notices.
    lane.output.erase(0, static_cast<std::size_t>(sent));
  }
  lane.output.clear();
  ::shutdown(lane.channel.get(), SHUT_WR);
}

void Supervisor::receive(Lane& lane) {
  std::string buffer(65536, '\0');
  const ssize_t count = ::recv(lane.channel.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
  if (count < 0 && (errno == EINTR || errno == EAGAIN || errno == EWOULDBLOCK)) return;
  if (count <= 0) return ended(lane);
  lane.input.append(buffer, 0, static_cast<std::size_t>(count));
  std::size_t begin = 0;
  for (auto end = lane.input.find('\n'); end != std::string::npos; end = lane.input.find('\n', begin)) {
    take_line(lane, std::string_view(lane.input).substr(begin, end - begin));
    begin = end + 1;
  }
  lane.input.erase(0, begin);
  if (lane.input.size() > kMaxLine) {
    finish_running(lane, Outcome::kError, "the worker's report is too long");
    close(lane);
  }
}

void Supervisor::take_line(Lane& lane, std::string_view line) try {
  const auto json = nlohmann::json::parse(line);
  if (json.contains("start")) {
    lane.running = json.at("start").get<std::string>();
    lane.failures.clear();
    lane.heard = Clock::now();
    lane.started = std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
  } else if (json.contains("failure")) {
    lane.failures.push_back(json.at("failure").get<Failure>());
    // Its exchange never arrives if this is needed.
    lane.failures.back().exchange.reset();
  } else if (json.contains("skip")) {
    const std::string id = json.at("skip").get<std::string>();
    lane.known[id] = false;
    if (std::erase(lane.todo, id) != 0) report_.skipped(lane.number, id);
    lane.barren = 0;
  } else {
    report(lane, json.at("done").get<RawResult>());
  }
} catch (const nlohmann::json::exception&) {
  finish_running(lane, Outcome::kError, "the worker's report is not readable");
  close(lane);
}

void Supervisor::report(Lane& lane, RawResult result) {
  lane.running.reset();
  lane.failures.clear();
  lane.heard = Clock::now();
  lane.barren = 0;
  lane.known[result.id] = result.outcome == Outcome::kHeld;
  if (std::erase(lane.todo, result.id) != 0) report_.finished(lane.number, std::move(result));
}

void Supervisor::finish_running(Lane& lane, Outcome outcome, const std::string& reason) {
  if (!lane.running) return;
  RawResult result;
  result.id = *lane.running;
  result.failures = std::move(lane.failures);
  result.outcome = result.failures.empty() ? outcome : Outcome::kBroken;
  result.reason = reason;
  result.started = lane.started;
  result.seconds = std::chrono::duration<double>(Clock::now() - lane.heard).count();
  report(lane, std::move(result));
}

void Supervisor::give_up(Lane& lane, const std::string& reason) {
  while (!lane.todo.empty()) {
    RawResult result;
    result.id = lane.todo.front();
    result.outcome = Outcome::kError;
    result.reason = reason;
    report(lane, std::move(result));
  }
}

void Supervisor::close(Lane& lane) {
  lane.child.reset();
  lane.channel.reset();
  lane.output.clear();
  lane.input.clear();
  lane.running.reset();
}

/// The worker closed its end: it is finished, or it crashed.
void Supervisor::ended(Lane& lane) {
  if (!lane.child) return;
  const int status = lane.child->kill();
  const std::string why = how_it_ended(status) + first_line(read_tail(lane.errors, 4096));
  if (lane.running) {
    finish_running(lane, Outcome::kError, fmt::format("the harness crashed ({})", why));
  } else if (!lane.todo.empty() && ++lane.barren >= kMaxBarren) {
    give_up(lane, fmt::format("no worker process could be kept running ({})", why));
  }
  close(lane);
}

void Supervisor::hangs(Lane& lane) {
  const auto limit = std::chrono::duration<double>(options_.assignment.check_timeout).count();
  if (lane.running) {
    finish_running(lane, Outcome::kInconclusive, fmt::format("did not finish within {} s", limit));
  } else if (++lane.barren >= kMaxBarren) {
    give_up(lane, "a worker process hung between two checks");
  }
  close(lane);
}

std::chrono::milliseconds Supervisor::patience(const Lane& lane) const {
  const auto limit = options_.assignment.check_timeout + options_.grace;
  return lane.running ? limit : std::max<std::chrono::milliseconds>(limit, kBetweenChecks);
}

bool Supervisor::step(std::chrono::milliseconds wait) {
  std::vector<pollfd> waiting;
  std::vector<Lane*> lanes;
  for (auto& lane : lanes_) {
    if (!lane.child && !lane.todo.empty()) start(lane);
    if (!lane.child) continue;
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(lane.heard + patience(lane) - Clock::now());
    wait = std::clamp(left + std::chrono::milliseconds(1), std::chrono::milliseconds(0), wait);
    const int events = lane.output.empty() ? POLLIN : POLLIN | POLLOUT;
    waiting.push_back({lane.channel.get(), static_cast<short>(events), 0});
    lanes.push_back(&lane);
  }
  if (waiting.empty()) return std::ranges::any_of(lanes_, [](const Lane& lane) { return !lane.todo.empty(); });
  ::poll(waiting.data(), waiting.size(), static_cast<int>(wait.count()));
  for (std::size_t index = 0; index < lanes.size(); ++index) {
    Lane& lane = *lanes[index];
    const auto happened = static_cast<unsigned>(waiting[index].revents);
    if ((happened & POLLOUT) != 0) send(lane);
    if ((happened & (POLLIN | POLLHUP | POLLERR)) != 0) receive(lane);
    const bool late = Clock::now() > lane.heard + patience(lane);
    if (lane.child && late && (happened & POLLIN) == 0) hangs(lane);
  }
  return true;
}

void Supervisor::stop() {
  for (auto& lane : lanes_) close(lane);
}

}  // namespace referee::conformance
