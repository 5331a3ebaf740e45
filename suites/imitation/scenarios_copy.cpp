#include <algorithm>

#include "imitation/scenarios.hpp"
#include "imitation/world.hpp"

namespace referee::imitation {
namespace {

Answer copy_of(World& world, const std::string& imitation) {
  Order order;
  order.target = world.at("v1", "team/copy");
  return world.run(imitation, "copy", world.at("v1"), order);
}

std::string takes_referrers(const std::string& imitation) {
  World world("oci-1.1");
  world.push_image();
  world.attach("sound", "one");
  const auto copied = copy_of(world, imitation);
  return word_of(copied) + ", " + lines_of(world.run("sound", "discover", world.at("v1", "team/copy")));
}

std::string keeps_bytes(const std::string& imitation) {
  World world("oci-1.1");
  const auto image = world.push_image();
  const auto copied = copy_of(world, imitation);
  return word_of(copied) + (world.body("v1", "team/copy") == image.manifest.bytes() ? ", the same" : ", other bytes");
}

std::string ends(const std::string& imitation) {
  World world("oci-1.1");
  const auto image = world.push_image();
  const auto index = oci::IndexBuilder().manifest(image.descriptor()).subject(image.descriptor()).build();
  world.put({index, {}});
  return word_of(copy_of(world, imitation));
}

std::string moves_the_tag_last(const std::string& imitation) {
  World world("oci-1.1");
  world.push_image();
  const auto referrer = world.attach("sound", "one");
  if (!copy_of(world, imitation).done) return "failed";
  const std::string manifests = "PUT /v2/team/copy/manifests/";
  const auto requests = world.requests({manifests + "v1", manifests + referrer});
  const auto tag = std::ranges::find(requests, manifests + "v1");
  const auto artifact = std::ranges::find(requests, manifests + referrer);
  return artifact < tag ? "referrers first" : "tag first";
}

}  // namespace

std::vector<Scenario> copy_scenarios() {
  return {
      {"c.copy-no-referrers", "an image with a referrer", takes_referrers, "done, 1", "done, 0"},
      {"c.copy-reserialise", "an image", keeps_bytes, "done, the same", "done, other bytes"},
      {"c.copy-loop", "an index that lists its own subject", ends, "done", "failed"},
      {"c.copy-order", "an image with a referrer, under a tag", moves_the_tag_last, "referrers first", "tag first"},
  };
}

}  // namespace referee::imitation
