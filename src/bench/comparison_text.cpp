#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "referee/bench/comparison.hpp"

namespace referee::bench {
namespace {

/// `slower`, `faster`, `no difference` ...: what a person calls it.
std::string_view word(Difference difference) {
  switch (difference) {
    case Difference::kLarger:
      return "slower";
    case Difference::kSmaller:
      return "faster";
    case Difference::kSmall:
      return "within the threshold";
    case Difference::kNone:
      return "no difference";
    case Difference::kTooFew:
      break;
  }
  return "too few repetitions";
}

std::string time(double seconds) {
  if (seconds < 1e-3) return fmt::format("{:.1f} us", seconds * 1e6);
  if (seconds < 1) return fmt::format("{:.2f} ms", seconds * 1e3);
  return fmt::format("{:.3f} s", seconds);
}

std::string change(const Judgement& judgement) {
  if (!judgement.ratio) return "-";
  const auto percent = [](double ratio) { return (ratio - 1) * 100; };
  return fmt::format("{:+.1f} % [{:+.1f}, {:+.1f}]", percent(judgement.ratio->estimate), percent(judgement.ratio->low),
                     percent(judgement.ratio->high));
}

std::size_t count(const Comparison& comparison, Difference difference) {
  return static_cast<std::size_t>(std::ranges::count_if(
      comparison.compared, [&](const Compared& one) { return one.judgement.difference == difference; }));
}

std::string summary(const Comparison& comparison) {
  auto text = fmt::format(
      "{} compared: {} slower, {} faster, {} within the threshold of {:.0f} %, {} without a difference",
      comparison.compared.size(), count(comparison, Difference::kLarger), count(comparison, Difference::kSmaller),
      count(comparison, Difference::kSmall), comparison.options.threshold * 100, count(comparison, Difference::kNone));
  if (const auto few = count(comparison, Difference::kTooFew); few > 0) {
    text += fmt::format(", {} with fewer than {} repetitions", few, kEnough);
  }
  text += fmt::format(" (Mann-Whitney U, p < {} after Holm's correction)", comparison.options.level);
  if (comparison.noise > 0) {
    text += fmt::format("; two runs of the same differ by up to {:.1f} %", comparison.noise * 100);
  }
  return text;
}

/// What differs comes first, the largest ratio at the top of each kind.
std::vector<const Compared*> ordered(const Comparison& comparison) {
  std::vector<const Compared*> all;
  for (const auto& one : comparison.compared) all.push_back(&one);
  const auto rank = [](const Compared* one) {
    switch (one->judgement.difference) {
      case Difference::kLarger:
        return 0;
      case Difference::kSmaller:
        return 1;
      case Difference::kSmall:
        return 2;
      case Difference::kTooFew:
        return 3;
      case Difference::kNone:
        break;
    }
    return 4;
  };
  std::ranges::stable_sort(all, [&](const Compared* a, const Compared* b) {
    if (rank(a) != rank(b)) return rank(a) < rank(b);
    return a->judgement.ratio && b->judgement.ratio && a->judgement.ratio->estimate > b->judgement.ratio->estimate;
  });
  return all;
}

nlohmann::ordered_json judged(const Compared& one) {
  nlohmann::ordered_json json{{"name", one.name},
                              {"before", {{"repetitions", one.before}, {"median", one.before_median}}},
                              {"after", {{"repetitions", one.after}, {"median", one.after_median}}},
                              {"difference", word(one.judgement.difference)},
                              {"p", one.judgement.adjusted_p},
                              {"superiority", one.judgement.test.superiority},
                              {"ratio", nullptr}};
  if (const auto& ratio = one.judgement.ratio) {
    json["ratio"] = {{"estimate", ratio->estimate}, {"low", ratio->low}, {"high", ratio->high}};
  }
  return json;
}

}  // namespace

std::string comparison_text(const Comparison& comparison) {
  std::size_t width = 4;
  for (const auto& one : comparison.compared) width = std::max(width, one.name.size());
  std::string text;
  for (const auto* one : ordered(comparison)) {
    text += fmt::format("{:<{}}  {:>10} {:>10}  {:<26} p {:<9.2g} effect {:.2f}  {}\n", one->name, width,
                        time(one->before_median), time(one->after_median), change(one->judgement),
                        one->judgement.adjusted_p, one->judgement.test.superiority, word(one->judgement.difference));
  }
  for (const auto& name : comparison.only_before) text += fmt::format("only in the first: {}\n", name);
  for (const auto& name : comparison.only_after) text += fmt::format("only in the second: {}\n", name);
  for (const auto& warning : comparison.warnings) text += fmt::format("note: {}\n", warning);
  return text + summary(comparison) + "\n";
}

std::string comparison_json(const Comparison& comparison) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const auto& one : comparison.compared) list.push_back(judged(one));
  const nlohmann::ordered_json document{
      {"schema", "referee.comparison/1"},      {"threshold", comparison.options.threshold},
      {"level", comparison.options.level},     {"noise", comparison.noise},
      {"regressed", comparison.regressed()},   {"compared", list},
      {"only_before", comparison.only_before}, {"only_after", comparison.only_after},
      {"warnings", comparison.warnings}};
  return document.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

std::string comparison_markdown(const Comparison& comparison) {
  std::string text = summary(comparison) + "\n";
  bool head = false;
  for (const auto* one : ordered(comparison)) {
    const auto difference = one->judgement.difference;
    if (difference == Difference::kNone || difference == Difference::kTooFew) continue;
    if (!head) text += "\n| benchmark | before | after | change [95 %] | p | |\n|---|---:|---:|---|---|---|\n";
    head = true;
    std::string name;
    for (const char c : one->name)
      name += c == '|' || c == '\\' || c == '`' || c == '<' ? std::string("\\") + c : std::string(1, c);
    text += fmt::format("| {} | {} | {} | {} | {:.2g} | {} |\n", name, time(one->before_median),
                        time(one->after_median), change(one->judgement), one->judgement.adjusted_p, word(difference));
  }
  for (const auto& warning : comparison.warnings) text += fmt::format("\n- {}", warning);
  return text + (comparison.warnings.empty() ? "" : "\n");
}

}  // namespace referee::bench
