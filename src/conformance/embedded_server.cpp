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
constexpr std::string_view kControl = "control on ";
constexpr std::chrono::milliseconds kStartLimit{10000};
constexpr std::chrono::milliseconds kStopLimit{2000};
constexpr std::size_t kMaxLine = 4096;

/// The first `count` lines that come from `channel` within the limit; nullopt if there are fewer.
std::optional<std::vector<std::string>> first_lines(const Descriptor& channel, std::size_t count) {
  const auto deadline = std::chrono::steady_clock::now() + kStartLimit;
  std::string text;
  while (static_cast<std::size_t>(std::ranges::count(text, '\n')) < count && text.size() < kMaxLine) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    pollfd waiting{channel.get(), POLLIN, 0};
    if (left.count() <= 0) return std::nullopt;
    const int ready = ::poll(&waiting, 1, static_cast<int>(left.count()));
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) return std::nullopt;
    std::string buffer(512, '\0');
    const ssize_t size = ::recv(channel.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (size < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (size <= 0) return std::nullopt;
    text.append(buffer, 0, static_cast<std::size_t>(size));
  }
  std::vector<std::string> lines;
  for (std::size_t at = 0; lines.size() < count;) {
    const auto end = text.find('\n', at);
    if (end == std::string::npos) return std::nullopt;
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

/// `http://HOST:PORT` from a line that tells where something listens.
std::optional<std::string> address(const std::string& line, std::string_view prefix) {
  if (!line.starts_with(prefix)) return std::nullopt;
  return "http://" + printable(line.substr(prefix.size()));
}

}  // namespace

tl::expected<std::unique_ptr<EmbeddedServer>, std::string> EmbeddedServer::start(const Options& options) {
  std::vector<std::string> arguments{"serve", "--listen", "127.0.0.1:0", "--profile", options.profile};
  for (const auto& deviation : options.deviations) {
    arguments.emplace_back(deviation.starts_with("v.") ? "--variant" : "--fault");
    arguments.push_back(deviation);
  }
  if (options.delay.count() > 0) {
    arguments.emplace_back("--delay");
    arguments.push_back(std::to_string(options.delay.count()));
  }
  if (options.control) {
    arguments.emplace_back("--control");
    arguments.emplace_back("127.0.0.1:0");
  }
  auto pair = socket_pair();
  if (!pair) return tl::unexpected(pair.error());
  const Descriptor errors = memory_file();
  std::vector<std::pair<int, int>> descriptors{{pair->second.get(), 1}};
  if (errors.valid()) descriptors.emplace_back(errors.get(), 2);
  auto child = ChildProcess::start(options.executable, arguments, descriptors);
  if (!child) return tl::unexpected(child.error());
  pair->second.reset();

  const auto lines = first_lines(pair->first, options.control ? 2 : 1);
  const auto url = lines ? address(lines->front(), kGreeting) : std::nullopt;
  const auto control = lines && options.control ? address(lines->back(), kControl) : std::optional<std::string>("");
  if (!url || !control) {
    child->kill();
    std::string why = read_tail(errors, 1024);
    why.resize(std::min(why.find('\n'), why.size()));
    return tl::unexpected(
        fmt::format("the embedded registry did not start{}{}", why.empty() ? "" : ": ", printable(why)));
  }
  return std::unique_ptr<EmbeddedServer>(new EmbeddedServer(child->release(), *url, *control));
}

EmbeddedServer::~EmbeddedServer() {
  ChildProcess::adopt(pid_).terminate(kStopLimit);
}

}  // namespace referee::conformance
