#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "referee/conformance/result.hpp"
#include "referee/reports/writers.hpp"

/// The working group's rubric, filled by measurement: user stories against variants of the proposals.
namespace referee::reports {

/// What a proposal claims of a story: Y, P, N, or T (to be tested).
struct Claim {
  std::string first;  ///< when the story was first written down for it
  std::string last;   ///< in its final text
};

/// fixtures/rubric.json. Claims are the proposals' own, or derived from their text where they have no such table.
class Claims {
 public:
  static tl::expected<Claims, std::string> parse(std::string_view json);
  /// Of the binary. Ends the program with exit code 70 and one line if it is wrong.
  static const Claims& builtin();

  /// nullptr where nothing is claimed: deployed practice.
  [[nodiscard]] const Claim* find(std::string_view story, std::string_view variant, std::string_view proposal) const;
  /// Whether the claims of a proposal are derived.
  [[nodiscard]] bool derived(std::string_view proposal) const;
  /// The stories in the rubric's order.
  [[nodiscard]] const std::vector<std::string>& stories() const { return stories_; }

 private:
  std::vector<std::string> stories_;
  std::map<std::string, Claim, std::less<>> claims_;  ///< by `F.1 E` and `C.8 D/index`
  std::vector<std::string> derived_;
};

struct RubricCell {
  std::string story;          ///< `F.2`
  std::string variant;        ///< `E/api`
  std::string registry;       ///< the target, or the profile of the fresh registry
  std::string claimed_first;  ///< empty: nothing is claimed
  std::string claimed_last;
  std::string measured;  ///< Y, P, N, unsupported; inconclusive where the target or the harness gave no answer
  std::string work;      ///< nobody, registry, client; empty if not measured
  std::string why;
  std::vector<conformance::Observation> numbers;
  std::string evidence;  ///< relative to the results folder: the check in report.html

  /// Measurement and final claim differ.
  [[nodiscard]] bool contradicts() const;
};

struct Rubric {
  conformance::RunInfo info;
  std::vector<std::string> stories;
  std::map<std::string, std::string> titles;  ///< of stories
  std::vector<std::string> variants;
  std::vector<RubricCell> cells;  ///< story by story

  [[nodiscard]] const RubricCell* find(std::string_view story, std::string_view variant) const;
};

/// The cells of a run's story checks. `fresh`: each cell had a registry of its own.
Rubric rubric_of(const conformance::Run& run, const Book& book, const Claims& claims, bool fresh);

/// One object per cell; reports/schemas/rubric.schema.json.
std::string rubric_json(const Rubric& rubric);
/// The matrix, then what contradicts its proposal's claim, then the numbers.
std::string rubric_markdown(const Rubric& rubric);
/// A page with the matrix alone; reports/report.hpp joins it with its run.
std::string rubric_html(const Rubric& rubric);
/// For a terminal: the matrix and the contradictions.
std::string rubric_text(const Rubric& rubric, std::size_t width);

}  // namespace referee::reports
