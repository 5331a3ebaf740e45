#include "model.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace referee::reports {

using conformance::CheckResult;
using conformance::Run;
using conformance::Verdict;

const std::array<Verdict, 8> kReadingOrder{Verdict::kFail,        Verdict::kError,  Verdict::kInconclusive,
                                           Verdict::kWarn,        Verdict::kPass,   Verdict::kObserved,
                                           Verdict::kUnsupported, Verdict::kBlocked};

std::size_t Counts::total() const {
  return std::accumulate(values_.begin(), values_.end(), std::size_t{0});
}

bool is_root_cause(Verdict verdict) {
  return verdict == Verdict::kFail || verdict == Verdict::kError || verdict == Verdict::kInconclusive ||
         verdict == Verdict::kWarn;
}

Counts count(const Run& run) {
  Counts counts;
  for (const auto& check : run.checks) counts.add(check.verdict);
  return counts;
}

std::string title(const CheckResult& check, const Book& book) {
  const auto* known = book.catalogue.find(check.raw.id);
  return known == nullptr ? std::string() : known->title;
}

std::vector<Cited> requirements(const CheckResult& check, const Book& book, conformance::Spec spec) {
  std::vector<Cited> cited;
  const auto* known = book.catalogue.find(check.raw.id);
  if (known == nullptr) return cited;
  for (const auto& id : known->requirements) {
    Cited one{id, std::nullopt, "", "", ""};
    if (const auto* requirement = book.ledger.find(id); requirement != nullptr) {
      one.level = requirement->level(spec);
      one.section = requirement->section;
      one.text = requirement->text;
      one.link = requirement->link(spec);
    }
    cited.push_back(std::move(one));
  }
  return cited;
}

std::string level_name(const std::optional<conformance::Level>& level) {
  return level ? std::string(conformance::name(*level)) : std::string("none");
}

IdParts split_id(std::string_view id) {
  const auto first = id.find('/');
  if (first == std::string_view::npos) return {"", "", std::string(id)};
  const auto last = id.rfind('/');
  const auto group = last > first ? id.substr(first + 1, last - first - 1) : std::string_view();
  return {std::string(id.substr(0, first)), std::string(group), std::string(id.substr(last + 1))};
}

std::string heading(const CheckResult& check, const Book& book) {
  if (const auto* known = book.catalogue.find(check.raw.id); known != nullptr && !known->requirements.empty()) {
    const auto* requirement = book.ledger.find(known->requirements.front());
    if (requirement != nullptr && !requirement->section.empty()) return requirement->section;
  }
  auto group = split_id(check.raw.id).group;
  return group.empty() ? std::string("other") : group;
}

std::vector<Section> sections(const Run& run, const Book& book) {
  std::vector<Section> found;
  std::map<std::pair<std::string, std::string>, std::size_t> index;
  for (const auto& check : run.checks) {
    std::pair key{split_id(check.raw.id).suite, heading(check, book)};
    const auto [place, fresh] = index.try_emplace(key, found.size());
    if (fresh) found.push_back({key.first, key.second, {}, {}});
    auto& section = found[place->second];
    section.checks.push_back(&check);
    section.counts.add(check.verdict);
  }
  return found;
}

std::vector<const CheckResult*> root_causes(const Run& run) {
  std::vector<const CheckResult*> found;
  for (const auto verdict : kReadingOrder) {
    if (!is_root_cause(verdict)) continue;
    for (const auto& check : run.checks) {
      if (check.verdict == verdict) found.push_back(&check);
    }
  }
  return found;
}

std::map<std::string, std::vector<std::string>, std::less<>> blocked_under(const Run& run) {
  std::map<std::string, std::vector<std::string>, std::less<>> found;
  for (const auto& check : run.checks) {
    if (check.verdict == Verdict::kBlocked) found[check.blocked_by].push_back(check.raw.id);
  }
  return found;
}

std::string reason_beside(const CheckResult& check) {
  std::string_view words = check.reason;
  while (words.ends_with('.') || words.ends_with(' ')) words.remove_suffix(1);
  const bool said = std::ranges::any_of(check.raw.failures, [&](const conformance::Failure& failure) {
    // Of a failure with both, only these are shown.
    const bool bare = failure.expected.empty() && failure.actual.empty();
    return (bare ? failure.what : failure.actual).find(words) != std::string::npos;
  });
  return said ? "" : check.reason;
}

const http::Exchange* evidence(const CheckResult& check, const conformance::Failure& failure) {
  if (!failure.exchange || *failure.exchange >= check.raw.exchanges.size()) return nullptr;
  return &check.raw.exchanges[*failure.exchange];
}

}  // namespace referee::reports
