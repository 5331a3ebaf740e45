#pragma once

#include <map>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "referee/certificate/profile.hpp"
#include "referee/certificate/rejudge.hpp"
#include "referee/oci/builder.hpp"
#include "referee/signing/key.hpp"
#include "referee/signing/time.hpp"

/// Certificates. What is signed is an in-toto Statement v1 with a test result
/// (https://in-toto.io/attestation/test-result/v0.1) in a DSSE envelope in a sigstore bundle. A signature says who
/// vouches for the run; that the results follow from the recorded answers, everyone can find out again. Nobody can find
/// out whether the answers were the registry's: whoever doubts it judges the registry with the same seed.
namespace referee::certificate {

inline constexpr std::string_view kPredicateType = "https://in-toto.io/attestation/test-result/v0.1";
inline constexpr std::string_view kBundleFile = "certificate.sigstore.json";
/// artifactType of the image manifest that holds a submission's files.
inline constexpr std::string_view kSubmissionType = "application/vnd.referee.submission.v1";

/// The program that certifies or verifies.
struct Build {
  std::string version;
  std::string commit;  ///< as cli::commit()
};

/// PRODUCT.yaml, as the OCI certification asks for it.
struct Product {
  std::string vendor;
  std::string name;  ///< empty: the target as it was named
  std::string version;
  std::string website;
  std::string documentation;
};

/// Longest time until a certificate expires.
inline constexpr int kMostDays = 1000;

struct Order {
  std::string folder;                 ///< of `referee check`, or of `referee runtime`
  std::vector<std::string> profiles;  ///< empty: all that hold
  Product product;
  signing::Time now{};
  int days = 365;  ///< until it expires
};

/// A folder for others: every file by its name.
struct Submission {
  std::map<std::string, std::string> files;
  oci::Package image{oci::empty_blob(),
                     {}};  ///< the same files but for the certificate, as an artifact; the statement names its digest
  std::vector<Claim> claims;             ///< what was certified
  conformance::Run run;                  ///< of a registry; else without checks, and without a URL
  std::vector<std::string> not_claimed;  ///< "push: fail oci-1.1/...": why
};

/// Judges the folder's recording again and signs what came of it. Refuses, with one line: a build with changes, other
/// suites and versions than the build's own, a run that was cut or took a part of a suite, results that the recording
/// does not give, a profile that is not shown. A folder that has pulls.jsonl instead of a recording is a runtime's.
tl::expected<Submission, std::string> certify(const Order& order, const signing::PrivateKey& key, const Build& build,
                                              const reports::Book& book, const RejudgeOptions& options = {});

/// Names of all files that a submission of either kind can have.
std::vector<std::string> submission_files();

/// What a certificate that holds says.
struct Verified {
  std::vector<Claim> claims;
  std::string target;
  std::string issued;
  std::string expires;
  std::string commit;  ///< of the Referee that judged
  std::size_t checks = 0;
  std::string subject;                   ///< digest of the submission as an artifact
  std::vector<std::string> not_covered;  ///< names of what lies beside it in the folder, for a sentence
};

/// Why a certificate is not relied on.
struct NotVerified {
  std::string why;         ///< one sentence
  bool undecided = false;  ///< nothing is wrong with it so far, but only the Referee that it names can judge the run
};

/// Checks a submission's folder at the time `now`: signature, validity, digests of all files, suite and version, then
/// judges the recording again and requires the same results, the same statement, and PRODUCT.yaml (but for the vendor's
/// own words), README.md and badges that follow from them. All files are hostile input: links, and names in the bundle
/// and the statement that `certify` does not write or that are there twice, are refused. What another
/// Referee judged is undecided, once signature, validity and digests are found right.
tl::expected<Verified, NotVerified> verify(const std::string& folder, const signing::PublicKey& key, signing::Time now,
                                           const Build& build, const reports::Book& book,
                                           const RejudgeOptions& options = {});

/// badge.svg and badge.json (shields.io's endpoint).
std::string badge_svg(std::string_view label, std::string_view message);
std::string badge_json(std::string_view label, std::string_view message);

/// What attach() has pushed.
struct Attached {
  std::string submission;   ///< digest of the image manifest with the files
  std::string certificate;  ///< digest of the bundle's manifest, whose subject that is
  bool fallback = false;    ///< the registry has no referrers API: the referrers tag was written
};
/// Pushes the submission, and the bundle as its referrer (distribution-spec, "Pushing Manifests with Subject").
tl::expected<Attached, std::string> attach(distribution::Registry& registry, const std::string& repository,
                                           const Submission& submission);

}  // namespace referee::certificate
