#include "credential_helper.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "subprocess.hpp"

namespace referee::http {

tl::expected<std::optional<Credential>, std::string> ask_helper(const std::string& name, const std::string& server,
                                                                std::chrono::milliseconds limit) {
  constexpr std::string_view kAllowed = "abcdefghijklmnopqrstuvwxyz0123456789-";
  if (name.empty() || name.find_first_not_of(kAllowed) != std::string::npos) {
    return tl::unexpected(std::string("docker's configuration names a credential helper that is not [a-z0-9-]+"));
  }
  const std::string program = "docker-credential-" + name;
  constexpr std::size_t kMaxOutput = 64UL * 1024;
  const auto output = run_program({program, "get"}, server, limit, kMaxOutput);
  if (!output) return tl::unexpected(fmt::format("the credential helper {} {}", program, output.error()));
  if (output->exit_code != 0) {
    // The helpers' protocol knows no exit code for "not there", only this sentence on standard output.
    if (output->text.find("credentials not found") != std::string::npos) return std::nullopt;
    return tl::unexpected(fmt::format("the credential helper {} ended with exit code {}: try `echo {} | {} get`",
                                      program, output->exit_code, server, program));
  }
  const auto json = nlohmann::json::parse(output->text, nullptr, false);
  const auto text = [&json](const char* key) {
    const auto found = json.find(key);
    return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
  };
  if (!json.is_object() || text("Secret").empty()) {
    return tl::unexpected(fmt::format("the credential helper {} printed no credential for {}", program, server));
  }
  // The user name "<token>" marks the secret as an identity token.
  if (text("Username") == "<token>") return Credential{"", "", text("Secret")};
  return Credential{text("Username"), text("Secret"), ""};
}

}  // namespace referee::http
