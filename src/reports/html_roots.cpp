#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "html_parts.hpp"
#include "model.hpp"
#include "referee/oci/words.hpp"
#include "text.hpp"

namespace referee::reports {
namespace {

using conformance::CheckResult;
using conformance::Matrix;
using conformance::MatrixCell;
using conformance::Verdict;

constexpr std::size_t kMostRoots = 500;
constexpr std::size_t kOpenRoots = 25;  ///< the others are folded
constexpr std::size_t kRootBytes = 1024;
constexpr std::size_t kNamed = 12;

/// Items by verdict, so that the worst of all parts come first.
using Items = std::map<Verdict, std::vector<std::string>>;

std::string chip(Verdict verdict) {
  return fmt::format(R"(<span class="chip v-{0}">{0}</span>)", conformance::name(verdict));
}

std::string term(const char* name, const std::string& text, bool got) {
  return text.empty() ? ""
                      : fmt::format("<dt>{}</dt><dd{}>{}</dd>", name, got ? R"( class="got")" : "",
                                    html_text(clip(text, kRootBytes)));
}

std::string what_happened(const CheckResult& check) {
  if (check.raw.failures.empty()) {
    return check.reason.empty() ? ""
                                : fmt::format(R"(<p class="muted">{}</p>)", html_text(clip(check.reason, kRootBytes)));
  }
  const auto& first = check.raw.failures.front();
  const bool bare = first.expected.empty() && first.actual.empty();
  auto out = R"(<dl class="pair">)" + (bare ? term("What", first.what, true) : std::string()) +
             term("Expected", first.expected, false) + term("Actual", first.actual, true) + "</dl>";
  if (const auto more = check.raw.failures.size() - 1; more > 0) {
    out += fmt::format("<p class=\"blocks\">and {}</p>", oci::counted(more, "more unmet expectation"));
  }
  return out;
}

std::string root_item(const CheckResult& check, const Book& book, std::size_t run, const std::string& label,
                      std::size_t blocked) {
  const auto name = title(check, book);
  const auto id = html_text(clip(check.raw.id, 256));
  auto out = fmt::format(
      R"(<li class="v-{}"><p class="line">{}<span class="level">{}</span><a href="#{}">{}</a><span class="id">{}</span>{}</p>)",
      conformance::name(check.verdict), chip(check.verdict), check.level ? level_name(check.level) : "no level",
      html_text(check_fragment(run, check.raw.id)), name.empty() ? id : html_code(clip(name, kRootBytes)), id,
      label.empty() ? "" : fmt::format(R"(<span class="muted">{}</span>)", html_text(label)));
  out += what_happened(check);
  if (blocked > 0) {
    out += fmt::format("<p class=\"blocks\">Blocks {}, counted once, here.</p>", oci::counted(blocked, "other check"));
  }
  return out + "</li>\n";
}

void add_run(Items& items, const Report& report, std::size_t at, const std::string& label) {
  const auto& run = *report.runs[at].run;
  const auto blocked = blocked_under(run);
  for (const auto* check : root_causes(run)) {
    const auto found = blocked.find(check->raw.id);
    items[check->verdict].push_back(
        root_item(*check, report.runs[at].book, at, label, found == blocked.end() ? 0 : found->second.size()));
  }
}

/// What one runtime or client does against a MUST or a SHOULD, in one item.
void add_matrix(Items& items, const Matrix& matrix, std::size_t number) {
  const auto* const unit = matrix.kind == "clients" ? "requirement" : "content";
  for (const auto& column : matrix.columns) {
    for (const auto verdict : {Verdict::kFail, Verdict::kWarn}) {
      std::vector<const MatrixCell*> cells;
      for (const auto& cell : matrix.cells) {
        if (cell.column == column.name && cell.verdict == verdict) cells.push_back(&cell);
      }
      if (cells.empty()) continue;
      std::string names;
      for (std::size_t at = 0; at < std::min(cells.size(), kNamed); ++at) {
        names += fmt::format(R"({}<a href="#{}">{}</a>)", at == 0 ? "" : ", ",
                             html_text(matrix_anchor(number, *cells[at])), html_text(cells[at]->row));
      }
      if (cells.size() > kNamed) names += fmt::format(" and {} more", cells.size() - kNamed);
      items[verdict].push_back(fmt::format(
          R"(<li class="v-{}"><p class="line">{}<span class="level">{}</span><b>{}</b><span>wrong or failed with {}</span></p><p class="rows">{}</p></li>)"
          "\n",
          conformance::name(verdict), chip(verdict), verdict == Verdict::kFail ? "MUST" : "SHOULD",
          html_text(column.name), oci::counted(cells.size(), unit), names));
    }
  }
}

}  // namespace

std::string roots_html(const Report& report) {
  Items items;
  const auto labels = run_labels(report);
  for (std::size_t at = 0; at < labels.size(); ++at) {
    add_run(items, report, at, labels.size() > 1 ? labels[at] : std::string());
  }
  for (std::size_t at = 0; at < report.matrices.size(); ++at) add_matrix(items, *report.matrices[at], at + 1);
  std::size_t all = 0;
  for (const auto& [verdict, list] : items) all += list.size();
  if (all == 0) return "";
  std::string out =
      "<section id=\"roots\" aria-labelledby=\"roots-title\"><h2 id=\"roots-title\">Root causes</h2>\n"
      "<ol class=\"roots\">\n";
  std::size_t shown = 0;
  for (const auto verdict : kReadingOrder) {
    for (const auto& item : items[verdict]) {
      if (shown == kMostRoots) break;
      if (shown == kOpenRoots) {
        out +=
            fmt::format("</ol>\n<details class=\"more\"><summary>{} more</summary><ol class=\"roots\">\n", all - shown);
      }
      out += item;
      ++shown;
    }
  }
  out += shown > kOpenRoots ? "</ol></details>\n" : "</ol>\n";
  if (all > shown)
    out += fmt::format("<p class=\"muted\">{} in the list of checks.</p>\n",
                       oci::counted(all - shown, "more is", "more are"));
  return out + "</section>\n";
}

}  // namespace referee::reports
