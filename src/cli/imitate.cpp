#include "commands.hpp"
#include "matrix/workplace.hpp"
#include "referee/imitation/imitation.hpp"

namespace referee::cli {

ExitCode run_imitate(const ImitateCommand& command) {
  const auto* which = imitation::find_imitation(command.name);
  if (which == nullptr) {
    return refuse(ExitCode::kUsage,
                  "there is no imitation '" + command.name + "'; `referee list imitations` shows them");
  }
  const imitation::Order order{command.operation, command.reference,  command.target,
                               command.output,    command.layout,     command.file,
                               command.type,      command.annotation, suites::matrix::read_platform(command.platform)};
  const auto answer = imitation::carry_out(*which, order);
  write_text(stdout, answer.out);
  return answer.done ? ExitCode::kOk : refuse(ExitCode::kFailed, answer.err);
}

}  // namespace referee::cli
