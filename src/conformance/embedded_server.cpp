#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <utility>

#include "process.hpp"
#include "referee/conformance/target.hpp"
#include "text.hpp"

namespace referee::conformance {
namespace {

constexpr std::string_view kGreeting = "listening on ";
constexpr std::chrono::milliseconds kStartLimit{10000};
constexpr std::chrono::milliseconds kStopLimit{2000};
constexpr std::size_t kMaxLine = 4096;

/// The first line that comes from `channel` within the limit; nullopt if there is none.
std::optional<std::string> first_line(const Descriptor& channel) {
  const auto deadline = std::chrono::steady_clock::now() + kStartLimit;
  std::string text;
  while (text.find('\n') == std::string::npos && text.size() < kMaxLine) {
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
  return text.substr(0, text.find('\n'));
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
  auto pair = socket_pair();
  if (!pair) return tl::unexpected(pair.error());
  const Descriptor errors = memory_file();
  std::vector<std::pair<int, int>> descriptors{{pair->second.get(), 1}};
  if (errors.valid()) descriptors.emplace_back(errors.get(), 2);
  auto child = ChildProcess::start(options.executable, arguments, descriptors);
  if (!child) return tl::unexpected(child.error());
  pair->second.reset();

  const auto line = first_line(pair->first);
  if (!line || !line->starts_with(kGreeting)) {
    child->kill();
    std::string why = read_tail(errors, 1024);
    why.resize(std::min(why.find('\n'), why.size()));
    return tl::unexpected(
        fmt::format("the embedded registry did not start{}{}", why.empty() ? "" : ": ", printable(why)));
  }
  std::string url = "http://" + printable(line->substr(kGreeting.size()));
  return std::unique_ptr<EmbeddedServer>(new EmbeddedServer(child->release(), std::move(url)));
}

EmbeddedServer::~EmbeddedServer() {
  ChildProcess::adopt(pid_).terminate(kStopLimit);
}

}  // namespace referee::conformance
