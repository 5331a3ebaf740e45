#include <fmt/format.h>

#include "referee/conformance/result.hpp"
#include "referee/http/exchange.hpp"

namespace referee::conformance {
std::string check_command(const RunInfo& info) {
  // What was typed may have needed --plain-http; the URL says so itself.
  const bool plain = info.url.starts_with("http://") && !info.target.starts_with("http://");
  const bool embedded = info.target.starts_with("embedded:");
  auto command = fmt::format("referee check {}", http::shell_word(plain && !embedded ? info.url : info.target));
  if (info.repositories.empty()) command += fmt::format(" --namespace {}", http::shell_word(info.name_space));
  for (const auto& repository : info.repositories)
    command += fmt::format(" --repository {}", http::shell_word(repository));
  if (info.spec != Spec::kV1_1) command += fmt::format(" --spec {}", name(info.spec));
  return command + fmt::format(" --seed {}", info.seed);
}

}  // namespace referee::conformance
