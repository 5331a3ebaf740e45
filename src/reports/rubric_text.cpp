#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "referee/reports/rubric.hpp"
#include "text.hpp"

namespace referee::reports {
namespace {

/// `Y`, or `Y>P` where the measurement differs from the final claim.
std::string mark(const RubricCell* cell) {
  if (cell == nullptr) return "";
  std::string text = cell->measured == "unsupported" ? "-" : cell->measured == "inconclusive" ? "?" : cell->measured;
  return cell->contradicts() ? cell->claimed_last + ">" + text : text;
}

std::string numbers_of(const RubricCell& cell) {
  std::string text;
  for (const auto& [key, value] : cell.numbers) text += fmt::format("{}{} {}", text.empty() ? "" : "; ", key, value);
  return text;
}

std::vector<const RubricCell*> contradictions(const Rubric& rubric) {
  std::vector<const RubricCell*> all;
  for (const auto& cell : rubric.cells) {
    if (cell.contradicts()) all.push_back(&cell);
  }
  return all;
}

}  // namespace

std::string rubric_text(const Rubric& rubric, std::size_t width) {
  std::ostringstream out;
  std::vector<std::size_t> columns;
  out << fmt::format("{:<5}", "");
  for (const auto& variant : rubric.variants) {
    columns.push_back(std::max<std::size_t>(variant.size(), 3) + 1);
    out << fmt::format(" {:<{}}", variant, columns.back() - 1);
  }
  out << '\n';
  for (const auto& story : rubric.stories) {
    out << fmt::format("{:<5}", story);
    for (std::size_t at = 0; at < rubric.variants.size(); ++at) {
      out << fmt::format(" {:<{}}", mark(rubric.find(story, rubric.variants[at])), columns[at] - 1);
    }
    out << '\n';
  }
  out << "\nY yes, P partly, N no, - unsupported; P>Y: claimed P, measured Y\n";
  const auto differing = contradictions(rubric);
  if (!differing.empty()) out << "\nMeasured otherwise than the proposal claims\n";
  for (const auto* cell : differing) {
    const auto head =
        fmt::format("  {:<5} {:<18} {}>{}  ", cell->story, cell->variant, cell->claimed_last, cell->measured);
    const auto lines = wrap(terminal_text(cell->why), std::max<std::size_t>(width, 60) - head.size(), 4);
    for (std::size_t line = 0; line < lines.size(); ++line) {
      out << (line == 0 ? head : std::string(head.size(), ' ')) << lines[line] << '\n';
    }
  }
  return out.str();
}

std::string rubric_markdown(const Rubric& rubric) {
  std::ostringstream out;
  out << "# Rubric: user stories against proposals, measured\n\n";
  out << fmt::format("Target {}, seed {}, Referee {}.\n\n", markdown_text(rubric.info.target), rubric.info.seed,
                     rubric.info.tool_version);
  out << "Each cell: claimed first / claimed last / **measured**, and who does the work (c client, r registry). Y yes, "
         "P "
         "partly, N no, T to be tested, - unsupported.\n\n|story|";
  for (const auto& variant : rubric.variants) out << variant << '|';
  out << "\n|---|";
  for (std::size_t at = 0; at < rubric.variants.size(); ++at) out << "---|";
  out << '\n';
  const auto value = [](const std::string& text) { return text.empty() ? std::string("–") : text; };
  for (const auto& story : rubric.stories) {
    const auto title = rubric.titles.find(story);
    out << fmt::format("|{} {}|", story, title == rubric.titles.end() ? "" : markdown_text(title->second));
    for (const auto& variant : rubric.variants) {
      const auto* cell = rubric.find(story, variant);
      if (cell == nullptr) {
        out << '|';
        continue;
      }
      const auto measured = cell->measured == "unsupported" ? std::string("-") : cell->measured;
      const std::string work = cell->work == "client" ? " c" : cell->work == "registry" ? " r" : "";
      out << fmt::format("{}/{}/**{}**{}|", value(cell->claimed_first), value(cell->claimed_last), measured, work);
    }
    out << '\n';
  }
  out << "\n## Measured otherwise than claimed\n\n|story|variant|claimed|measured|why|\n|---|---|---|---|---|\n";
  for (const auto* cell : contradictions(rubric)) {
    out << fmt::format("|{}|{}|{}|{}|{}|\n", cell->story, cell->variant, cell->claimed_last, cell->measured,
                       markdown_text(cell->why));
  }
  out << "\n## Numbers\n\n|story|variant|registry|measured|why|numbers|\n|---|---|---|---|---|---|\n";
  for (const auto& cell : rubric.cells) {
    out << fmt::format("|{}|{}|{}|[{}]({})|{}|{}|\n", cell.story, cell.variant, markdown_text(cell.registry),
                       cell.measured, cell.evidence, markdown_text(cell.why), markdown_text(numbers_of(cell)));
  }
  return out.str();
}

}  // namespace referee::reports
