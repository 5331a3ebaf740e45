#include "assignment.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace referee::conformance {

using Json = nlohmann::json;

std::string write_assignment(const Assignment& assignment) {
  const auto& connection = assignment.connection;
  Json json{{"parent", assignment.parent},
            {"descriptor", assignment.descriptor},
            {"url", connection.url},
            {"ca_file", connection.tls.ca_file},
            {"client_certificate", connection.tls.client_certificate},
            {"client_key", connection.tls.client_key},
            {"insecure", connection.tls.insecure},
            {"version", static_cast<int>(connection.version)},
            {"silence_ms", connection.silence_timeout.count()},
            {"host", assignment.host},
            {"namespace", assignment.name_space},
            {"fixed_repositories", assignment.fixed_repositories},
            {"seed", assignment.seed},
            {"check_timeout_ms", assignment.check_timeout.count()},
            {"journal", assignment.journal},
            {"record", assignment.record},
            {"replay", assignment.replay},
            {"keep_exchanges", assignment.keep_exchanges},
            {"scale", assignment.scale},
            {"fresh_registries", assignment.fresh_registries},
            {"executable", assignment.executable},
            {"capabilities", distribution::to_json(assignment.capabilities)},
            {"known", assignment.known},
            {"checks", Json::array()}};
  if (const auto& facts = connection.embedded) {
    json["embedded"] = {{"control_url", facts->control_url},
                        {"profile", facts->profile},
                        {"deviations", facts->deviations},
                        {"executable", facts->executable}};
  }
  for (const auto& item : assignment.checks) json["checks"].push_back({{"id", item.id}, {"suffix", item.suffix}});
  if (assignment.credential) {
    json["credential"] = {{"username", assignment.credential->username},
                          {"password", assignment.credential->password},
                          {"identity_token", assignment.credential->identity_token}};
  }
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

tl::expected<Assignment, std::string> read_assignment(const std::string& text) try {
  const Json json = Json::parse(text);
  Assignment assignment;
  auto& connection = assignment.connection;
  json.at("parent").get_to(assignment.parent);
  json.at("descriptor").get_to(assignment.descriptor);
  json.at("url").get_to(connection.url);
  json.at("ca_file").get_to(connection.tls.ca_file);
  json.at("client_certificate").get_to(connection.tls.client_certificate);
  json.at("client_key").get_to(connection.tls.client_key);
  json.at("insecure").get_to(connection.tls.insecure);
  connection.version = static_cast<http::Version>(json.at("version").get<int>());
  connection.silence_timeout = std::chrono::milliseconds(json.at("silence_ms").get<std::int64_t>());
  json.at("host").get_to(assignment.host);
  json.at("namespace").get_to(assignment.name_space);
  json.at("fixed_repositories").get_to(assignment.fixed_repositories);
  json.at("seed").get_to(assignment.seed);
  assignment.check_timeout = std::chrono::milliseconds(json.at("check_timeout_ms").get<std::int64_t>());
  json.at("journal").get_to(assignment.journal);
  json.at("record").get_to(assignment.record);
  json.at("replay").get_to(assignment.replay);
  json.at("keep_exchanges").get_to(assignment.keep_exchanges);
  json.at("scale").get_to(assignment.scale);
  json.at("fresh_registries").get_to(assignment.fresh_registries);
  json.at("executable").get_to(assignment.executable);
  assignment.capabilities = distribution::capabilities_from_json(json.at("capabilities"));
  json.at("known").get_to(assignment.known);
  for (const auto& item : json.at("checks")) {
    assignment.checks.push_back({item.at("id").get<std::string>(), item.at("suffix").get<std::string>()});
  }
  if (json.contains("embedded")) {
    const auto& facts = json.at("embedded");
    connection.embedded = EmbeddedServer::Facts{
        facts.at("control_url").get<std::string>(), facts.at("profile").get<std::string>(),
        facts.at("deviations").get<std::vector<std::string>>(), facts.at("executable").get<std::string>()};
  }
  if (json.contains("credential")) {
    const auto& secret = json.at("credential");
    assignment.credential =
        http::Credential{secret.at("username").get<std::string>(), secret.at("password").get<std::string>(),
                         secret.at("identity_token").get<std::string>()};
  }
  return assignment;
} catch (const Json::exception&) {
  // The exception's own text may quote the document, and with it a secret.
  return tl::unexpected(std::string("the assignment on standard input is not what `worker` expects"));
}

http::ClientOptions client_options(const Connection& connection, std::chrono::milliseconds check_timeout) {
  http::ClientOptions options;
  options.silence_timeout = connection.silence_timeout;
  options.first_byte_timeout = connection.silence_timeout * 3 / 2;
  options.connect_timeout = std::min(options.connect_timeout, connection.silence_timeout);
  options.total_timeout = check_timeout;
  options.tls = connection.tls;
  options.version = connection.version;
  options.user_agent = "referee/" REFEREE_VERSION;
  return options;
}

}  // namespace referee::conformance
