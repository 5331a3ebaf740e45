#include "proposal_fixture.hpp"

#include "referee/oci/media_types.hpp"

namespace referee::selftest {

void ProposalTest::start_profile(const std::string& profile, std::vector<std::string> deviations) {
  registry::ServerOptions options;
  options.profile = profile;
  options.deviations = std::move(deviations);
  options.control_address = "127.0.0.1";
  start(std::move(options));
  ASSERT_THAT(push("a", "v1", image_), HasStatus(201));
}

oci::Content ProposalTest::document(std::string_view media_type, nlohmann::ordered_json fields) {
  fields["mediaType"] = media_type;
  return {std::string(media_type), fields.dump()};
}

oci::Content ProposalTest::artifact(nlohmann::ordered_json fields) {
  return document(oci::media_type::kArtifactManifest, std::move(fields));
}

Reply ProposalTest::put(std::string_view repository, const oci::Content& manifest, std::string_view version) {
  const auto target =
      "/" + std::string(version) + "/" + std::string(repository) + "/manifests/" + manifest.digest().str();
  return request("PUT", target, {{"Content-Type", manifest.media_type()}}, manifest.bytes());
}

nlohmann::ordered_json ProposalTest::descriptor_of(const oci::Content& manifest) {
  return {{"mediaType", manifest.media_type()}, {"digest", manifest.digest().str()}, {"size", manifest.size()}};
}

oci::Content ProposalTest::image_with(const std::string& field, const nlohmann::ordered_json& value) {
  const auto package = oci::ManifestBuilder().layer({"text/plain", "x"}).field(field, value.dump()).build();
  for (const auto& blob : package.blobs) EXPECT_THAT(push_blob("a", blob.bytes()), HasStatus(201));
  return package.manifest;
}

Reply ProposalTest::control(std::string_view target, std::string_view method) {
  return RawClient(server_->control_port()).request(method, target, {}, "");
}

std::vector<std::string> ProposalTest::walk(std::string target, const std::string& key) {
  std::vector<std::string> digests;
  for (pages_ = 0; pages_ < 50 && !target.empty(); ++pages_) {
    const auto reply = get(target);
    EXPECT_THAT(reply, HasStatus(200));
    const auto body = nlohmann::ordered_json::parse(reply.body, nullptr, false);
    if (!body.is_object() || !body.contains(key)) {
      ADD_FAILURE() << "no " << key << " in " << reply.body;
      break;
    }
    for (const auto& entry : body[key]) digests.push_back(entry["digest"]);
    const auto link = reply.header("Link");
    EXPECT_TRUE(link.empty() || link.ends_with(">; rel=\"next\"")) << link;
    target = link.empty() ? "" : link.substr(1, link.find('>') - 1);
  }
  return digests;
}

}  // namespace referee::selftest
