#include "referee/certificate/profile.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "referee/oci/words.hpp"
#include "strict.hpp"

namespace referee::certificate {
namespace {

using conformance::Level;
using conformance::Verdict;

constexpr std::string_view kSuite = "oci-1.1";

std::vector<Profile> make_profiles() {
  const auto part = [](std::string name, std::string title, std::vector<std::string> sections) {
    sections.emplace_back("api");
    sections.emplace_back("errors");
    return Profile{std::move(name), std::move(title), std::string(kSuite), std::move(sections)};
  };
  std::vector<Profile> all{
      part("pull", "Pull", {"existence", "pull-blobs", "pull-manifests", "conditional"}),
      part("push", "Push", {"push-blobs", "push-chunked", "push-manifests", "uploads", "mount", "manifest-content"}),
      part("discovery", "Content discovery", {"tags", "referrers", "referrers-filter", "referrers-pages", "subject"}),
      part("management", "Content management", {"delete"}),
  };
  for (const char letter : std::string_view("abcdef")) {
    all.push_back({fmt::format("proposal-{}", letter),
                   fmt::format("Proposal {}", static_cast<char>(letter - 'a' + 'A')),
                   "proposals",
                   {std::string(1, letter)}});
  }
  // Of `referee runtime`; runtime_run.hpp judges it.
  all.push_back({"runtime", "Runtime", "runtime", {}});
  return all;
}

bool binds(const conformance::CheckResult& check) {
  return check.level == Level::kMust || check.level == Level::kImpl;
}

bool in_suite(std::string_view id, std::string_view suite) {
  return id.starts_with(suite) && id.substr(suite.size()).starts_with('/');
}

/// Why the run says nothing about a suite as a whole; empty if it does.
std::string missing_of(const std::string& suite, const conformance::Run& run, const conformance::Catalogue& catalogue) {
  std::set<std::string_view> had;
  for (const auto& check : run.checks) had.insert(check.raw.id);
  std::size_t all = 0;
  std::vector<std::string> missing;
  for (const auto& check : catalogue.all()) {
    if (!in_suite(check.id, suite)) continue;
    ++all;
    if (!had.contains(check.id)) missing.push_back(check.id);
  }
  if (std::ranges::none_of(had, [&](std::string_view id) { return in_suite(id, suite); })) {
    return fmt::format("the suite {} was not run", suite);
  }
  if (missing.empty()) return "";
  return fmt::format("the run took a part of the suite {} only: {} of {} {} missing, {} for instance", suite,
                     missing.size(), oci::counted(all, "check"), missing.size() == 1 ? "is" : "are", missing.front());
}

}  // namespace

bool Profile::rests_on(std::string_view check) const {
  if (!in_suite(check, suite)) return false;
  const auto rest = check.substr(suite.size() + 1);
  return std::ranges::find(sections, rest.substr(0, rest.find('/'))) != sections.end();
}

const std::vector<Profile>& profiles() {
  static const std::vector<Profile> kProfiles = make_profiles();
  return kProfiles;
}

const Profile* find_profile(std::string_view name) {
  const auto found = std::ranges::find(profiles(), name, &Profile::name);
  return found == profiles().end() ? nullptr : &*found;
}

std::string Claim::why_not() const {
  if (!missing.empty()) return missing;
  if (against.empty()) return "nothing that it asks for was shown";
  return first_of(against);
}

void Claim::add(const std::string& id, Verdict verdict, bool binds) {
  switch (verdict) {
    case Verdict::kPass:
      passed.push_back(id);
      break;
    case Verdict::kWarn:
      warned.push_back(id);
      break;
    case Verdict::kUnsupported:
      unsupported.push_back(id);
      break;
    case Verdict::kObserved:
      observed.push_back(id);
      break;
    case Verdict::kFail:
    case Verdict::kBlocked:
    case Verdict::kInconclusive:
    case Verdict::kError:
      // An error is nobody's behaviour, so that nothing is known of the check, whatever its level.
      if (binds || verdict == Verdict::kError) {
        against.push_back(fmt::format("{} {}", conformance::name(verdict), id));
      } else {
        warned.push_back(id);
      }
      break;
  }
}

Claim claim(const Profile& profile, const conformance::Run& run, const conformance::Catalogue& catalogue) {
  Claim made;
  made.profile = profile.name;
  made.missing = missing_of(profile.suite, run, catalogue);
  for (const auto& check : run.checks) {
    if (profile.rests_on(check.raw.id)) made.add(check.raw.id, check.verdict, binds(check));
  }
  return made;
}

tl::expected<std::vector<Claim>, std::string> claims(const std::vector<std::string>& names, const conformance::Run& run,
                                                     const conformance::Catalogue& catalogue) {
  std::vector<Claim> made;
  std::string why;
  for (const auto& profile : profiles()) {
    const bool named = std::ranges::find(names, profile.name) != names.end();
    if (!names.empty() && !named) continue;
    auto one = claim(profile, run, catalogue);
    if (one.holds()) {
      made.push_back(std::move(one));
      continue;
    }
    const auto line = fmt::format("{}: {}", profile.name, one.why_not());
    if (named) return tl::unexpected("the run does not show the profile " + line);
    if (why.empty() || one.missing.empty()) why += (why.empty() ? "" : "; ") + line;
  }
  for (const auto& name : names) {
    if (find_profile(name) == nullptr) return tl::unexpected("there is no profile " + name);
  }
  if (made.empty()) return tl::unexpected("the run shows no profile: " + why);
  return made;
}

}  // namespace referee::certificate
