#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "referee/conformance/verdict.hpp"

/// Runtimes against contents, clients against requirements: what each did, and how that stands to what it should do.
/// Values only; suites/matrix fills them, the room reports writes them.
namespace referee::conformance {

/// How what was seen stands to what is asked for.
enum class Standing : std::uint8_t {
  kRight,     ///< the object that must be selected, was; or nothing, where there is nothing to select
  kAllowed,   ///< the specification leaves it open
  kFailed,    ///< it failed although there is an object for it
  kWrong,     ///< it reported success with another object, or with none
  kTimeout,   ///< it was cut off at the limit
  kUnclear,   ///< what it selected could not be found out, or it could not be tried any more
  kNotTried,  ///< the runtime is not there, or has no such operation
};
std::string_view name(Standing standing);
std::optional<Standing> parse_standing(std::string_view text);

struct MatrixCell {
  std::string column;  ///< the runtime's or client's name
  std::string row;     ///< the content's or requirement's id
  Standing standing = Standing::kNotTried;
  Verdict verdict = Verdict::kUnsupported;
  std::string selected;               ///< label of the object that was taken: `image`, `nested`; empty if none
  std::string digest;                 ///< that the client named, if it named one
  int exit_code = 0;                  ///< of the pull; -1: a signal
  std::string why;                    ///< one line: what is right or wrong about it
  std::string words;                  ///< the client's own, one line
  std::string create;                 ///< of a container: empty: not tried, `created`, or the client's words
  std::vector<std::string> readings;  ///< of image-spec that select the same
  std::vector<std::string> notes;     ///< e.g. what else it fetched
  std::uint64_t requests = 0;
  std::uint64_t bytes = 0;  ///< of response bodies
  double seconds = 0;
  std::string was;  ///< with a baseline: what it was there, if that differs

  /// What must be the same in two runs of the same versions.
  [[nodiscard]] std::string outcome() const;
};

struct MatrixRow {
  std::string id;
  std::string about;
  std::vector<std::string> requirements;  ///< ledger ids
  std::string expected;                   ///< `image`; `nothing`; `open: image or nested`
};

struct MatrixColumn {
  std::string name;
  std::string about;
  std::string role;            ///< runtime, copier, client
  std::string client_version;  ///< empty if it is not there
  std::string daemon_version;
  std::string absent;                  ///< why it was not tried: `not installed: ...`
  std::vector<std::string> behaves;    ///< readings that explain most of its cells: `in-order (70 of 73)`
  std::vector<std::string> leftovers;  ///< what it left behind, and what became of it
  double seconds = 0;
};

struct Matrix {
  std::string tool_version;
  std::string kind;  ///< `runtimes`, `clients`
  std::string platform;
  std::uint64_t seed = 0;
  bool full = false;
  double started = 0;  ///< since the Unix epoch
  double seconds = 0;
  bool complete = false;
  std::string baseline;  ///< the file that `was` comes from
  std::vector<MatrixRow> rows;
  std::vector<MatrixColumn> columns;
  std::vector<MatrixCell> cells;  ///< column by column, in the order of the rows

  [[nodiscard]] const MatrixCell* find(std::string_view row, std::string_view column) const;
};

}  // namespace referee::conformance
