#include "failure_text.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>
#include <vector>

#include "evidence.hpp"
#include "request_words.hpp"
#include "text.hpp"

namespace referee::conformance {
namespace {

constexpr std::size_t kMaxField = 600;

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\n") - first + 1);
}

std::vector<std::string_view> split_lines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto end = text.find('\n');
    lines.push_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return lines;
}

/// Joins what is not empty by `between`.
void append(std::string& text, std::string_view more, std::string_view between) {
  if (trimmed(more).empty()) return;
  if (!text.empty()) text += between;
  text += trimmed(more);
}

/// Takes the SCOPED_TRACE section off the end of `message`; returns its texts without source positions.
std::string take_traces(std::string_view& message) {
  constexpr std::string_view kTitle = "Google Test trace:\n";
  const auto begin = message.rfind(kTitle);
  if (begin == std::string_view::npos) return "";
  std::string traces;
  for (auto line : split_lines(message.substr(begin + kTitle.size()))) {
    // `file.cpp:12: text`
    const auto text = line.find(": ");
    append(traces, text == std::string_view::npos ? line : line.substr(text + 2), ", ");
  }
  message = message.substr(0, begin);
  return traces;
}

/// GoogleTest names the C++ type of a printed value: noise for the reader of a report.
void drop_type(std::string& actual) {
  const auto begin = actual.find(" (of type ");
  if (begin == std::string::npos) return;
  const auto end = actual.find(')', begin);
  if (end != std::string::npos) actual.erase(begin, end - begin + 1);
}

struct Parts {
  std::string expected;
  std::string actual;
  std::string own;  ///< the text that the check streamed into the expectation
};

/// EXPECT_EQ: two operands, each an expression line and, unless it is a literal, a `Which is:` line.
std::size_t read_equality(const std::vector<std::string_view>& lines, std::size_t at, Parts& parts) {
  std::vector<std::pair<std::string, std::string>> operands;
  while (at < lines.size() && lines[at].starts_with("  ")) {
    if (lines[at].starts_with("    Which is: ") && !operands.empty()) {
      operands.back().second = trimmed(lines[at].substr(14));
    } else if (lines[at].starts_with("    ") && !operands.empty()) {
      append(operands.back().second, lines[at], " ");
    } else if (operands.size() < 2) {
      operands.emplace_back(trimmed(lines[at]), "");
    } else {
      break;
    }
    ++at;
  }
  const auto value = [](const std::pair<std::string, std::string>& operand) {
    return operand.second.empty() ? operand.first : operand.second;
  };
  if (!operands.empty()) parts.actual = value(operands.front());
  if (operands.size() > 1) parts.expected = value(operands[1]);
  // Of values with several lines GoogleTest also shows how they differ.
  if (at < lines.size() && lines[at] == "With diff:") {
    ++at;
    while (at < lines.size() && lines[at].find_first_of("@+- ") == 0) ++at;
  }
  return at;
}

/// EXPECT_LT and its kin: `(a) < (b), actual: 2 vs 1`. Left as it is where it can be read in two ways.
void read_order(Parts& parts) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kWords{{{") < (", "less than"},
                                                                                        {") <= (", "at most"},
                                                                                        {") > (", "more than"},
                                                                                        {") >= (", "at least"},
                                                                                        {") != (", "anything but"}}};
  constexpr std::string_view kBetween = " vs ";
  const auto versus = parts.actual.find(kBetween);
  if (versus == std::string::npos || parts.actual.rfind(kBetween) != versus) return;
  std::string_view word;
  for (const auto& [sign, words] : kWords) {
    const auto found = parts.expected.find(sign);
    if (found == std::string::npos) continue;
    if (!word.empty() || parts.expected.rfind(sign) != found) return;
    word = words;
  }
  if (word.empty()) return;
  parts.expected = fmt::format("{} {}", word, parts.actual.substr(versus + kBetween.size()));
  parts.actual.resize(versus);
}

/// EXPECT_NEAR: `The difference between a and b is 2, which exceeds c, where`, and the values on lines of their own.
std::size_t read_distance(const std::vector<std::string_view>& lines, std::size_t at, Parts& parts) {
  constexpr std::string_view kIs = " evaluates to ";
  std::vector<std::string> values;
  while (at < lines.size() && values.size() < 3) {
    const auto begin = lines[at].find(kIs);
    if (begin == std::string_view::npos) break;
    auto value = lines[at++].substr(begin + kIs.size());
    values.emplace_back(value.substr(0, value.find_last_of(",.")));
  }
  if (values.size() == 3) {
    parts.actual = values[0];
    parts.expected = fmt::format("{}, give or take {}", values[1], values[2]);
  }
  return at;
}

Parts read_parts(std::string_view message) {
  Parts parts;
  const auto lines = split_lines(message);
  bool valued = false;
  for (std::size_t at = 0; at < lines.size(); ++at) {
    const std::string_view line = lines[at];
    const std::string_view bare = trimmed(line);
    if (line == "Expected equality of these values:" && parts.expected.empty()) {
      at = read_equality(lines, at + 1, parts) - 1;
    } else if (line.starts_with("The difference between ") && line.ends_with(", where")) {
      at = read_distance(lines, at + 1, parts) - 1;
    } else if (bare.starts_with("Value of: ") && !valued) {
      valued = true;  // an expression of the source
    } else if (bare.starts_with("Expected: ") && parts.expected.empty()) {
      parts.expected = bare.substr(10);
      if (const auto actual = parts.expected.find(", actual: "); actual != std::string::npos) {
        parts.actual = parts.expected.substr(actual + 10);
        parts.expected.resize(actual);
        read_order(parts);
      }
    } else if (bare.starts_with("Actual: ") && parts.actual.empty()) {
      parts.actual = bare.substr(8);
    } else if (!parts.expected.empty() && parts.actual.empty()) {
      // EXPECT_THAT: a matcher for a container describes itself on several lines, before the line `Actual:`.
      append(parts.expected, bare, " ");
    } else if (bare != "Failed") {
      append(parts.own, bare, " ");
    }
  }
  return parts;
}

}  // namespace

FailureText read_failure(std::string_view message) {
  std::string text(message);
  FailureText result;
  result.exchange = take_exchange_mark(text);
  std::string_view rest = text;
  result.traces = printable(take_traces(rest), kMaxField);
  Parts parts = read_parts(rest);
  drop_type(parts.actual);
  // EXPECT_TRUE with a text of its own: "expected true, actual false" would only hide it.
  const auto is_bool = [](std::string_view value) { return value == "true" || value == "false"; };
  if (!parts.own.empty() && is_bool(parts.expected) && is_bool(parts.actual)) {
    parts.expected.clear();
    parts.actual.clear();
  }
  result.failure.what = printable(parts.own, kMaxField);
  result.failure.expected = printable(parts.expected, kMaxField);
  result.failure.actual = printable(parts.actual, kMaxField);
  return result;
}

Failure with_headline(FailureText text, const std::optional<http::Exchange>& shown) {
  auto& what = text.failure.what;
  if (what.empty()) what = shown ? request_words(*shown) : "the check failed";
  if (!text.traces.empty()) what += " [" + text.traces + "]";
  what = printable(what, kMaxField);
  return std::move(text.failure);
}

}  // namespace referee::conformance
