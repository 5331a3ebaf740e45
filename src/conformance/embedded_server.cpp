#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "process.hpp"
#include "referee/conformance/target.hpp"
#include "text.hpp"

namespace referee::conformance {
namespace {

constexpr std::string_view kGreeting = "listening on ";
constexpr std::string_view kControlGreeting = "control on ";
constexpr std::chrono::milliseconds kStartLimit{10000};
constexpr std::chrono::milliseconds kStopLimit{2000};
constexpr std::size_t kMaxGreeting = 4096;

/// What follows both greetings: where it listens, and where its control port is.
struct Greeting {
  std::string address;
  std::string control;
};

/// nullopt unless the text is two whole lines of the right form.
std::optional<Greeting> read_greeting(std::string_view text) {
  const auto end = text.find('\n');
  if (end == std::string_view::npos || !text.ends_with('\n') || !text.starts_with(kGreeting)) return std::nullopt;
  const auto first = text.substr(kGreeting.size(), end - kGreeting.size());
  text.remove_prefix(end + 1);
  if (!text.starts_with(kControlGreeting)) return std::nullopt;
  text.remove_prefix(kControlGreeting.size());
  return Greeting{printable(first), printable(text.substr(0, text.find('\n')))};
}

/// The first two lines that come from `channel` within the limit; nullopt if there are none.
std::optional<Greeting> greeting_from(const Descriptor& channel) {
  const auto deadline = std::chrono::steady_clock::now() + kStartLimit;
  std::string text;
  while (std::ranges::count(text, '\n') < 2 && text.size() < kMaxGreeting) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    pollfd waiting{channel.get(), POLLIN, 0};
    if (left.count() <= 0) return std::nullopt;
    const int ready = ::poll(&waiting, 1, static_cast<int>(left.count()));
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) return std::nullopt;
    std::string buffer(512, '\0');
    const ssize_t count = ::recv(channel.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (count < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (count <= 0) return std::nullopt;
    text.append(buffer, 0, static_cast<std::size_t>(count));
  }
  return read_greeting(text);
}

}  // namespace

tl::expected<std::unique_ptr<EmbeddedServer>, std::string> EmbeddedServer::start(const Options& options) {
  std::vector<std::string> arguments{"serve",         "--listen",  "127.0.0.1:0", "--profile",
                                     options.profile, "--control", "127.0.0.1:0"};
  for (const auto& deviation : options.deviations) {
    arguments.emplace_back(deviation.starts_with("v.") ? "--variant" : "--fault");
    arguments.push_back(deviation);
  }
  if (options.delay.count() > 0) {
    arguments.emplace_back("--delay");
    arguments.push_back(std::to_string(options.delay.count()));
  }
  auto pair = socket_pair();
  if (!pair) return tl::unexpected(pair.error());
  const Descriptor errors = memory_file();
  std::vector<std::pair<int, int>> descriptors{{pair->second.get(), 1}};
  if (errors.valid()) descriptors.emplace_back(errors.get(), 2);
  auto child = ChildProcess::start(options.executable, arguments, descriptors);
  if (!child) return tl::unexpected(child.error());
  pair->second.reset();

  auto greeting = greeting_from(pair->first);
  if (!greeting) {
    child->kill();
    std::string why = read_tail(errors, 1024);
    why.resize(std::min(why.find('\n'), why.size()));
    return tl::unexpected(
        fmt::format("the embedded registry did not start{}{}", why.empty() ? "" : ": ", printable(why)));
  }
  Facts facts{"http://" + greeting->control, options.profile, options.deviations, options.executable};
  return std::unique_ptr<EmbeddedServer>(
      new EmbeddedServer(child->release(), "http://" + greeting->address, std::move(facts)));
}

EmbeddedServer::~EmbeddedServer() {
  ChildProcess::adopt(pid_).terminate(kStopLimit);
}

}  // namespace referee::conformance
