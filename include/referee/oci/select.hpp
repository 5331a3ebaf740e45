#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "referee/oci/content.hpp"
#include "referee/oci/descriptor.hpp"

/// A model of what runtimes do with an image index: which manifest is pulled on which platform. image-index.md of the
/// image-spec says that the first matching entry should be used, that nested indexes should be supported, that a
/// platform is optional and that unknown media types are no error; what that leaves open is a *reading*, what it does
/// not allow is a *defect*.
namespace referee::oci {

enum class SelectionOutcome : std::uint8_t {
  kSelected,
  kNothing,     ///< no entry fits
  kRefused,     ///< a nested index stands where the choice falls, and this runtime says that it knows none
  kTooDeep,     ///< beyond the limits of depth or number of indexes
  kUnreadable,  ///< an index that is none, or that could not be fetched, or has other bytes than its digest says
  kRejected,    ///< a defect: something legal was taken for an error
  kRunaway,     ///< a defect: it would have gone on, and was stopped after kMostSteps indexes
};
/// `selected`, `nothing`, ...
std::string_view name(SelectionOutcome outcome);

struct Selection {
  SelectionOutcome outcome = SelectionOutcome::kNothing;
  std::optional<Descriptor> chosen;  ///< the entry, if kSelected
  std::vector<std::string> path;     ///< digests of the nested indexes that lead to it, outermost first
  int fetches = 0;                   ///< nested indexes that were asked for; the chosen manifest is not one of them
  std::string reason;                ///< one line, unless kSelected
};

/// Gives a nested index, or a line that says why not. What comes back is checked against the descriptor's digest.
using FetchIndex = std::function<tl::expected<Content, std::string>(const Descriptor&)>;

struct SelectionLimits {
  int depth = 32;     ///< indexes inside each other
  int fetches = 256;  ///< nested indexes altogether; one that was looked through already is not fetched again
};
/// Where defects without limits are stopped.
inline constexpr int kMostSteps = 1000;

/// How a runtime selects.
struct Selector {
  enum class Nested : std::uint8_t {
    kInOrder,    ///< looked through where they stand
    kFlatFirst,  ///< looked through after the manifests beside them
    kIgnored,    ///< skipped like any unknown media type
    kRefused,    ///< an error as soon as one is reached that may fit
  };
  enum class Platformless : std::uint8_t {
    kNever,  ///< entries without a platform fit nobody
    kLast,   ///< the first of them is taken if no entry names the platform
    kFits,   ///< they fit everybody, where they stand: who needs no platform runs on each
  };
  enum class Defect : std::uint8_t {
    kNone,
    kPickLast,
    kFirstAnyPlatform,
    kPlatformlessFirst,
    kOsOnlyMatch,
    kRunsUnknown,
    kNoNested,
    kNestedFirstWins,
    kNestedUnbounded,
    kErrorUnknownMediaType,
    kErrorUnknownField,
    kErrorMissingArchitecture,
    kAnnotation4k,
  };

  std::string id;     ///< `in-order`, `t.pick-last`: stable, for reports and --select
  std::string about;  ///< one sentence
  Nested nested = Nested::kInOrder;
  Platformless platformless = Platformless::kNever;
  bool os_version = false;  ///< an entry with another os.version than the host's does not fit (a MAY)
  Defect defect = Defect::kNone;
};

/// The readings, the most literal first, then the defects `t.*`, each of them in the reading
/// `in-order/platformless-last`. Ids are unique.
const std::vector<Selector>& selectors();
/// nullptr if there is none of that id.
const Selector* find_selector(std::string_view id);

/// What this runtime on `host` selects from an index; of an image manifest, the manifest itself. A variant or
/// os.version that the entry or the host leaves out fits. `fetch` is called in the order in which indexes are reached.
/// Whatever the bytes are, this ends: depth, fetches and JSON nesting are bounded.
Selection select(const Selector& selector, const Content& root, const Platform& host, const FetchIndex& fetch,
                 const SelectionLimits& limits = {});

struct SelectedBy {
  const Selector* selector = nullptr;  ///< one of selectors()
  Selection selection;
};
/// What each of selectors() selects.
std::vector<SelectedBy> select_by_all(const Content& root, const Platform& host, const FetchIndex& fetch,
                                      const SelectionLimits& limits = {});

}  // namespace referee::oci
