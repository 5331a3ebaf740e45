#include <fmt/format.h>
#include <gmock/gmock.h>

#include <chrono>

#include "conformance/registration.hpp"
#include "conformance/seed/common.hpp"
#include "referee/signing/bundle.hpp"
#include "referee/signing/verifier.hpp"

/// What a policy makes of the signatures that a variant leads to.
namespace referee::suites::seed {

using namespace referee::conformance;  // NOLINT(google-build-using-namespace): questions read as sentences

namespace {

using signing::Decision;
using signing::Time;

constexpr auto kNow = Time{std::chrono::sys_days{std::chrono::year{2026} / 1 / 10}};

signing::PrivateKey key_of(std::string_view whose) {
  return signing::PrivateKey::from_seed(signing::KeyType::kEd25519, 1, whose);
}

/// One signature by the owner's key.
signing::Policy owner_policy() {
  signing::Policy policy;
  policy.keys = {key_of("owner").public_key()};
  policy.artifact_types = {std::string(signing::kBundleType)};
  policy.statement_types = {std::string(signing::kCosignSign)};
  return policy;
}

oci::Digest digest_of(const Published& image) {
  const auto digest = oci::Digest::parse(image.subject.descriptor.digest);
  if (!digest) throw SetupFailed{digest.error()};
  return *digest;
}

proposals::Attachment bundle(std::string payload) {
  const std::string type(signing::kBundleType);
  return {type, "sig", {{"org.opencontainers.image.created", signing::format_time(kNow)}}, {type, std::move(payload)}};
}

proposals::Attachment signature(std::string_view whose, const oci::Digest& subject, std::string predicate = "{}") {
  signing::Statement statement{.subject = subject, .predicate = std::move(predicate)};
  return bundle(signing::sign_bundle(key_of(whose), statement).payload.bytes());
}

/// What an admission controller does: asks for signatures in the variant's way, and lets the policy choose.
struct Answer {
  Decision decision;
  std::uint64_t requests = 0;
};

Answer verify(Arena& arena, const Published& image, const signing::Policy& policy, Time now = kNow) {
  auto session = arena.session();
  const auto seen = pulled(arena.home(), image.subject);
  const auto before = session.wire->cost();
  const auto entries = discover(session, seen, {std::string(signing::kBundleType), "sig"}).entries;
  std::vector<signing::Candidate> candidates;
  for (const auto& entry : entries) {
    // A listing by short names does not repeat the type that was asked for.
    const auto type = entry.artifact_type.empty() ? std::string(signing::kBundleType) : entry.artifact_type;
    candidates.push_back({.artifact_type = type,
                          .annotations = entry.annotations,
                          .digest = entry.descriptor.digest.empty() ? entry.tag : entry.descriptor.digest,
                          .size = entry.descriptor.size,
                          .fetch = [&session, &entry]() -> tl::expected<std::string, std::string> {
                            auto payload = session.proposal->fetch(entry);
                            if (!payload) return tl::unexpected(payload.error().message);
                            return std::move(*payload);
                          }});
  }
  Answer answer{signing::decide(policy, digest_of(image), candidates, now), 0};
  answer.requests = (session.wire->cost() - before).requests;
  return answer;
}

void note_decision(Arena& arena, const std::string& what, const Answer& answer) {
  const auto& [decision, requests] = answer;
  note(arena, what,
       fmt::format("{}: {} matching, {} fetched, {} checked, {} verified; {} requests",
                   decision.allowed ? "allowed" : "denied", decision.matching, decision.fetched, decision.checked,
                   decision.verified, requests));
}

/// Everything about an image that is no good signature of it by its owner.
std::vector<proposals::Attachment> bad_ones(Arena& arena, const oci::Digest& subject) {
  const auto good = signature("owner", subject).payload.bytes();
  return {bundle("no JSON at all"), bundle(good.substr(0, good.size() / 2)), signature("somebody else", subject),
          signature("owner", oci::Digest::of("another image")), bundle(arena.random().bytes(4096))};
}

void only_matching(Arena& arena) {
  const auto image = arena.publish(arena.home());
  const auto count = std::min<std::size_t>(arena.scale().attachments, 100);
  auto given = arena.attachments(count - 1, "sbom");
  given.push_back(signature("owner", digest_of(image)));
  auto session = arena.session();
  auto subject = image.subject;
  attach_all(session, subject, given);
  const auto answer = verify(arena, image, owner_policy());
  EXPECT_TRUE(answer.decision.allowed) << answer.decision.reason;
  EXPECT_EQ(answer.decision.fetched, 1) << "payloads fetched";
  EXPECT_LE(answer.requests, 5) << "requests, of which none may be for what the policy does not ask for";
  note(arena, "attached", count);
  note_decision(arena, "one matches", answer);
}

void bad_is_harmless(Arena& arena) {
  const auto image = arena.publish(arena.home());
  auto given = bad_ones(arena, digest_of(image));
  given.push_back(signature("owner", digest_of(image)));
  auto session = arena.session();
  auto subject = image.subject;
  attach_all(session, subject, given);
  const auto answer = verify(arena, image, owner_policy());
  EXPECT_TRUE(answer.decision.allowed) << answer.decision.reason;
  EXPECT_EQ(answer.decision.verified, 1);
  note_decision(arena, "one good among bad ones", answer);
}

void no_match_denies(Arena& arena) {
  const auto image = arena.publish(arena.home());
  note_decision(arena, "nothing", verify(arena, image, owner_policy()));
  auto session = arena.session();
  auto subject = image.subject;
  attach_all(session, subject, bad_ones(arena, digest_of(image)));
  const auto answer = verify(arena, image, owner_policy());
  EXPECT_FALSE(answer.decision.allowed) << answer.decision.reason;
  EXPECT_EQ(answer.decision.matching, 5) << "bad ones that were looked at";
  note_decision(arena, "bad ones alone", answer);
}

void subject_bound(Arena& arena) {
  const auto signed_image = arena.publish(arena.home(), "signed");
  const auto other = arena.publish(arena.home(), "other");
  const std::vector<proposals::Attachment> given{signature("owner", digest_of(signed_image))};
  auto session = arena.session();
  for (const auto* image : {&signed_image, &other}) {
    auto subject = image->subject;
    attach_all(session, subject, given);
  }
  const auto right = verify(arena, signed_image, owner_policy());
  const auto wrong = verify(arena, other, owner_policy());
  EXPECT_TRUE(right.decision.allowed) << right.decision.reason;
  EXPECT_FALSE(wrong.decision.allowed) << "by a signature of another image: " << wrong.decision.reason;
  EXPECT_EQ(wrong.decision.matching, 1) << "it was attached, and looked at";
  note_decision(arena, "the image that was signed", right);
  note_decision(arena, "another one with the same signature", wrong);
}

void signature_as_policy(Arena& arena) {
  using std::chrono::days;
  const auto image = arena.publish(arena.home());
  auto policy = owner_policy();
  policy.expires = signing::TimeSource{.annotation = "", .pointer = "/predicate/expires"};
  // The scanner vouches for three days at a time, and then stops.
  const auto expires = signing::format_time(kNow + days{3});
  const std::vector<proposals::Attachment> given{
      signature("owner", digest_of(image), fmt::format(R"({{"expires":"{}"}})", expires))};
  auto session = arena.session();
  auto subject = image.subject;
  attach_all(session, subject, given);
  const auto fresh = verify(arena, image, policy, kNow);
  const auto down = verify(arena, image, policy, kNow + days{2});
  const auto late = verify(arena, image, policy, kNow + days{4});
  EXPECT_TRUE(fresh.decision.allowed) << fresh.decision.reason;
  EXPECT_TRUE(down.decision.allowed) << "the scanner is down for two days: " << down.decision.reason;
  EXPECT_FALSE(late.decision.allowed) << "the scanner is down for four days";
  EXPECT_EQ(fresh.decision.fetched, 1) << "payloads for a decision";
  note_decision(arena, "at once", fresh);
  note_decision(arena, "after two days", down);
  note_decision(arena, "after four days", late);
}

}  // namespace

void register_policies(Catalogue& catalogue) {
  ask(catalogue,
      {.id = "policy-only-matching",
       .title = "Only what the policy asks for is fetched",
       .how = "Attaches up to a hundred, one of which is a signature that the policy asks for, and decides. One "
              "payload may be fetched, with at most five requests.",
       .body = only_matching,
       .kills = any_variant});
  ask(catalogue,
      {.id = "policy-bad-sig-harmless",
       .title = "Bad signatures do not block a good one",
       .how = "Attaches junk, half a bundle, a stranger's signature and one of another image beside a good one.",
       .body = bad_is_harmless,
       .kills = any_variant});
  ask(catalogue, {.id = "policy-no-match-denies",
                  .title = "Bad signatures alone do not admit",
                  .how = "The same without the good one, and nothing at all.",
                  .body = no_match_denies,
                  .kills = any_variant});
  ask(catalogue, {.id = "policy-subject-bound",
                  .title = "A signature of another image does not count",
                  .how = "Attaches one good signature to the image that it is of, and to another one.",
                  .body = subject_bound,
                  .kills = any_variant});
  ask(catalogue, {.id = "admission-signature-as-policy",
                  .title = "Whether a fresh signature is there is all that admission needs to know",
                  .how = "A scanner signs for three days. Decides at once, after two days and after four.",
                  .body = signature_as_policy,
                  .kills = any_variant});
}

}  // namespace referee::suites::seed
