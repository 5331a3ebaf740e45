#include "verification.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <span>
#include <thread>

#include "referee/signing/bundle.hpp"

namespace referee::suites::benchmarks {
namespace {

using std::chrono::steady_clock;

/// When the first one was made; the others follow by the second.
constexpr signing::Time kFirst{std::chrono::seconds{1'790'000'000}};

signing::PrivateKey signer(std::uint64_t seed) {
  return signing::PrivateKey::from_seed(signing::KeyType::kEcdsaP256, seed, "benchmarks");
}

/// As many threads as the machine has, for all verifications.
signing::VerifierPool& pool() {
  static signing::VerifierPool pool(std::max(1U, std::thread::hardware_concurrency()));
  return pool;
}

signing::Time now() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

}  // namespace

std::string_view name(Wanted wanted) {
  switch (wanted) {
    case Wanted::kAll:
      return "all";
    case Wanted::kOne:
      return "one";
    case Wanted::kNone:
      break;
  }
  return "none";
}

std::vector<proposals::Attachment> signatures(std::uint64_t seed, std::string_view digest, std::size_t count,
                                              std::size_t first) {
  std::vector<proposals::Attachment> made;
  made.reserve(count);
  const auto key = signer(seed);
  const auto subject = oci::Digest::parse(digest).value();
  for (std::size_t number = first; number < first + count; ++number) {
    auto signature = signing::sign_bundle(
        key, {subject, std::string(signing::kCosignSign), fmt::format(R"({{"number":{}}})", number)},
        kFirst + std::chrono::seconds{static_cast<std::int64_t>(number)});
    signature.annotations.emplace(std::string(kNumber), std::to_string(number));
    made.push_back(
        {std::move(signature.artifact_type), "sig", std::move(signature.annotations), std::move(signature.payload)});
  }
  return made;
}

signing::Policy policy_for(std::uint64_t seed, Wanted wanted, std::size_t count, Key key) {
  signing::Policy policy;
  policy.keys = {signer(seed).public_key()};
  if (key == Key::kUsedBefore) policy.keys.front().expect_many();
  policy.artifact_types = {std::string(signing::kBundleType)};
  policy.statement_types = {std::string(signing::kCosignSign)};
  policy.distinct = signing::Distinct::kDocuments;
  policy.signatures = wanted == Wanted::kAll ? std::max<std::size_t>(count, 1) : 1;
  policy.most_examined = std::max(policy.most_examined, count);
  if (wanted == Wanted::kOne) policy.annotations.emplace(std::string(kNumber), std::to_string(count / 2));
  if (wanted == Wanted::kNone) policy.annotations.emplace(std::string(kNumber), "none");
  return policy;
}

std::size_t wanted_count(Wanted wanted, std::size_t count) {
  if (wanted == Wanted::kAll) return count;
  return wanted == Wanted::kOne ? std::min<std::size_t>(count, 1) : 0;
}

proposals::Outcome<Verified> verify(Client& client, const proposals::Subject& subject, const signing::Policy& policy,
                                    std::size_t parallel) {
  const auto begun = steady_clock::now();
  const auto before = client.wire->cost();
  proposals::Filter filter;
  if (policy.artifact_types.size() == 1) filter = {policy.artifact_types.front(), "sig"};
  client.proposal->set_in_flight(parallel);
  auto entries = client.proposal->discover(subject, filter);
  if (!entries) return tl::unexpected(entries.error());
  const bool annotated = !policy.annotations.empty() ||
                         (policy.maximal_age && !policy.maximal_age->created.annotation.empty()) ||
                         (policy.expires && !policy.expires->annotation.empty());
  const auto detail = annotated ? proposals::Proposal::Detail::kAnnotations : proposals::Proposal::Detail::kType;
  if (auto described = client.proposal->describe(*entries, detail); !described) {
    return tl::unexpected(described.error());
  }
  std::vector<signing::Candidate> candidates;
  candidates.reserve(entries->size());
  for (const auto& entry : *entries) {
    // What is known by its tag alone has that as its name.
    const auto& name = entry.descriptor.digest.empty() ? entry.tag : entry.descriptor.digest;
    candidates.push_back({entry.artifact_type, entry.annotations, name, entry.descriptor.size,
                          [&client, &entry]() -> tl::expected<std::string, std::string> {
                            auto payload = client.proposal->fetch(entry);
                            if (!payload) return tl::unexpected(payload.error().message);
                            return std::move(*payload);
                          }});
  }
  const auto digest = oci::Digest::parse(subject.descriptor.digest);
  if (!digest) {
    return tl::unexpected(proposals::Failure{proposals::FailureKind::kUnsupported, "the subject has no digest", 0});
  }
  Verified verified;
  const auto fetch = [&](std::span<const signing::Candidate* const> wanted, const signing::Arrived& arrived) {
    std::vector<const proposals::Entry*> asked;
    asked.reserve(wanted.size());
    for (const auto* candidate : wanted) {
      asked.push_back(&(*entries)[static_cast<std::size_t>(candidate - candidates.data())]);
    }
    client.proposal->fetch_each(asked, [&](std::size_t at, proposals::Outcome<std::string> payload) {
      arrived(at, std::move(payload).map_error([](const proposals::Failure& failure) { return failure.message; }));
    });
  };
  verified.decision = signing::decide(policy, *digest, candidates, now(), fetch, pool());
  verified.cost = client.wire->cost() - before;
  verified.seconds = std::chrono::duration<double>(steady_clock::now() - begun).count();
  verified.found = entries->size();
  return verified;
}

bool is_right(const Verified& verified, Wanted wanted, std::size_t count) {
  const auto expected = wanted_count(wanted, count);
  return verified.decision.verified == expected && verified.decision.allowed == (expected > 0);
}

}  // namespace referee::suites::benchmarks
