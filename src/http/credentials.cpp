#include "referee/http/credentials.hpp"

#include <fmt/format.h>

#include <cstdlib>

#include "docker_config.hpp"
#include "read_file.hpp"
#include "referee/http/message.hpp"

namespace referee::http {
namespace {

using Loaded = tl::expected<std::shared_ptr<const CredentialStore>, std::string>;

constexpr std::size_t kMaxSecretFile = 64UL * 1024;

class FixedStore final : public CredentialStore {
 public:
  FixedStore(std::string host, Credential credential) : host_(std::move(host)), credential_(std::move(credential)) {}

  [[nodiscard]] std::optional<Credential> find(std::string_view host) const override {
    if (!iequals(host, host_)) return std::nullopt;
    return credential_;
  }

 private:
  std::string host_;
  Credential credential_;
};

std::string environment(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): read once, at start
  return value == nullptr ? "" : value;
}

tl::expected<std::string, std::string> secret_file(const std::string& path, std::string_view flag) {
  auto text = read_file(path, kMaxSecretFile);
  if (!text) return tl::unexpected(fmt::format("{} names {}, which {}", flag, path, text.error()));
  while (text->ends_with('\n') || text->ends_with('\r')) text->pop_back();
  if (text->empty()) return tl::unexpected(fmt::format("{} names {}, which is empty", flag, path));
  return text;
}

Loaded from_files(const CredentialSources& sources) {
  if (sources.username_file.empty() || sources.password_file.empty()) {
    return tl::unexpected(
        std::string("--username-file and --password-file are needed together: give the other one too"));
  }
  auto username = secret_file(sources.username_file, "--username-file");
  if (!username) return tl::unexpected(username.error());
  auto password = secret_file(sources.password_file, "--password-file");
  if (!password) return tl::unexpected(password.error());
  return fixed_credential(sources.host, {std::move(*username), std::move(*password), ""});
}

std::string default_config() {
  if (const auto folder = environment("DOCKER_CONFIG"); !folder.empty()) return folder + "/config.json";
  const auto home = environment("HOME");
  return home.empty() ? "" : home + "/.docker/config.json";
}

}  // namespace

std::shared_ptr<const CredentialStore> fixed_credential(std::string host, Credential credential) {
  return std::make_shared<FixedStore>(std::move(host), std::move(credential));
}

Loaded load_credentials(const CredentialSources& sources) {
  if (!sources.username_file.empty() || !sources.password_file.empty()) return from_files(sources);
  const auto username = environment("REFEREE_USERNAME");
  const auto password = environment("REFEREE_PASSWORD");
  if (username.empty() != password.empty()) {
    return tl::unexpected(
        std::string("REFEREE_USERNAME and REFEREE_PASSWORD are needed together: set the other one too"));
  }
  if (!username.empty()) return fixed_credential(sources.host, {username, password, ""});
  if (!sources.docker_config.empty()) return docker_config_credential(sources.docker_config, sources.host, true);
  const auto usual = default_config();
  if (usual.empty()) return nullptr;
  return docker_config_credential(usual, sources.host, false);
}

}  // namespace referee::http
