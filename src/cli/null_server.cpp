#include "referee/load/null_server.hpp"

#include <thread>

#include "commands.hpp"

namespace referee::cli {

ExitCode run_null_server(const NullServerCommand& command) {
  load::NullServerOptions options;
  options.port = static_cast<std::uint16_t>(command.port);
  options.body = static_cast<std::size_t>(command.body);
  options.stall_every = std::chrono::milliseconds(command.stall_every);
  options.stall = std::chrono::milliseconds(command.stall);
  watch_interrupts();
  const auto server = load::NullServer::start(options);
  if (!server) return refuse(ExitCode::kUsage, server.error());
  say(stdout, "listening on 127.0.0.1:{}\n", (*server)->port());
  while (!interrupted()) std::this_thread::sleep_for(std::chrono::milliseconds(50));
  return ExitCode::kOk;
}

}  // namespace referee::cli
