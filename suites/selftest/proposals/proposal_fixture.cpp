#include "proposals/proposal_fixture.hpp"

#include <functional>
#include <nlohmann/json.hpp>

namespace referee::proposals {

Place::Place(const Variant& variant, Settings settings, const std::string& repository,
             std::vector<std::string> deviations, const std::string& profile) {
  registry::ServerOptions options;
  options.profile = profile.empty() ? variant.profile : profile;
  options.deviations = std::move(deviations);
  auto server = registry::Server::start(options);
  if (!server) {
    ADD_FAILURE() << server.error();
    return;
  }
  server_ = std::move(*server);
  open(variant, settings, repository);
}

void Place::open(const Variant& variant, Settings settings, const std::string& repository) {
  registry_ =
      std::make_unique<distribution::Registry>(std::make_shared<http::Client>(http::ClientOptions{}), server_->url());
  wire_ = std::make_unique<Wire>(*registry_, repository);
  proposal_ = variant.open(*wire_, settings);
  const auto support = proposal_->prepare();
  if (!support) {
    ADD_FAILURE() << variant.id << ": " << support.error().message;
    return;
  }
  support_ = *support;
}

std::unique_ptr<Place> Place::neighbour(const Variant& variant, Settings settings) const {
  std::unique_ptr<Place> place(new Place());
  place->server_ = server_;
  place->open(variant, settings, wire_->repository());
  return place;
}

Subject Place::push(const oci::Package& image) {
  const auto pushed = distribution::push_package(*registry_, wire_->repository(), image, "v1");
  EXPECT_TRUE(pushed && pushed->status == 201);
  return {image.descriptor(), "v1", image.manifest};
}

Subject Place::copy_image(Place& from, const Subject& subject) {
  // Depth first: what a manifest needs is there before it.
  const std::function<void(const std::string&, const std::string&)> copy = [&](const std::string& digest,
                                                                               const std::string& under) {
    const auto got = from.registry().get_manifest(from.wire().repository(), digest).value();
    ASSERT_EQ(got.status, 200) << digest;
    const auto json = nlohmann::json::parse(got.body);
    for (const auto& child : json.value("manifests", nlohmann::json::array())) {
      copy(child.at("digest"), child.at("digest"));
    }
    auto blobs = json.value("layers", nlohmann::json::array());
    if (json.contains("config")) blobs.push_back(json["config"]);
    for (const auto& blob : blobs) {
      const auto bytes =
          from.registry().get_blob(from.wire().repository(), blob.at("digest").get<std::string>()).value();
      const auto pushed =
          distribution::push_blob(*registry_, wire_->repository(), {"application/octet-stream", bytes.body});
      ASSERT_TRUE(pushed && pushed->status == 201);
    }
    const oci::Content content(got.header("Content-Type").value_or(""), got.body);
    ASSERT_EQ(registry_->put_manifest(wire_->repository(), under, content).value().status, 201);
  };
  Subject target = subject;
  copy(subject.descriptor.digest, subject.descriptor.digest);
  if (subject.root) copy(subject.root->digest().str(), subject.tag);
  return target;
}

Attachment attachment(oci::Random& random, const std::string& type, const std::string& label) {
  return {type, label, {{"org.opencontainers.image.created", "2026-01-01T00:00:00Z"}}, {type, random.bytes(600)}};
}

std::vector<Attachment> attachments(oci::Random& random, std::size_t count) {
  std::vector<Attachment> all;
  for (std::size_t i = 0; i < count; ++i) all.push_back(attachment(random));
  return all;
}

}  // namespace referee::proposals
