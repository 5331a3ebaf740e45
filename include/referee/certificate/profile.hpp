#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "referee/conformance/catalogue.hpp"
#include "referee/conformance/result.hpp"

namespace referee::certificate {

/// What a certificate can claim: the four parts of the distribution-spec by which registries are certified (its
/// "Conformance" section), each proposal's own interface, and runtimes.
struct Profile {
  std::string name;   ///< "pull"
  std::string title;  ///< for people: "Pull"
  std::string suite;  ///< first part of the ids
  /// Second parts of the ids whose checks it rests on. Those of `api` and `errors` are in all four of `oci-1.1`.
  std::vector<std::string> sections;

  [[nodiscard]] bool rests_on(std::string_view check) const;
};

const std::vector<Profile>& profiles();
/// nullptr if there is none of that name.
const Profile* find_profile(std::string_view name);

/// A profile held against a run.
struct Claim {
  std::string profile;
  std::string missing;  ///< why the run cannot tell: it did not take the whole suite; empty: it did
  /// Checks with a level that binds (MUST, IMPL) that failed, were blocked, erred or were inconclusive, as "fail ID".
  std::vector<std::string> against;
  std::vector<std::string> passed;
  std::vector<std::string> warned;
  std::vector<std::string> unsupported;
  std::vector<std::string> observed;

  /// It is shown: nothing is against it, and something binding passed.
  [[nodiscard]] bool holds() const { return missing.empty() && against.empty() && !passed.empty(); }
  /// Puts what was judged where it belongs; `binds`: its level is MUST or IMPL.
  void add(const std::string& id, conformance::Verdict verdict, bool binds);
  /// One line: why it does not hold.
  [[nodiscard]] std::string why_not() const;
};

Claim claim(const Profile& profile, const conformance::Run& run, const conformance::Catalogue& catalogue);

/// The claims of the profiles that are named, or if none is named, of all that hold. Fails with one line that says
/// which is not shown and why.
tl::expected<std::vector<Claim>, std::string> claims(const std::vector<std::string>& names, const conformance::Run& run,
                                                     const conformance::Catalogue& catalogue);

}  // namespace referee::certificate
