#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "pattern.hpp"
#include "referee/conformance/catalogue.hpp"
#include "referee/oci/words.hpp"
#include "text.hpp"

namespace referee::conformance {
namespace {

std::string suite_of(const Check& check) {
  return check.id.substr(0, check.id.find('/'));
}

bool pattern_matches(std::string_view pattern, const Check& check) {
  if (!pattern.starts_with('@')) return glob_match(pattern, check.id);
  pattern.remove_prefix(1);
  return std::ranges::any_of(check.tags, [&](const std::string& tag) { return glob_match(pattern, tag); });
}

std::string no_match(std::string_view pattern, const std::vector<Check>& checks) {
  std::set<std::string> tags;
  std::vector<std::string> ids;
  for (const auto& check : checks) {
    ids.push_back(check.id);
    tags.insert(check.tags.begin(), check.tags.end());
  }
  if (pattern.starts_with('@')) {
    return fmt::format("no check has the tag `{}`{}", printable(pattern),
                       oci::did_you_mean(pattern.substr(1), {tags.begin(), tags.end()}, "@"));
  }
  if (pattern.find_first_of("*?") != std::string_view::npos) {
    return fmt::format("no check matches `{}`{}", printable(pattern), oci::did_you_mean(pattern, ids));
  }
  return fmt::format("there is no check `{}`{}", printable(pattern), oci::did_you_mean(pattern, ids));
}

}  // namespace

tl::expected<std::vector<std::string>, std::string> Catalogue::select(const Selection& selection, const Ledger& ledger,
                                                                      Spec spec) const {
  std::vector<std::string> suites;
  for (const auto& check : checks_) {
    if (std::ranges::find(suites, suite_of(check)) == suites.end()) suites.push_back(suite_of(check));
  }
  for (const auto& suite : selection.suites) {
    if (std::ranges::find(suites, suite) != suites.end()) continue;
    const auto near = oci::did_you_mean(suite, suites);
    return tl::unexpected(fmt::format("there is no suite `{}`{}", printable(suite),
                                      near.empty() ? fmt::format("; choose from {}", fmt::join(suites, ", ")) : near));
  }

  // Patterns apply in the order given; a list that only takes away starts from everything.
  const bool from_all =
      std::ranges::all_of(selection.select, [](const std::string& pattern) { return pattern.starts_with('!'); });
  std::vector<bool> taken(checks_.size(), from_all);
  auto wanted_suites = selection.suites;
  if (wanted_suites.empty() && from_all && !selection.default_suite.empty()) {
    wanted_suites.push_back(selection.default_suite);
  }
  for (const auto& item : selection.select) {
    const bool take = !item.starts_with('!');
    const std::string_view pattern = std::string_view(item).substr(take ? 0 : 1);
    bool matched = false;
    for (std::size_t index = 0; index < checks_.size(); ++index) {
      if (!pattern_matches(pattern, checks_[index])) continue;
      matched = true;
      taken[index] = take;
    }
    if (!matched) return tl::unexpected(no_match(pattern, checks_));
  }

  std::vector<std::string> ids;
  for (std::size_t index = 0; index < checks_.size(); ++index) {
    const Check& check = checks_[index];
    if (!taken[index]) continue;
    if (!wanted_suites.empty() && std::ranges::find(wanted_suites, suite_of(check)) == wanted_suites.end()) {
      continue;
    }
    if (!selection.levels.empty()) {
      const auto own = level(check, ledger, spec);
      if (!own || std::ranges::find(selection.levels, *own) == selection.levels.end()) continue;
    }
    ids.push_back(check.id);
  }
  return ids;
}

}  // namespace referee::conformance
