#include "imitation/scenarios.hpp"
#include "imitation/world.hpp"

namespace referee::imitation {
namespace {

std::string takes_its_tags_along(const std::string& imitation) {
  World world("oci-1.0");
  const auto image = world.push_image();
  const auto one = world.attach("sound", "one");
  world.attach("sound", "two");
  const auto first = world.run(imitation, "delete", world.at(one));
  const auto listed = world.listed(image.digest().str());
  const auto second = world.run(imitation, "delete", world.at(image.digest().str()));
  return word_of(first) + ", listed " + std::to_string(listed) + "; " + word_of(second) + ", tags " +
         std::to_string(world.tags().size());
}

/// Three images with a list each: one was here and is gone, one has not come yet, one is elsewhere.
std::string prunes_what_was_here(const std::string& imitation) {
  World world("oci-1.0");
  const auto gone = world.make_image();
  const auto expected = world.make_image();
  const auto elsewhere = world.make_image();
  world.put(elsewhere, "v1", "team/other");
  const oci::Package list{oci::IndexBuilder().build(), {}};
  for (const auto* image : {&gone, &expected, &elsewhere}) world.put(list, oci::referrers_tag(image->digest().str()));
  world.put(gone);
  const auto removed = world.registry().delete_manifest("team/app", gone.digest().str());
  Order order;
  order.file = world.write("record", gone.digest().str() + "\n");
  const auto answer = world.run(imitation, "prune", world.at(""), order);
  return (removed && removed->status == 202 ? word_of(answer) : "not deleted") + ", tags " +
         std::to_string(world.tags().size());
}

std::string keeps_names(const std::string& imitation) {
  World world("oci-1.0");
  World fresh("oci-1.0");
  world.push_image();
  world.attach("sound", "one");
  Order order;
  order.output = world.path("layout");
  const auto saved = world.run(imitation, "save", world.at("v1"), order);
  order.layout = order.output;
  const auto loaded = fresh.run("sound", "load", fresh.at(""), order);
  return word_of(saved) + ", " + word_of(loaded) + ", found " +
         lines_of(fresh.run("sound", "discover", fresh.at("v1")));
}

}  // namespace

std::vector<Scenario> upkeep_scenarios() {
  return {
      {"c.delete-leaves-tag", "a referrer, then its image, without the API", takes_its_tags_along,
       "done, listed 1; done, tags 0", "done, listed 2; done, tags 1"},
      {"c.gc-too-eager", "lists of three images that are not here, of which one was", prunes_what_was_here,
       "done, tags 2", "done, tags 0"},
      {"c.layout-drops-refname", "an image with a referrer to a layout and to a fresh registry, without the API",
       keeps_names, "done, done, found 1", "done, done, found 0"},
  };
}

}  // namespace referee::imitation
