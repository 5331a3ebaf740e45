#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "protocol.hpp"
#include "referee/bench/statistics.hpp"

namespace referee::suites::benchmarks {
namespace {

constexpr int kVariant = 18;

/// What the cells of one table share: the name without variant and count.
std::string heading(const Cell& cell) {
  auto text = std::string(name(cell.operation));
  const bool checks = cell.operation == Operation::kVerify || cell.operation == Operation::kPull;
  if (checks) text += fmt::format(", policy {}", name(cell.wanted));
  text += cell.inlined ? ", inlined" : ", by reference";
  if (cell.round_trip.count() > 0) text += fmt::format(", round trip {} ms", cell.round_trip.count());
  if (checks) text += fmt::format(", {} in flight", cell.parallel);
  return text;
}

std::string cost(const CellResult& result) {
  if (!result.wrong.empty()) return "does not count";
  const double shown = bench::median(result.seconds) * 1000;
  return fmt::format("{:.{}f} ({:.0f})", shown, shown < 10 ? 2 : shown < 100 ? 1 : 0, result.requests);
}

std::string table(const std::string& title, const std::vector<const CellResult*>& results) {
  std::set<std::size_t> counts;
  std::vector<std::string> variants;
  std::map<std::pair<std::string, std::size_t>, const CellResult*> at;
  for (const auto* result : results) {
    const auto& id = result->cell.variant->id;
    counts.insert(result->cell.count);
    if (std::ranges::find(variants, id) == variants.end()) variants.push_back(id);
    at[{id, result->cell.count}] = result;
  }
  auto text = fmt::format("\n{}: median ms (requests)\n{:<{}}", title, "", kVariant);
  for (const auto count : counts) text += fmt::format("{:>16}", fmt::format("n = {}", count));
  text += '\n';
  for (const auto& id : variants) {
    text += fmt::format("{:<{}}", id, kVariant);
    for (const auto count : counts) {
      const auto found = at.find({id, count});
      text += fmt::format("{:>16}", found == at.end() ? "" : cost(*found->second));
    }
    text += '\n';
  }
  return text;
}

}  // namespace

std::string protocol_table(const ProtocolReport& report) {
  std::vector<std::string> headings;
  std::map<std::string, std::vector<const CellResult*>> groups;
  for (const auto& result : report.cells) {
    const auto title = heading(result.cell);
    auto& group = groups[title];
    if (group.empty()) headings.push_back(title);
    group.push_back(&result);
  }
  std::string text;
  for (const auto& title : headings) text += table(title, groups[title]);
  for (const auto& result : report.cells) {
    if (!result.wrong.empty()) text += fmt::format("\ndoes not count: {}: {}", result.cell.name(), result.wrong);
  }
  if (!report.absent.empty()) text += "\nnot supported:\n";
  for (const auto& [what, why] : report.absent) text += fmt::format("  {}: {}\n", what, why);
  return text;
}

}  // namespace referee::suites::benchmarks
