#include "docker_config.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <vector>

#include "credential_helper.hpp"
#include "encoding.hpp"
#include "read_file.hpp"
#include "referee/http/message.hpp"

namespace referee::http {
namespace {

using nlohmann::json;
using Found = tl::expected<std::optional<Credential>, std::string>;

constexpr std::size_t kMaxConfig = 4UL * 1024 * 1024;
constexpr const char* kHubKey = "https://index.docker.io/v1/";

/// `https://host/v1/` -> `host`.
std::string_view host_of(std::string_view key) {
  if (const auto scheme = key.find("://"); scheme != std::string_view::npos) key.remove_prefix(scheme + 3);
  return key.substr(0, key.find('/'));
}

bool is_hub(std::string_view host) {
  return iequals(host, "docker.io") || iequals(host, "index.docker.io") || iequals(host, "registry-1.docker.io");
}

bool names_host(std::string_view key, std::string_view host) {
  return iequals(host_of(key), host) || (is_hub(host) && is_hub(host_of(key)));
}

std::string text_of(const json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

/// The member of config[name] that is keyed by the host; null when there is none.
const json* member_for(const json& config, const char* name, std::string_view host, std::string& key) {
  const auto members = config.find(name);
  if (members == config.end() || !members->is_object()) return nullptr;
  for (auto it = members->begin(); it != members->end(); ++it) {
    if (!names_host(it.key(), host)) continue;
    key = it.key();
    return &it.value();
  }
  return nullptr;
}

Found from_auth(const json& entry, const std::string& path, const std::string& key) {
  if (!entry.is_object()) return tl::unexpected(fmt::format("{}: auths[\"{}\"] is not an object", path, key));
  Credential credential{text_of(entry, "username"), text_of(entry, "password"), text_of(entry, "identitytoken")};
  if (const auto auth = text_of(entry, "auth"); !auth.empty()) {
    const auto pair = base64_decode(auth).value_or("");
    const auto colon = pair.find(':');
    if (colon == std::string::npos) {
      return tl::unexpected(
          fmt::format("{}: auth of \"{}\" is not base64 of user:password: run docker login again", path, key));
    }
    credential.username = pair.substr(0, colon);
    credential.password = pair.substr(colon + 1);
    while (credential.password.ends_with('\0')) credential.password.pop_back();
  }
  if (credential.password.empty() && credential.identity_token.empty()) return std::nullopt;
  return credential;
}

Found search(const json& config, const std::string& path, const std::string& host) {
  std::string key;
  if (const json* helper = member_for(config, "credHelpers", host, key); helper != nullptr && helper->is_string()) {
    return ask_helper(helper->get<std::string>(), key);
  }
  const json* entry = member_for(config, "auths", host, key);
  if (entry != nullptr) {
    auto found = from_auth(*entry, path, key);
    if (!found || *found) return found;  // an empty entry only says that the store below knows this host
  }
  if (const auto store = text_of(config, "credsStore"); !store.empty()) {
    return ask_helper(store, entry != nullptr ? key : is_hub(host) ? std::string(kHubKey) : host);
  }
  return std::nullopt;
}

}  // namespace

tl::expected<std::shared_ptr<const CredentialStore>, std::string> docker_config_credential(const std::string& path,
                                                                                           const std::string& host,
                                                                                           bool required) {
  std::error_code ignored;
  if (!required && !std::filesystem::exists(path, ignored)) return nullptr;
  const auto text = read_file(path, kMaxConfig);
  if (!text) return tl::unexpected(fmt::format("docker's configuration {} {}", path, text.error()));
  const auto config = json::parse(*text, nullptr, false);
  if (!config.is_object()) {
    return tl::unexpected(
        fmt::format("docker's configuration {} is not a JSON object: repair it or name another file", path));
  }
  for (const char* member : {"auths", "credHelpers"}) {
    if (config.contains(member) && !config[member].is_object()) {
      return tl::unexpected(fmt::format(
          "{} of docker's configuration {} is not an object: repair it or name another file", member, path));
    }
  }
  auto found = search(config, path, host);
  if (!found) return tl::unexpected(found.error());
  if (auto& credential = *found) return fixed_credential(host, std::move(*credential));
  return nullptr;
}

}  // namespace referee::http
