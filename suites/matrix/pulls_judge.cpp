#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "judge.hpp"
#include "pulls_file.hpp"
#include "referee/oci/digest.hpp"
#include "workplace.hpp"

namespace referee::suites::matrix {
namespace {

/// Those of a run, in the order of the report; the others would take as long to make as they take to judge.
std::vector<Shape> shapes_of(std::uint64_t seed, const oci::Platform& platform, const std::vector<std::string>& rows) {
  return shapes(seed, platform,
                [&](const std::string& id, bool /*large*/) { return std::ranges::find(rows, id) != rows.end(); });
}

std::string digest_of(const std::vector<Shape>& all, const conformance::Ledger& ledger) {
  using Line = nlohmann::ordered_json;
  std::string text;
  for (const auto& shape : all) {
    Line line{{"content", shape.id},
              {"about", shape.about},
              {"requirements", shape.requirements},
              {"root", shape.root().digest().str()},
              {"by_digest", shape.by_digest},
              {"open", shape.open},
              {"may_refuse", shape.may_refuse},
              {"labels", Line::array()}};
    for (const auto& part : shape.parts)
      line["labels"].push_back({part.label, part.content.digest().str(), part.pushed});
    text += line.dump() + '\n';
    for (const auto& id : shape.requirements) {
      const auto* requirement = ledger.find(id);
      if (requirement == nullptr) continue;
      const auto level = requirement->level(conformance::Spec::kV1_1);
      text += fmt::format("{} {} {}\n", id, level ? name(*level) : "-", requirement->text);
    }
  }
  return oci::Digest::of(text).str();
}

}  // namespace

std::string contents_digest(std::uint64_t seed, const oci::Platform& platform, const std::vector<std::string>& rows,
                            const conformance::Ledger& ledger) {
  return digest_of(shapes_of(seed, platform, rows), ledger);
}

Pulls pulls_of(const conformance::Matrix& matrix, const MatrixOptions& options, const std::vector<PullRecord>& records,
               const std::string& commit, const conformance::Ledger& ledger) {
  Pulls made;
  made.tool_version = matrix.tool_version;
  made.commit = commit;
  made.platform = matrix.platform;
  made.seed = matrix.seed;
  made.full = matrix.full;
  made.limit = options.pull_limit.count();
  made.started = matrix.started;
  made.seconds = matrix.seconds;
  for (const auto& row : matrix.rows) made.rows.push_back(row.id);
  made.contents = contents_digest(matrix.seed, options.platform, made.rows, ledger);
  made.runtimes = matrix.columns;
  for (std::size_t at = 0; at < matrix.columns.size(); ++at) {
    made.runtimes[at].behaves.clear();
    made.descriptions.push_back(options.runtimes[at].digest);
    std::ranges::copy_if(records, std::back_inserter(made.records),
                         [&](const auto& record) { return record.runtime == matrix.columns[at].name; });
  }
  return made;
}

tl::expected<conformance::Matrix, std::string> judge_pulls(const Pulls& pulls, const conformance::Ledger& ledger) {
  const auto platform = read_platform(pulls.platform);
  const auto all = shapes_of(pulls.seed, platform, pulls.rows);
  if (const auto own = digest_of(all, ledger); own != pulls.contents) {
    return tl::unexpected(fmt::format(
        "pulls.jsonl was made with other contents ({}, Referee {}, commit {}), this program has {}: use the "
        "Referee that made it",
        pulls.contents, pulls.tool_version, pulls.commit, own));
  }
  conformance::Matrix matrix;
  matrix.tool_version = pulls.tool_version;
  matrix.kind = "runtimes";
  matrix.platform = pulls.platform;
  matrix.seed = pulls.seed;
  matrix.full = pulls.full;
  matrix.started = pulls.started;
  matrix.seconds = pulls.seconds;
  matrix.complete = true;
  matrix.columns = pulls.runtimes;
  std::vector<std::pair<const Shape*, Expectation>> rows;
  for (const auto& id : pulls.rows) {
    const auto shape = std::ranges::find(all, id, &Shape::id);
    if (shape == all.end()) return tl::unexpected(std::string("pulls.jsonl names a content that there is not"));
    rows.emplace_back(&*shape, expectation(*shape, platform));
    matrix.rows.push_back({shape->id, shape->about, shape->requirements, rows.back().second.text()});
  }
  auto record = pulls.records.begin();
  for (auto& column : matrix.columns) {
    const auto role = column.role == "copier" ? runtimes::Role::kCopier : runtimes::Role::kRuntime;
    std::vector<conformance::MatrixCell> cells;
    for (const auto& [shape, expected] : rows) {
      const PullRecord& one = *record++;
      cells.push_back(one.pull ? judge_pull(*shape, expected, column.name, role, *one.pull, ledger) : not_tried(one));
    }
    if (role == runtimes::Role::kRuntime) column.behaves = best_readings(cells);
    matrix.cells.insert(matrix.cells.end(), cells.begin(), cells.end());
  }
  return matrix;
}

std::vector<std::string> left_out(const Pulls& pulls) {
  std::vector<std::string> missing;
  const auto note = [&](const std::string& id, bool large) {
    if ((pulls.full || !large) && std::ranges::find(pulls.rows, id) == pulls.rows.end()) missing.push_back(id);
    return false;
  };
  static_cast<void>(shapes(pulls.seed, read_platform(pulls.platform), note));
  return missing;
}

}  // namespace referee::suites::matrix
