#include <fmt/format.h>
#include <gmock/gmock.h>

#include <chrono>

#include "conformance/registration.hpp"
#include "conformance/seed/signatures.hpp"

/// What a policy makes of the signatures that a variant leads to.
namespace referee::suites::seed {

using namespace referee::conformance;  // NOLINT(google-build-using-namespace): questions read as sentences

namespace {

using signing::Decision;
using signing::Time;

oci::Digest digest_of(const Published& image) {
  return parsed_digest(image.subject.descriptor);
}

/// What an admission controller does: asks for signatures in the variant's way, and lets the policy choose.
struct Answer {
  Decision decision;
  std::uint64_t requests = 0;
};

/// `digest` is what is about to run; `seen` is where the signatures are looked for.
Answer verify(Arena& arena, const proposals::Subject& seen, const oci::Digest& digest, const signing::Policy& policy,
              Time now = kNow) {
  auto session = arena.session();
  const auto before = session.wire->cost();
  const auto entries = discover(session, seen, {std::string(signing::kBundleType), "sig"}).entries;
  std::vector<signing::Candidate> candidates;
  for (const auto& entry : entries) {
    candidates.push_back(candidate(entry, [&session, &entry] { return session.proposal->fetch(entry); }));
  }
  Answer answer{signing::decide(policy, digest, candidates, now), 0};
  answer.requests = (session.wire->cost() - before).requests;
  return answer;
}

Answer verify(Arena& arena, const Published& image, const signing::Policy& policy, Time now = kNow) {
  return verify(arena, pulled(arena.home(), image.subject), digest_of(image), policy, now);
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
  EXPECT_TRUE(answer.decision.allowed) << "the owner signed the image, and it is not allowed: "
                                       << answer.decision.reason;
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
  EXPECT_TRUE(answer.decision.allowed) << "the owner signed the image, and it is not allowed: "
                                       << answer.decision.reason;
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
  EXPECT_FALSE(answer.decision.allowed) << "by bad signatures alone the image is allowed: " << answer.decision.reason;
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
  EXPECT_TRUE(right.decision.allowed) << "the owner signed the image, and it is not allowed: " << right.decision.reason;
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
  EXPECT_TRUE(fresh.decision.allowed) << "the scanner vouches for the image, and it is not allowed: "
                                      << fresh.decision.reason;
  EXPECT_TRUE(down.decision.allowed) << "the scanner is down for two days: " << down.decision.reason;
  EXPECT_FALSE(late.decision.allowed) << "the scanner is down for four days";
  EXPECT_EQ(fresh.decision.fetched, 1) << "payloads for a decision";
  note_decision(arena, "at once", fresh);
  note_decision(arena, "after two days", down);
  note_decision(arena, "after four days", late);
}

void unsigned_run(Arena& arena) {
  const auto& home = arena.home();
  const auto image = arena.publish(home);
  auto session = arena.session();
  auto subject = image.subject;
  attach_all(session, subject, std::vector{signature("owner", digest_of(image))});
  const auto whole = verify(arena, image, owner_policy());
  EXPECT_TRUE(whole.decision.allowed) << "the owner signed the image, and it is not allowed: " << whole.decision.reason;
  note_decision(arena, "the signed image, by its tag", whole);

  // The same by the digests that a pull of it goes through, which nobody signed or which the signature names.
  const auto unsigned_index = verify(arena, pinned(image), digest_of(image), owner_policy());
  EXPECT_EQ(unsigned_index.decision.allowed, unsigned_index.decision.verified == 1)
      << "the index below its signatures runs by a signature of its own or not at all";
  note_decision(arena, "the index, by its digest", unsigned_index);
  const auto& inner = image.platforms.front();
  const proposals::Subject by_digest{inner.descriptor(), "", inner.manifest};
  const auto nested = verify(arena, by_digest, inner.digest(), owner_policy());
  EXPECT_FALSE(nested.decision.allowed) << "a platform that was not signed runs because its index was";
  note_decision(arena, "a platform of it, by its digest", nested);
  // Not even by somebody who has the signature of the whole at hand.
  const auto borrowed = verify(arena, pulled(home, image.subject), inner.digest(), owner_policy());
  EXPECT_FALSE(borrowed.decision.allowed) << "a platform runs by the signature of its index";
  EXPECT_EQ(borrowed.decision.matching, 1) << "the signature of the index was looked at";

  // With a signature of its own it does run.
  (void)arena.context().push_at(home.registry(), home.repository(), inner, "inner");
  proposals::Subject own{inner.descriptor(), "inner", inner.manifest};
  attach_all(session, own, std::vector{signature("owner", inner.digest())});
  const auto signed_too = verify(arena, pulled(home, own), inner.digest(), owner_policy());
  EXPECT_TRUE(signed_too.decision.allowed)
      << "the owner signed the platform, and it is not allowed: " << signed_too.decision.reason;
  note_decision(arena, "the platform with a signature of its own", signed_too);
}

}  // namespace

void register_policies(Catalogue& catalogue) {
  ask(catalogue,
      {.id = "policy-only-matching",
       .requirement = "S.policy.only-matching",
       .title = "Only what the policy asks for is fetched",
       .how = "Attaches up to a hundred, one of which is a signature that the policy asks for, and decides. One "
              "payload may be fetched, with at most five requests.",
       .body = only_matching,
       .kills = any_variant});
  ask(catalogue,
      {.id = "policy-bad-sig-harmless",
       .requirement = "S.policy.bad-sig-harmless",
       .title = "Bad signatures do not block a good one",
       .how = "Attaches junk, half a bundle, a stranger's signature and one of another image beside a good one.",
       .body = bad_is_harmless,
       .kills = any_variant});
  ask(catalogue, {.id = "policy-no-match-denies",
                  .requirement = "S.policy.no-match-denies",
                  .title = "Bad signatures alone do not admit",
                  .how = "The same without the good one, and nothing at all.",
                  .body = no_match_denies,
                  .kills = any_variant});
  ask(catalogue, {.id = "policy-subject-bound",
                  .requirement = "S.policy.subject-bound",
                  .title = "A signature of another image does not count",
                  .how = "Attaches one good signature to the image that it is of, and to another one.",
                  .body = subject_bound,
                  .kills = any_variant});
  ask(catalogue, {.id = "admission-signature-as-policy",
                  .requirement = "S.admission.signature-as-policy",
                  .title = "Whether a fresh signature is there is all that admission needs to know",
                  .how = "A scanner signs for three days. Decides at once, after two days and after four.",
                  .body = signature_as_policy,
                  .kills = any_variant});
  ask(catalogue, {.id = "unsigned-run",
                  .requirement = "S.unsigned-run",
                  .title = "What is inside a signed image does not run by its digest alone",
                  .how = "Signs an index; then asks whether the index and a platform in it may run when they are "
                         "pulled by their own digests: by a signature of their own, or not at all. Then the platform "
                         "is signed.",
                  .body = unsigned_run,
                  .kills = any_variant});
}

}  // namespace referee::suites::seed
