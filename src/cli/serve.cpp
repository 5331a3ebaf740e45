#include <fmt/core.h>

#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstring>
#include <fstream>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>

#include "commands.hpp"
#include "matrix/stage.hpp"
#include "referee/registry/server.hpp"

namespace referee::cli {
namespace {

struct Endpoint {
  std::string host;
  std::uint16_t port = 0;
};

/// HOST:PORT or [IPV6]:PORT.
std::optional<Endpoint> parse_listen(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return std::nullopt;
  auto host = text.substr(0, colon);
  const auto digits = text.substr(colon + 1);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  Endpoint endpoint{std::string(host), 0};
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), endpoint.port);
  if (error != std::errc() || end != digits.data() + digits.size() || digits.empty()) return std::nullopt;
  if (endpoint.host == "localhost") endpoint.host = "127.0.0.1";
  return endpoint;
}

std::string printed(const std::string& host) {
  return host.find(':') == std::string::npos ? host : "[" + host + "]";
}

nlohmann::ordered_json to_json(const registry::AccessRecord& record) {
  return {{"method", record.method},
          {"target", record.target},
          {"status", record.status},
          {"request_bytes", record.request_bytes},
          {"response_bytes", record.response_bytes},
          {"user_agent", record.user_agent},
          {"accept", record.accept},
          {"range", record.range},
          {"started", record.started},
          {"seconds", record.seconds}};
}

}  // namespace

ExitCode run_serve(const ServeCommand& command) {
  const auto endpoint = parse_listen(command.listen);
  if (!endpoint)
    return refuse(ExitCode::kUsage, "--listen takes HOST:PORT, e.g. 127.0.0.1:5000; got '" + command.listen + "'");
  const auto control = command.control.empty() ? std::nullopt : parse_listen(command.control);
  if (!command.control.empty() && !control)
    return refuse(ExitCode::kUsage, "--control takes HOST:PORT, e.g. 127.0.0.1:0; got '" + command.control + "'");

  // Blocked before the server starts its threads, so that they inherit the mask and sigwait() alone sees them.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  if (hang_up_ends()) sigaddset(&signals, SIGHUP);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  if (registry::find_profile(command.profile) == nullptr) {
    return refuse(ExitCode::kUsage, unknown_profile(command.profile));
  }
  for (const auto& name : command.deviations) {
    if (registry::find_deviation(name) == nullptr) return refuse(ExitCode::kUsage, unknown_fault(name));
  }

  registry::ServerOptions options;
  options.address = endpoint->host;
  options.port = endpoint->port;
  options.profile = command.profile;
  if (control) {
    options.control_address = control->host;
    options.control_port = control->port;
  }
  options.deviations = command.deviations;
  options.delay = std::chrono::microseconds(std::llround(command.delay * 1000));
  options.store = command.store;
  options.memory = command.memory;
  options.manifest_limit = command.manifest_limit;
  if (command.contents && options.manifest_limit == 0) options.manifest_limit = suites::matrix::kContentLimit;
  std::ofstream log;
  std::mutex log_mutex;
  if (!command.access_log.empty()) {
    log.open(command.access_log, std::ios::app);
    if (!log) {
      return refuse(ExitCode::kUsage,
                    fmt::format("cannot write the access log {}: {}", command.access_log, std::strerror(errno)));
    }
    options.access_log = [&](const registry::AccessRecord& record) {
      const auto line = to_json(record).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
      const std::scoped_lock lock(log_mutex);
      log << line << '\n' << std::flush;
    };
  }

  const auto server = registry::Server::start(options);
  if (!server) return refuse(ExitCode::kUsage, server.error());
  if (command.contents) {
    const auto shapes = suites::matrix::shapes(1, {"amd64", "linux", "", ""});
    if (const auto pushed = suites::matrix::push_shapes((*server)->url(), shapes); !pushed) {
      return refuse(ExitCode::kUsage, "the contents cannot be pushed: " + pushed.error());
    }
  }
  if (const auto warning = (*server)->warning(); !warning.empty()) say(stderr, "referee: {}\n", warning);
  say(stdout, "listening on {}:{}\n", printed(endpoint->host), (*server)->port());
  if (control) say(stdout, "control on {}:{}\n", printed(control->host), (*server)->control_port());
  (void)std::fflush(stdout);

  int signal = 0;
  sigwait(&signals, &signal);
  (*server)->stop();
  return ExitCode::kOk;
}

}  // namespace referee::cli
