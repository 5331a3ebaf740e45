#include <algorithm>

#include "option_parts.hpp"

/// How a registry is reached, by the command line or the environment.
namespace referee::cli {

void add_connection(CLI::App& app, ConnectionOptions& to) {
  const std::string group = "Connection";
  app.add_flag("--plain-http", to.plain_http, "Speak HTTP without TLS even to a host that is not loopback")
      ->group(group);
  app.add_option("--http", to.http_version, "HTTP version (auto|1.1|2)")
      ->check(CLI::IsMember({"auto", "1.1", "2"}).description(""))
      ->type_name("VERSION")
      ->group(group);
  app.add_option("--ca-file", to.tls.ca_file, "PEM file of the authorities to trust instead of the system's")
      ->envname("REFEREE_CA_FILE")
      ->check(CLI::ExistingFile.description(""))
      ->type_name("FILE")
      ->group(group);
  auto* certificate = app.add_option("--client-cert", to.tls.client_certificate, "PEM client certificate")
                          ->envname("REFEREE_CLIENT_CERT")
                          ->check(CLI::ExistingFile.description(""))
                          ->type_name("FILE")
                          ->group(group);
  auto* key = app.add_option("--client-key", to.tls.client_key, "PEM key of the client certificate")
                  ->envname("REFEREE_CLIENT_KEY")
                  ->check(CLI::ExistingFile.description(""))
                  ->type_name("FILE")
                  ->group(group);
  certificate->needs(key);
  key->needs(certificate);
  app.add_flag("--insecure", to.tls.insecure, "Accept any certificate")->group(group);
  app.add_option("--username-file", to.credentials.username_file, "File that holds the user name (or REFEREE_USERNAME)")
      ->check(CLI::ExistingFile.description(""))
      ->type_name("FILE")
      ->group(group);
  app.add_option("--password-file", to.credentials.password_file, "File that holds the password (or REFEREE_PASSWORD)")
      ->check(CLI::ExistingFile.description(""))
      ->type_name("FILE")
      ->group(group);
  app.add_option("--docker-config", to.credentials.docker_config, "docker's config.json to take credentials from")
      ->check(CLI::ExistingFile.description(""))
      ->type_name("FILE")
      ->group(group);
}

std::string with_variable(std::string why, const CLI::App& app, const std::vector<std::string>& words) {
  for (const auto* option : app.get_options()) {
    const auto& name = option->get_name();
    const auto& variable = option->get_envname();
    const bool about = why.starts_with(name + ":") || why.starts_with(name + " ");
    if (variable.empty() || option->count() == 0 || !about) continue;
    const bool typed = std::ranges::any_of(
        words, [&](const std::string& word) { return word == name || word.starts_with(name + "="); });
    if (!typed) return variable + why.substr(name.size());
  }
  return why;
}

}  // namespace referee::cli
