#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "referee/conformance/result.hpp"
#include "referee/http/exchange.hpp"

namespace referee::conformance {
namespace {

/// A word of a shell, quoted where it has to be.
std::string word(const std::string& text) {
  const auto plain = [](unsigned char c) {
    return std::isalnum(c) != 0 || std::string_view("-_./:@%+=").find(static_cast<char>(c)) != std::string_view::npos;
  };
  if (!text.empty() && std::ranges::all_of(text, plain)) return text;
  // Control characters have no place in a line that people copy.
  std::string clean = text;
  std::erase_if(clean, [](unsigned char c) { return c < 0x20 || c == 0x7f; });
  return http::shell_quoted(clean);
}

}  // namespace

std::string check_command(const RunInfo& info) {
  // What was typed may have needed --plain-http; the URL says so itself.
  const bool plain = info.url.starts_with("http://") && !info.target.starts_with("http://");
  const bool embedded = info.target.starts_with("embedded:");
  auto command = fmt::format("referee check {}", word(plain && !embedded ? info.url : info.target));
  if (info.repositories.empty()) command += fmt::format(" --namespace {}", word(info.name_space));
  for (const auto& repository : info.repositories) command += fmt::format(" --repository {}", word(repository));
  if (info.spec != Spec::kV1_1) command += fmt::format(" --spec {}", name(info.spec));
  return command + fmt::format(" --seed {}", info.seed);
}

}  // namespace referee::conformance
