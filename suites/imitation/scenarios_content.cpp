#include "imitation/scenarios.hpp"
#include "imitation/world.hpp"

namespace referee::imitation {
namespace {

std::string compares_data(const std::string& imitation) {
  World world("oci-1.1");
  const auto image = world.push_image();
  const auto other = world.make_image();
  world.put(other);
  auto entry = image.descriptor();
  entry.platform = oci::Platform{"amd64", "linux", "", ""};
  entry.data = other.manifest.bytes();
  world.put({oci::IndexBuilder().manifest(entry).build(), {}}, "lying");
  Order order;
  order.output = world.path("pulled");
  const auto answer = world.run(imitation, "pull", world.at("lying"), order);
  if (answer.out == image.digest().str() + "\n") return "the image";
  return answer.out == other.digest().str() + "\n" ? "the other" : answer.err;
}

std::string compares_digests(const std::string& imitation) {
  World world("oci-1.1", {"r.put.compacts"});
  const auto artifact = oci::ManifestBuilder().artifact_type(kSbomType).layer({kSbomType, "sbom"}).pretty().build();
  world.put(artifact);
  return word_of(world.run(imitation, "manifest", world.at(artifact.digest().str())));
}

std::string compares_sizes(const std::string& imitation) {
  World world("oci-1.1");
  const oci::Content payload(kSbomType, "sbom");
  auto layer = payload.descriptor();
  layer.size += 1;
  auto artifact = oci::ManifestBuilder().artifact_type(kSbomType).layer_descriptor(layer).build();
  artifact.blobs.push_back(payload);
  world.put(artifact, "v1");
  Order order;
  order.target = world.at("v1", "team/copy");
  return word_of(world.run(imitation, "copy", world.at("v1"), order));
}

}  // namespace

std::vector<Scenario> content_scenarios() {
  return {
      {"c.trusts-data", "an index entry that carries another image in its data", compares_data, "the image",
       "the other"},
      {"c.no-digest-check", "the registry sends a manifest without its white space", compares_digests, "failed",
       "done"},
      {"c.no-size-check", "a layer that is a byte shorter than its descriptor says", compares_sizes, "failed", "done"},
  };
}

}  // namespace referee::imitation
