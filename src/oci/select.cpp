#include "referee/oci/select.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <set>

#include "referee/oci/json_depth.hpp"
#include "referee/oci/media_types.hpp"

namespace referee::oci {
namespace {

using Mode = Selector::Nested;
using Flaw = Selector::Defect;
using Outcome = SelectionOutcome;
using IndexJson = nlohmann::json;

constexpr std::size_t kLongestLabel = 4096;

bool is_image_type(std::string_view type) {
  return type == media_type::kManifest || type == media_type::kDockerManifest;
}
bool is_index_type(std::string_view type) {
  return type == media_type::kIndex || type == media_type::kDockerManifestList;
}

template <std::size_t kCount>
bool knows_all_keys(const IndexJson& object, const std::array<std::string_view, kCount>& keys) {
  for (const auto& [key, value] : object.items()) {
    if (std::ranges::find(keys, std::string_view(key)) == keys.end()) return false;
  }
  return true;
}

constexpr std::array<std::string_view, 6> kIndexKeys{"schemaVersion", "mediaType", "artifactType",
                                                     "manifests",     "subject",   "annotations"};
constexpr std::array<std::string_view, 8> kEntryKeys{"mediaType",   "digest", "size",         "urls",
                                                     "annotations", "data",   "artifactType", "platform"};
constexpr std::array<std::string_view, 5> kPlatformKeys{"architecture", "os", "os.version", "os.features", "variant"};

bool knows_all_fields(const IndexJson& index) {
  if (!knows_all_keys(index, kIndexKeys)) return false;
  return std::ranges::all_of(index["manifests"], [](const IndexJson& entry) {
    return knows_all_keys(entry, kEntryKeys) &&
           (!entry.contains("platform") || knows_all_keys(entry["platform"], kPlatformKeys));
  });
}

enum class Fit : std::uint8_t { kYes, kNo, kPlatformless };

struct Candidate {
  Descriptor entry;
  std::vector<std::string> path;
};

class Walk {
 public:
  Walk(const Selector& selector, const Platform& host, const FetchIndex& fetch, const SelectionLimits& limits)
      : selector_(selector), host_(host), fetch_(fetch), limits_(limits) {}

  Selection run(const Content& root) {
    if (is_image_type(root.media_type())) {
      choose({root.descriptor(), {}});
      return std::move(result_);
    }
    look_through(root, 0);
    if (!stopped_) choose_best();
    return std::move(result_);
  }

 private:
  [[nodiscard]] bool has(Flaw flaw) const { return selector_.defect == flaw; }

  void stop(Outcome outcome, std::string reason) {
    stopped_ = true;
    result_.outcome = outcome;
    result_.reason = std::move(reason);
  }

  /// No later entry can change the choice.
  [[nodiscard]] bool done() const {
    return stopped_ || (!matches_.empty() && !has(Flaw::kPickLast) && !has(Flaw::kPlatformlessFirst));
  }

  [[nodiscard]] Fit fit(const Descriptor& entry) const {
    if (has(Flaw::kFirstAnyPlatform)) return Fit::kYes;
    if (!entry.platform) {
      return selector_.platformless == Selector::Platformless::kFits ? Fit::kYes : Fit::kPlatformless;
    }
    const auto& platform = *entry.platform;
    if (has(Flaw::kRunsUnknown) && platform.os == "unknown") return Fit::kYes;
    if (platform.os != host_.os) return Fit::kNo;
    if (has(Flaw::kOsOnlyMatch)) return Fit::kYes;
    const auto agrees = [](const std::string& one, const std::string& other) {
      return one.empty() || other.empty() || one == other;
    };
    const bool version = !selector_.os_version || agrees(platform.os_version, host_.os_version);
    const bool same = platform.architecture == host_.architecture && agrees(platform.variant, host_.variant) && version;
    return same ? Fit::kYes : Fit::kNo;
  }

  /// The entries in the order in which they are looked at.
  [[nodiscard]] std::vector<Descriptor> ordered(std::vector<Descriptor> entries) const {
    const bool flat = selector_.nested == Mode::kFlatFirst;
    const bool nested = has(Flaw::kNestedFirstWins);
    if (!flat && !nested) return entries;
    std::ranges::stable_partition(entries,
                                  [&](const Descriptor& entry) { return is_index_type(entry.media_type) == nested; });
    return entries;
  }

  /// Nothing if the walk was stopped.
  std::vector<Descriptor> read_entries(const Content& index) {
    std::vector<Descriptor> entries;
    const auto unreadable = [&](std::string_view why) {
      stop(Outcome::kUnreadable, fmt::format("{} is no readable index: {}", index.digest().str(), why));
      return std::vector<Descriptor>{};
    };
    if (is_deeper_than(index.bytes(), kDeepestJson)) return unreadable("nested too deeply");
    const auto json = IndexJson::parse(index.bytes(), nullptr, false);
    if (!json.is_object() || !json.contains("manifests") || !json["manifests"].is_array()) {
      return unreadable("no JSON object with a list `manifests`");
    }
    for (const auto& value : json["manifests"]) {
      auto entry = descriptor_from_json(value);
      if (!entry) return unreadable(entry.error());
      entries.push_back(std::move(*entry));
    }
    if (has(Flaw::kErrorUnknownField) && !knows_all_fields(json)) stop(Outcome::kRejected, "an unknown property");
    for (const auto& entry : entries) {
      const bool unknown = !is_image_type(entry.media_type) && !is_index_type(entry.media_type);
      const bool no_architecture = entry.platform && entry.platform->architecture.empty();
      if (has(Flaw::kErrorUnknownMediaType) && unknown) stop(Outcome::kRejected, "media type " + entry.media_type);
      if (has(Flaw::kErrorMissingArchitecture) && no_architecture) {
        stop(Outcome::kRejected, entry.digest + " has a platform without an architecture");
      }
      if (has(Flaw::kNoNested) && is_index_type(entry.media_type)) {
        stop(Outcome::kRejected, entry.digest + " is a nested index");
      }
    }
    return entries;
  }

  void look_through(const Content& index, int depth) {
    const auto entries = ordered(read_entries(index));
    for (const auto& entry : entries) {
      if (done()) return;
      if (is_image_type(entry.media_type)) {
        consider(entry);
      } else if (is_index_type(entry.media_type)) {
        descend(entry, depth + 1);
      }
    }
  }

  void consider(const Descriptor& entry) {
    const auto fits = fit(entry);
    if (fits == Fit::kYes) matches_.push_back({entry, path_});
    if (fits == Fit::kPlatformless && !platformless_) platformless_ = Candidate{entry, path_};
  }

  void descend(const Descriptor& entry, int depth) {
    if (selector_.nested == Mode::kIgnored || fit(entry) == Fit::kNo) return;
    if (selector_.nested == Mode::kRefused) {
      return stop(Outcome::kRefused, entry.digest + " is a nested index, which this runtime does not know");
    }
    const bool unbounded = has(Flaw::kNestedUnbounded);
    if (unbounded && result_.fetches >= kMostSteps) {
      return stop(Outcome::kRunaway, fmt::format("stopped after {} nested indexes", kMostSteps));
    }
    if (!unbounded && !seen_.insert(entry.digest).second) return;
    if (!unbounded && (depth > limits_.depth || result_.fetches >= limits_.fetches)) {
      return stop(Outcome::kTooDeep, fmt::format("{}: more than {} indexes inside each other, or {} altogether",
                                                 entry.digest, limits_.depth, limits_.fetches));
    }
    ++result_.fetches;
    const auto content = fetch_(entry);
    if (!content) return stop(Outcome::kUnreadable, entry.digest + ": " + content.error());
    const auto digest = Digest::parse(entry.digest);
    // Whoever goes on for ever has trusted what came.
    if (!unbounded && (!digest || Digest::of(content->bytes(), digest->algorithm()) != *digest)) {
      return stop(Outcome::kUnreadable, entry.digest + ": what came has another digest");
    }
    path_.push_back(entry.digest);
    look_through(*content, depth);
    path_.pop_back();
    if (has(Flaw::kNestedFirstWins) && !stopped_ && matches_.empty()) {
      stop(Outcome::kNothing, "nothing in the first nested index fits");
    }
  }

  void choose(Candidate candidate) {
    const bool labels_fit = std::ranges::all_of(candidate.entry.annotations, [](const auto& annotation) {
      return annotation.first.size() + annotation.second.size() <= kLongestLabel;
    });
    if (has(Flaw::kAnnotation4k) && !labels_fit) return stop(Outcome::kRejected, "an annotation of over 4096 bytes");
    result_.outcome = Outcome::kSelected;
    result_.chosen = std::move(candidate.entry);
    result_.path = std::move(candidate.path);
  }

  void choose_best() {
    if (platformless_ && has(Flaw::kPlatformlessFirst)) return choose(*platformless_);
    if (!matches_.empty()) return choose(has(Flaw::kPickLast) ? matches_.back() : matches_.front());
    if (platformless_ && selector_.platformless == Selector::Platformless::kLast) return choose(*platformless_);
    stop(Outcome::kNothing, fmt::format("no entry for {}/{}", host_.os, host_.architecture));
  }

  const Selector& selector_;
  const Platform& host_;
  const FetchIndex& fetch_;
  const SelectionLimits& limits_;
  Selection result_;
  bool stopped_ = false;
  std::vector<Candidate> matches_;
  std::optional<Candidate> platformless_;
  std::vector<std::string> path_;
  std::set<std::string> seen_;
};

}  // namespace

Selection select(const Selector& selector, const Content& root, const Platform& host, const FetchIndex& fetch,
                 const SelectionLimits& limits) {
  return Walk(selector, host, fetch, limits).run(root);
}

}  // namespace referee::oci
