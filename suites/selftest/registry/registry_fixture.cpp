#include "registry_fixture.hpp"

namespace referee::selftest {

void RegistryTest::start(registry::ServerOptions options) {
  client_.reset();
  server_.reset();
  auto server = registry::Server::start(std::move(options));
  ASSERT_TRUE(server) << server.error();
  server_ = std::move(*server);
  client_ = std::make_unique<RawClient>(server_->port());
}

void RegistryTest::start_with(std::vector<std::string> deviations) {
  registry::ServerOptions options;
  options.deviations = std::move(deviations);
  start(std::move(options));
}

Reply RegistryTest::push_blob(std::string_view repository, const std::string& bytes, oci::Algorithm algorithm) {
  return request("POST", "/v2/" + std::string(repository) + "/blobs/uploads/?digest=" + digest_of(bytes, algorithm), {},
                 bytes);
}

std::string RegistryTest::open_upload(std::string_view repository, std::string_view query) {
  const auto reply =
      request("POST", "/v2/" + std::string(repository) + "/blobs/uploads/" + std::string(query), {}, std::string());
  EXPECT_THAT(reply, HasStatus(202));
  return reply.header("Location");
}

Reply RegistryTest::put_manifest(std::string_view repository, std::string_view reference, const oci::Content& manifest,
                                 const Fields& fields) {
  auto all = fields;
  all.emplace_back("Content-Type", manifest.media_type());
  return request("PUT", "/v2/" + std::string(repository) + "/manifests/" + std::string(reference), all,
                 manifest.bytes());
}

Reply RegistryTest::push(std::string_view repository, std::string_view reference, const oci::Package& package) {
  for (const auto& blob : package.blobs) {
    EXPECT_THAT(push_blob(repository, blob.bytes(), blob.digest().algorithm()), HasStatus(201));
  }
  return put_manifest(repository, reference, package.manifest);
}

std::vector<std::string> RegistryTest::tags(std::string_view repository, std::string_view query) {
  const auto reply = get("/v2/" + std::string(repository) + "/tags/list" + std::string(query));
  EXPECT_THAT(reply, HasStatus(200));
  const auto body = nlohmann::json::parse(reply.body, nullptr, false);
  return body.is_object() ? body.value("tags", std::vector<std::string>{}) : std::vector<std::string>{};
}

std::vector<std::string> RegistryTest::referrers(std::string_view repository, std::string_view digest,
                                                 std::string_view query) {
  const auto reply = get("/v2/" + std::string(repository) + "/referrers/" + std::string(digest) + std::string(query));
  EXPECT_THAT(reply, HasStatus(200));
  std::vector<std::string> digests;
  const auto body = nlohmann::json::parse(reply.body, nullptr, false);
  if (!body.is_object()) return digests;
  for (const auto& entry : body["manifests"]) digests.push_back(entry["digest"]);
  return digests;
}

std::string error_code(const Reply& reply) {
  if (reply.header("Content-Type") != "application/json") return {};
  const auto body = nlohmann::json::parse(reply.body, nullptr, false);
  if (!body.is_object() || !body.contains("errors") || !body["errors"].is_array() || body["errors"].empty()) return {};
  return body["errors"][0].value("code", "");
}

}  // namespace referee::selftest
