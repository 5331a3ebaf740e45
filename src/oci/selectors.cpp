#include <algorithm>

#include "referee/oci/select.hpp"

namespace referee::oci {
namespace {

using Nested = Selector::Nested;
using Platformless = Selector::Platformless;
using Defect = Selector::Defect;

Selector defect_selector(std::string id, std::string about, Defect defect) {
  return {std::move(id), std::move(about), Nested::kInOrder, Platformless::kLast, false, defect};
}

std::vector<Selector> make_selectors() {
  return {
      {"in-order", "The first entry of the platform; a nested index is looked through where it stands.",
       Nested::kInOrder, Platformless::kNever},
      {"in-order/platformless-last", "As in-order; if nothing fits, the first entry without a platform.",
       Nested::kInOrder, Platformless::kLast},
      {"in-order/platformless-fits", "As in-order; an entry without a platform fits like one that names it.",
       Nested::kInOrder, Platformless::kFits},
      {"in-order/os-version", "As in-order; another os.version than the host's does not fit.", Nested::kInOrder,
       Platformless::kNever, true},
      {"flat-first", "Manifests before the nested indexes beside them, each in order.", Nested::kFlatFirst,
       Platformless::kNever},
      {"flat-first/platformless-last", "As flat-first; if nothing fits, the first entry without a platform.",
       Nested::kFlatFirst, Platformless::kLast},
      {"nested-ignored", "The first manifest of the platform; nested indexes are skipped.", Nested::kIgnored,
       Platformless::kNever},
      {"nested-refused", "As in-order; a nested index that is reached is a clear error.", Nested::kRefused,
       Platformless::kNever},
      defect_selector("t.pick-last", "Takes the last entry that fits.", Defect::kPickLast),
      defect_selector("t.first-any-platform", "Takes the first manifest, whatever its platform.",
                      Defect::kFirstAnyPlatform),
      defect_selector("t.platformless-first", "Takes an entry without a platform, though another names the platform.",
                      Defect::kPlatformlessFirst),
      defect_selector("t.os-only-match", "Compares the operating system alone.", Defect::kOsOnlyMatch),
      defect_selector("t.runs-unknown", "Takes the platform \"unknown\" for one that it can run.",
                      Defect::kRunsUnknown),
      defect_selector("t.no-nested", "Fails on every index that holds another, though a manifest beside it fits.",
                      Defect::kNoNested),
      defect_selector("t.nested-first-wins",
                      "Looks into the first nested index before all manifests, and nowhere else.",
                      Defect::kNestedFirstWins),
      defect_selector("t.nested-unbounded", "Follows nested indexes without a limit, without remembering where it was.",
                      Defect::kNestedUnbounded),
      defect_selector("t.error-unknown-mt", "Fails on an entry of an unknown media type.",
                      Defect::kErrorUnknownMediaType),
      defect_selector("t.error-unknown-field", "Fails on a property that it does not know.",
                      Defect::kErrorUnknownField),
      defect_selector("t.error-missing-arch", "Fails on a platform without an architecture.",
                      Defect::kErrorMissingArchitecture),
      defect_selector("t.annot-4k", "Fails if an annotation of the chosen entry has over 4096 bytes, its key included.",
                      Defect::kAnnotation4k),
  };
}

}  // namespace

const std::vector<Selector>& selectors() {
  static const std::vector<Selector> kSelectors = make_selectors();
  return kSelectors;
}

const Selector* find_selector(std::string_view id) {
  const auto found = std::ranges::find(selectors(), id, &Selector::id);
  return found == selectors().end() ? nullptr : &*found;
}

std::string_view name(SelectionOutcome outcome) {
  switch (outcome) {
    case SelectionOutcome::kSelected:
      return "selected";
    case SelectionOutcome::kNothing:
      return "nothing";
    case SelectionOutcome::kRefused:
      return "refused";
    case SelectionOutcome::kTooDeep:
      return "too-deep";
    case SelectionOutcome::kUnreadable:
      return "unreadable";
    case SelectionOutcome::kRejected:
      return "rejected";
    case SelectionOutcome::kRunaway:
      return "runaway";
  }
  return "";
}

std::vector<SelectedBy> select_by_all(const Content& root, const Platform& host, const FetchIndex& fetch,
                                      const SelectionLimits& limits) {
  std::vector<SelectedBy> all;
  for (const auto& selector : selectors()) all.push_back({&selector, select(selector, root, host, fetch, limits)});
  return all;
}

}  // namespace referee::oci
