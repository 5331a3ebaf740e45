#include <fmt/format.h>

#include "conformance/registration.hpp"
#include "conformance/stories/common.hpp"
#include "referee/signing/bundle.hpp"
#include "referee/signing/verifier.hpp"

/// C.10: whether a found object came from whom it claims, with real keys and signatures.
namespace referee::suites::stories {

using namespace referee::conformance;  // NOLINT(google-build-using-namespace): stories read as sentences

namespace {

using signing::KeyType;
using signing::PrivateKey;

constexpr std::int64_t kNow = 1767225600;  // 2026-01-01T00:00:00Z: the stories' own clock

/// A signature of `subject`, as something to attach.
proposals::Attachment signature(const PrivateKey& key, const oci::Descriptor& subject) {
  const signing::Statement statement{oci::Digest::parse(subject.digest).value()};
  auto made = signing::sign_bundle(key, statement);
  return {made.artifact_type, "sig", std::move(made.annotations), std::move(made.payload)};
}

/// The decision of a verifier that trusts one key, over everything that is attached.
signing::Decision verify(Session& session, const proposals::Subject& subject, const signing::PublicKey& trusted) {
  signing::Policy policy;
  policy.keys = {trusted};
  policy.artifact_types = {std::string(signing::kBundleType)};
  policy.statement_types = {std::string(signing::kCosignSign)};
  const auto found = discover(session, subject, {std::string(signing::kBundleType), "sig"});
  std::vector<signing::Candidate> candidates;
  for (const auto& entry : found.entries) {
    candidates.push_back({.artifact_type = std::string(signing::kBundleType),
                          .annotations = entry.annotations,
                          .digest = entry.descriptor.digest.empty() ? entry.tag : entry.descriptor.digest,
                          .size = entry.descriptor.size,
                          .fetch = [&session, entry]() -> tl::expected<std::string, std::string> {
                            auto payload = session.proposal->fetch(entry);
                            if (!payload) return tl::unexpected(payload.error().message);
                            return std::move(*payload);
                          }});
  }
  return signing::decide(policy, oci::Digest::parse(subject.descriptor.digest).value(), candidates,
                         signing::Time(std::chrono::seconds(kNow)));
}

/// One line of the table: what is attached, and what a verifier must say.
struct Trial {
  std::string name;
  bool allowed = false;
  bool must = false;
};

Cell origin(Arena& arena) {
  const auto& home = arena.home();
  auto session = arena.session();
  const auto seed = arena.random().next();
  const auto supplier = PrivateKey::from_seed(KeyType::kEcdsaP256, seed, "supplier");
  const auto stranger = PrivateKey::from_seed(KeyType::kEd25519, seed, "stranger");
  std::vector<Trial> trials;
  const auto look = [&](const std::string& name, const std::string& tag,
                        const std::vector<proposals::Attachment>& given, const Published& image, bool must) {
    arena.push(home, image);
    auto subject = image.subject;
    attach_all(session, subject, given);
    const auto decision = verify(session, pulled(home, image.subject), supplier.public_key());
    trials.push_back({fmt::format("{} ({})", name, tag), decision.allowed, must});
  };
  auto first = arena.build("right-key");
  look("the supplier's signature", "right-key", {signature(supplier, first.subject.descriptor)}, first, true);
  auto second = arena.build("wrong-key");
  look("a stranger's signature", "wrong-key", {signature(stranger, second.subject.descriptor)}, second, false);
  auto third = arena.build("other-image");
  look("the supplier's signature of another image", "other-image", {signature(supplier, first.subject.descriptor)},
       third, false);
  auto fourth = arena.build("junk");
  auto junk = signature(supplier, fourth.subject.descriptor);
  junk.payload =
      oci::Content(junk.payload.media_type(), junk.payload.bytes().substr(0, junk.payload.bytes().size() / 2));
  look("half a signature", "junk", {junk}, fourth, false);
  auto fifth = arena.build("mixed");
  look("a stranger's, half a one and the supplier's", "mixed",
       {signature(stranger, fifth.subject.descriptor), junk, signature(supplier, fifth.subject.descriptor)}, fifth,
       true);
  look("nothing", "unsigned", {}, arena.build("unsigned"), false);

  // Somebody who can write to the repository claims that an attachment belongs to another image.
  const auto relinked = trials[2].allowed;
  std::vector<std::string> wrong;
  Cell cell;
  for (const auto& trial : trials) {
    cell.number(trial.name, trial.allowed ? "accepted" : "refused");
    if (trial.allowed != trial.must) wrong.push_back(trial.name);
  }
  cell.measured = wrong.empty() ? Measured::kYes : relinked ? Measured::kNo : Measured::kPartly;
  cell.work = Work::kClient;
  cell.why = wrong.empty() ? "every signature is told right; the signed payload names the image, whatever the link says"
                           : fmt::format("told wrong: {}", fmt::join(wrong, ", "));
  return cell;
}

}  // namespace

void register_trust(Catalogue& catalogue) {
  add_story(catalogue,
            {.id = "C.10",
             .title = "Verify where an object came from",
             .how = "Attaches sigstore bundles of the right key, a wrong key, another image, half a bundle, all "
                    "of them and none, and lets a verifier that trusts one key decide. Y: every answer is right "
                    "and bound to the image; P: some are wrong; N: a signature of another image is accepted.",
             .body = origin,
             .kills = spoilt});
}

}  // namespace referee::suites::stories
