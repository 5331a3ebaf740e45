#include <gmock/gmock.h>
#include <unistd.h>

#include <csignal>
#include <iostream>
#include <string_view>

#include "referee/conformance/runner.hpp"
#include "referee/registry/server.hpp"
#include "sample.hpp"

namespace {

/// `serve` as the tests need it: the flags of the real command.
int serve(int count, char** arguments) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigprocmask(SIG_BLOCK, &signals, nullptr);
  referee::registry::ServerOptions options;
  options.control_address = "127.0.0.1";
  for (int index = 2; index + 1 < count; index += 2) {
    const std::string_view flag = arguments[index];
    if (flag == "--profile") options.profile = arguments[index + 1];
    if (flag == "--fault" || flag == "--variant") options.deviations.emplace_back(arguments[index + 1]);
  }
  auto server = referee::registry::Server::start(options);
  if (!server) {
    std::cerr << server.error() << '\n';
    return 2;
  }
  std::cout << "listening on 127.0.0.1:" << (*server)->port() << '\n'
            << "control on 127.0.0.1:" << (*server)->control_port() << '\n'
            << std::flush;
  int received = 0;
  sigwait(&signals, &received);
  return 0;
}

}  // namespace

/// The tests' executable is its own worker and its own embedded registry, as `referee` is.
int main(int count, char** arguments) {
  const std::string_view command = count > 1 ? arguments[1] : "";
  if (command == "worker") return referee::conformance::worker_main(referee::conformance::sample::catalogue());
  if (command == "serve") return serve(count, arguments);
  testing::InitGoogleMock(&count, arguments);
  return RUN_ALL_TESTS();
}
