// What run.py needs of this room: each command prints JSON. Not installed, not part of the self-tests.
//   key TYPE SEED                             {"private", "public"}: PEM of a key; TYPE: p256 or ed25519
//   sign FORM PRIVATE DIGEST REFERENCE        {"artifactType", "annotations", "payload"}; FORM: bundle or simple
//   verify POLICY DIGEST NOW LISTING          the decision; LISTING: [{"artifactType", "annotations", "digest", "size",
//   "file"}]
// PRIVATE, POLICY, LISTING and each `file` are paths, NOW is a time of RFC 3339.

#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "referee/signing/bundle.hpp"
#include "referee/signing/simple_signing.hpp"
#include "referee/signing/verifier.hpp"

namespace {

using namespace referee;
using nlohmann::json;

std::string contents(const std::string& path) {
  const std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

template <typename T>
T must(tl::expected<T, std::string> result) {
  if (!result) throw std::runtime_error(result.error());
  return std::move(*result);
}

json key(const std::string& type, const std::string& seed) {
  const auto made = signing::PrivateKey::from_seed(
      type == "ed25519" ? signing::KeyType::kEd25519 : signing::KeyType::kEcdsaP256, std::stoull(seed));
  return {{"private", made.pem()}, {"public", made.public_key().pem()}};
}

json sign(const std::string& form, const std::string& path, const std::string& digest, const std::string& reference) {
  const auto signer = must(signing::PrivateKey::from_pem(contents(path)));
  const auto subject = must(oci::Digest::parse(digest));
  const auto signature =
      form == "bundle" ? signing::sign_bundle(signer, {subject}, signing::Time(std::chrono::seconds(1'790'000'000)))
                       : signing::sign_simple(signer, subject, reference);
  return {{"artifactType", signature.artifact_type},
          {"annotations", signature.annotations},
          {"payload", signature.payload.bytes()}};
}

json verify(const std::string& policy, const std::string& digest, const std::string& now, const std::string& listing) {
  std::vector<signing::Candidate> candidates;
  for (const auto& entry : json::parse(contents(listing))) {
    candidates.push_back({entry.at("artifactType"), entry.at("annotations"), entry.at("digest"), entry.at("size"),
                          [path = entry.at("file").get<std::string>()] {
                            return tl::expected<std::string, std::string>(contents(path));
                          }});
  }
  const auto time = signing::parse_time(now);
  if (!time) throw std::runtime_error("NOW is not a time of RFC 3339");
  const auto decision = signing::decide(must(signing::parse_policy(contents(policy))), must(oci::Digest::parse(digest)),
                                        candidates, *time);
  json rejected = json::array();
  for (const auto& rejection : decision.rejected) rejected.push_back(rejection.reason);
  return {{"allowed", decision.allowed},    {"reason", decision.reason},     {"fetched", decision.fetched},
          {"checked", decision.checked},    {"verified", decision.verified}, {"signers", decision.signers},
          {"rejected", std::move(rejected)}};
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> args(argv + 1, argv + argc);
  try {
    json answer;
    if (args.size() == 3 && args[0] == "key") {
      answer = key(args[1], args[2]);
    } else if (args.size() == 5 && args[0] == "sign") {
      answer = sign(args[1], args[2], args[3], args[4]);
    } else if (args.size() == 5 && args[0] == "verify") {
      answer = verify(args[1], args[2], args[3], args[4]);
    } else {
      std::cerr << "usage: see the head of tool.cpp\n";
      return 2;
    }
    std::cout << answer.dump() << '\n';
    return 0;
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
