#include <algorithm>

#include "imitation/scenarios.hpp"
#include "imitation/world.hpp"

namespace referee::imitation {
namespace {

std::string follows_links(const std::string& imitation) {
  World world("oci-1.1", {"v.early-paging-referrers", "v.early-paging"});
  const auto image = world.push_image();
  for (const auto* text : {"one", "two", "three"}) {
    world.attach("sound", text);
    world.put(image, text);
  }
  return "referrers " + lines_of(world.run(imitation, "discover", world.at("v1"))) + ", tags " +
         lines_of(world.run(imitation, "tags", world.at("")));
}

std::string stops_in_a_loop(const std::string& imitation) {
  World world("oci-1.1", {"v.early-paging-referrers", "r.ref.link-loop"});
  world.push_image();
  world.attach("sound", "one");
  world.attach("sound", "two");
  const auto answer = world.run(imitation, "discover", world.at("v1"));
  (void)world.run("sound", "tags", world.at(""));
  const auto pages = std::ranges::count_if(world.requests({"GET /v2/team/app/tags/list"}), [](const std::string& line) {
    return line.find("/referrers/") != std::string::npos;
  });
  return word_of(answer) + (pages < 10 ? ", few pages" : pages < 900 ? ", many pages" : ", no end of pages");
}

std::string filters_itself(const std::string& imitation) {
  World world("oci-1.1", {"r.ref.filter-claimed-not-done"});
  world.push_image();
  world.attach("sound", "one");
  Order order;
  order.type = kSbomType;
  world.attach("sound", "two", order);
  return lines_of(world.run(imitation, "discover", world.at("v1"), order));
}

/// An artifact that says nothing of a subject, as proposal D has it, and a digest tag that may be wrong.
std::string tagged(World& world, const oci::Package& image, const std::string& after_prefix, bool right_hash) {
  const auto artifact = oci::ManifestBuilder()
                            .config({kSignatureType, "{}"})
                            .layer({kSignatureType, "signature " + after_prefix})
                            .build();
  const auto hash = right_hash ? artifact.digest().encoded().substr(0, 16) : std::string(16, '0');
  world.put(artifact, oci::referrers_tag(image.digest().str()) + after_prefix + "." + hash + ".sig");
  return artifact.digest().str();
}

std::string knows_where_a_digest_ends(const std::string& imitation) {
  World world("oci-1.0");
  const auto image = world.push_image();
  tagged(world, image, "", true);
  tagged(world, image, "x", true);
  return lines_of(world.run(imitation, "discover-tagged", world.at("v1")));
}

std::string compares_the_hash(const std::string& imitation) {
  World world("oci-1.0");
  const auto image = world.push_image();
  const auto digest = tagged(world, image, "", false);
  const auto answer = world.run(imitation, "discover-tagged", world.at("v1"));
  if (answer.out.starts_with("ignored ")) return "ignored";
  return answer.out.starts_with(digest) ? "taken" : answer.out + answer.err;
}

}  // namespace

std::vector<Scenario> list_scenarios() {
  return {
      {"c.no-link", "three referrers and four tags in short pages", follows_links, "referrers 3, tags 4",
       "referrers 1, tags 2"},
      {"c.link-unbounded", "each Link leads to the first page", stops_in_a_loop, "failed, few pages",
       "failed, no end of pages"},
      {"c.trusts-server-filter", "the registry claims to filter and does not", filters_itself, "1", "2"},
      {"c.tag-prefix-overmatch", "a digest tag, and one with a letter more before the dot", knows_where_a_digest_ends,
       "1", "2"},
      {"c.hash-not-checked", "a digest tag whose hash is of something else", compares_the_hash, "ignored", "taken"},
  };
}

}  // namespace referee::imitation
