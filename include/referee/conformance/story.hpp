#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "referee/conformance/arena.hpp"
#include "referee/conformance/catalogue.hpp"

namespace referee::conformance {

/// What a user story comes to with one variant on one target (RUBRIC.md of the working group: yes, partial, no).
enum class Measured : std::uint8_t { kYes, kPartly, kNo, kUnsupported };
std::string_view name(Measured measured);  ///< "Y", "P", "N", "unsupported"

/// Who does the work that the story asks for.
enum class Work : std::uint8_t { kNobody, kRegistry, kClient };
std::string_view name(Work work);  ///< "nobody", "registry", "client"

/// One cell of the rubric: the verdict, and the numbers behind it.
struct Cell {
  Measured measured = Measured::kNo;
  Work work = Work::kNobody;
  std::string why = {};                   ///< one line: what decided
  std::vector<Observation> numbers = {};  ///< the same in every run with one seed
  std::vector<Observation> varying = {};  ///< of races and times: no proof is built on them

  Cell& number(std::string key, std::uint64_t value);
  Cell& number(std::string key, std::string value);
};

/// Thrown by the helpers of a story when there is nothing more to measure; the cell is what it has come to.
struct Halt {
  Cell cell;
};

/// The value, or the end of the story: transport trouble makes the check inconclusive, what the target or the protocol
/// lacks makes the cell unsupported, and a refusal makes it N with the failure's line.
template <typename T>
T take(proposals::Outcome<T> outcome, std::string_view what);
[[noreturn]] void halt(const proposals::Failure& failure, std::string_view what);

/// The key of a cell's number that says what the target lacks for its claim to be tried: it is not held against it.
inline constexpr std::string_view kNotComparable = "not comparable";

/// Something that is asked of every variant, in one check each: `seed/history/d-wrap`. It names no proposal. What it is
/// given has been found to be supported; a Halt is reported, and one that came to N is a failed expectation.
struct Question {
  std::string id;           ///< in lower case
  std::string requirement;  ///< what the ledger knows it as, by its whole id
  std::string title;        ///< one line, continued by "with D/wrap"
  std::string how;          ///< for `explain`
  std::function<void(Arena&)> body;
  /// The faults that change what is observed of a variant.
  std::function<std::vector<std::string>(const proposals::Variant&)> kills = {};
  /// Of which variants it can be asked; empty: of all.
  std::function<bool(const proposals::Variant&)> concerns = {};
  std::vector<std::string> cites = {};  ///< other requirements, by their whole ids, that it speaks of
  /// The profile on which a proof runs it; empty: the variant's.
  std::function<std::string(const proposals::Variant&)> profile = {};
};

/// Adds one check for each variant that it concerns to a suite, e.g. `seed`.
void add_question(Catalogue& catalogue, std::string_view suite, const Question& question);

/// A user story of the working group's REQUIREMENTS.md: written once, run for every variant. It names no proposal.
struct Story {
  std::string id;     ///< `F.2`; the ledger knows it as `story.F.2`
  std::string title;  ///< the story, in one line
  std::string how;    ///< the procedure and the rule for Y, P and N, for `explain`
  std::function<Cell(Arena&)> body;
  /// The faults that change the cell of a variant.
  std::function<std::vector<std::string>(const proposals::Variant&)> kills = {};
  std::vector<std::string> cites = {};                                 ///< as in Question
  std::function<std::string(const proposals::Variant&)> profile = {};  ///< as in Question
};

/// Adds one check for each variant, `stories/f.2/oci-1.1-fallback`: what it observes is `measured`, `work`, `why`, and
/// the numbers.
void add_story(Catalogue& catalogue, const Story& story);

/// The id's last part: `oci-1.1-fallback` for `oci-1.1/fallback`.
std::string slug_of(const proposals::Variant& variant);
/// The check of a cell.
std::string check_id(std::string_view story, const proposals::Variant& variant);

template <typename T>
T take(proposals::Outcome<T> outcome, std::string_view what) {
  if (!outcome) halt(outcome.error(), what);
  if constexpr (!std::is_void_v<T>) return std::move(*outcome);
}

}  // namespace referee::conformance
