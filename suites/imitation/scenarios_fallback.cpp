#include <nlohmann/json.hpp>

#include "imitation/scenarios.hpp"
#include "imitation/world.hpp"
#include "referee/oci/media_types.hpp"

namespace referee::imitation {
namespace {

std::string knows_the_tag(const std::string& imitation) {
  World world("oci-1.0");
  const auto image = world.push_image();
  world.attach(imitation, "one");
  return "listed " + std::to_string(world.listed(image.digest().str())) + ", found " +
         lines_of(world.run(imitation, "discover", world.at("v1")));
}

std::string falls_back_on_404_only(const std::string& imitation) {
  World world("oci-1.0", {"r.ref.unsupported-405"});
  world.push_image();
  world.attach("sound", "one");
  return lines_of(world.run(imitation, "discover", world.at("v1")));
}

std::string uses_the_api(const std::string& imitation) {
  World world("oci-1.1");
  world.push_image();
  world.attach(imitation, "one");
  return "tags " + std::to_string(world.tags().size());
}

std::string keeps_what_is_listed(const std::string& imitation) {
  World world("oci-1.0");
  const auto image = world.push_image();
  world.attach("sound", "one");
  world.attach(imitation, "two");
  return "listed " + std::to_string(world.listed(image.digest().str()));
}

std::string loses_no_race(const std::string& imitation) {
  World world("conditional");
  const auto image = world.push_image();
  world.attach("sound", "one");
  Order order;
  bool came = false;
  order.window = [&] {
    if (!came) world.attach("sound", "two");
    came = true;
  };
  world.attach(imitation, "three", order);
  return "listed " + std::to_string(world.listed(image.digest().str()));
}

std::string lists_once(const std::string& imitation) {
  World world("oci-1.0");
  const auto image = world.push_image();
  world.attach(imitation, "one");
  world.attach(imitation, "one");
  return "listed " + std::to_string(world.listed(image.digest().str()));
}

/// What the list says of the one artifact.
std::string lists_with(const std::string& imitation, const std::string& key) {
  World world("oci-1.0");
  const auto image = world.push_image();
  Order order;
  order.annotation = "org.example.by=somebody";
  world.attach(imitation, "one", order);
  const auto list = nlohmann::json::parse(world.body(oci::referrers_tag(image.digest().str())), nullptr, false);
  if (!list.is_object()) return "no list";
  const auto& entry = list.at("manifests").at(0);
  return entry.contains(key) ? entry.at(key).dump() : "absent";
}

std::string copies_annotations(const std::string& imitation) {
  return lists_with(imitation, "annotations");
}

std::string copies_the_type(const std::string& imitation) {
  return lists_with(imitation, "artifactType");
}

std::string leaves_other_tags_alone(const std::string& imitation) {
  World world("oci-1.0");
  const auto image = world.push_image();
  const auto other = world.make_image();
  const auto tag = oci::referrers_tag(image.digest().str());
  world.put(other, tag);
  const auto attached = world.attach(imitation, "one");
  return std::string(attached.empty() ? "failed" : "done") +
         (world.body(tag) == other.manifest.bytes() ? ", kept" : ", overwritten");
}

}  // namespace

std::vector<Scenario> fallback_scenarios() {
  return {
      {"c.no-fallback", "a registry without the API: attach, discover", knows_the_tag, "listed 1, found 1",
       "listed -1, found failed"},
      {"c.fallback-on-any-error", "the referrers API answers 405, and a list stands under the tag",
       falls_back_on_404_only, "failed", "1"},
      {"c.fallback-when-api-present", "attach where the API is", uses_the_api, "tags 1", "tags 2"},
      {"c.blind-fallback-put", "a second artifact without the API", keeps_what_is_listed, "listed 2", "listed 1"},
      {"c.no-if-match", "another client writes the list between read and write", loses_no_race, "listed 3", "listed 2"},
      {"c.dup-append", "the same artifact twice", lists_once, "listed 1", "listed 2"},
      {"c.no-annotation-copy", "an artifact with an annotation", copies_annotations, R"({"org.example.by":"somebody"})",
       "absent"},
      {"c.no-artifacttype-copy", "an artifact with an artifactType", copies_the_type,
       R"("application/vnd.referee.signature.v1+json")", "absent"},
      {"c.overwrites-non-index", "an image has the tag of the list", leaves_other_tags_alone, "failed, kept",
       "done, overwritten"},
  };
}

}  // namespace referee::imitation
