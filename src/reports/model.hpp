#pragma once

#include <array>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "referee/reports/writers.hpp"

/// The same reading of a run for every writer: names, sections, root causes.
namespace referee::reports {

/// Number of checks for each verdict.
class Counts {
 public:
  void add(conformance::Verdict verdict) { ++values_.at(static_cast<std::size_t>(verdict)); }
  [[nodiscard]] std::size_t of(conformance::Verdict verdict) const {
    return values_.at(static_cast<std::size_t>(verdict));
  }
  [[nodiscard]] std::size_t total() const;

 private:
  std::array<std::size_t, 8> values_{};
};

/// Verdicts in the order in which people want to read them: what needs action first.
extern const std::array<conformance::Verdict, 8> kReadingOrder;

/// fail, error, inconclusive, warn: the check itself has something to say, unlike `blocked`.
bool is_root_cause(conformance::Verdict verdict);

Counts count(const conformance::Run& run);
std::string title(const conformance::CheckResult& check, const Book& book);

/// A requirement as the run's version of the specification has it.
struct Cited {
  std::string id;
  std::optional<conformance::Level> level;
  std::string section;
  std::string text;
  std::string link;
};
std::vector<Cited> requirements(const conformance::CheckResult& check, const Book& book, conformance::Spec spec);

std::string level_name(const std::optional<conformance::Level>& level);  ///< "from main" levels are "none"

/// `oci-1.1/referrers/empty-list` -> `oci-1.1`, `referrers`, `empty-list`. Missing parts are empty.
struct IdParts {
  std::string suite;
  std::string group;
  std::string leaf;
};
IdParts split_id(std::string_view id);

/// The checks under one heading of the specification, in the run's order.
struct Section {
  std::string suite;
  std::string heading;
  std::vector<const conformance::CheckResult*> checks;
  Counts counts;
};
std::vector<Section> sections(const conformance::Run& run, const Book& book);
/// The heading of one check: its first requirement's section, or the middle of its id.
std::string heading(const conformance::CheckResult& check, const Book& book);

/// Root causes, worst verdict first, then in the run's order.
std::vector<const conformance::CheckResult*> root_causes(const conformance::Run& run);
/// Ids of the checks that each root cause blocks.
std::map<std::string, std::vector<std::string>, std::less<>> blocked_under(const conformance::Run& run);

/// Why the verdict is as it is, unless a failure that stands beside it says the same.
std::string reason_beside(const conformance::CheckResult& check);

/// The exchange that shows a failure, or null.
const http::Exchange* evidence(const conformance::CheckResult& check, const conformance::Failure& failure);

}  // namespace referee::reports
