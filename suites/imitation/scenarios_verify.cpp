#include <nlohmann/json.hpp>

#include "imitation/scenarios.hpp"
#include "imitation/world.hpp"
#include "referee/signing/bundle.hpp"

namespace referee::imitation {
namespace {

using signing::PrivateKey;

PrivateKey key_of(const std::string& label) {
  return PrivateKey::from_seed(signing::KeyType::kEcdsaP256, 7, label);
}

std::string signature_by(const std::string& label, const oci::Digest& subject) {
  return signing::sign_bundle(key_of(label), {.subject = subject}).payload.bytes();
}

void sign(World& world, const std::string& text) {
  Order order;
  order.type = std::string(signing::kBundleType);
  world.attach("sound", text, order);
}

Answer verify(World& world, const std::string& imitation) {
  const nlohmann::json policy{{"schema", "referee.policy/1"}, {"keys", {key_of("ours").public_key().pem()}}};
  Order order;
  order.file = world.write("policy.json", policy.dump());
  order.now = "2026-11-28T12:00:00Z";
  return world.run(imitation, "verify", world.at("v1"), order);
}

std::string is_not_stopped_by_junk(const std::string& imitation) {
  World world("oci-1.1");
  const auto image = world.push_image();
  sign(world, signature_by("ours", image.digest()));
  sign(world, "junk");
  return word_of(verify(world, imitation));
}

std::string wants_our_key(const std::string& imitation) {
  World world("oci-1.1");
  const auto image = world.push_image();
  sign(world, signature_by("theirs", image.digest()));
  return word_of(verify(world, imitation));
}

std::string wants_our_image(const std::string& imitation) {
  World world("oci-1.1");
  world.push_image();
  sign(world, signature_by("ours", world.make_image().digest()));
  return word_of(verify(world, imitation));
}

std::string fetches_what_counts(const std::string& imitation) {
  World world("oci-1.1");
  const auto image = world.push_image();
  sign(world, signature_by("ours", image.digest()));
  for (const auto* text : {"one", "two"}) {
    Order order;
    order.type = kSbomType;
    world.attach("sound", text, order);
  }
  const auto answer = verify(world, imitation);
  const auto at = answer.out.find("payloads fetched: ");
  return at == std::string::npos ? answer.err : answer.out.substr(at, answer.out.size() - at - 1);
}

}  // namespace

std::vector<Scenario> verify_scenarios() {
  return {
      {"c.any-bad-sig-fails", "a good signature, and junk of the same type", is_not_stopped_by_junk, "done", "failed"},
      {"c.any-sig-passes", "a signature by a key that the policy does not name", wants_our_key, "failed", "done"},
      {"c.subject-not-checked", "a good signature of another image", wants_our_image, "failed", "done"},
      {"c.verify-all", "a signature and two other artifacts", fetches_what_counts, "payloads fetched: 1",
       "payloads fetched: 4"},
  };
}

}  // namespace referee::imitation
