#include "referee/conformance/story.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <utility>

#include "text.hpp"

namespace referee::conformance {
namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

Cell play(const Story& story, Arena& arena) try { return story.body(arena); } catch (const Halt& halt) {
  return halt.cell;
}

void report(Context& context, const Cell& cell) {
  context.observe("measured", std::string(name(cell.measured)));
  if (cell.measured != Measured::kUnsupported) context.observe("work", std::string(name(cell.work)));
  if (!cell.why.empty()) context.observe("why", cell.why);
  for (const auto& [key, value] : cell.numbers) context.observe(key, value);
  for (const auto& [key, value] : cell.varying) context.observe(std::string(kVarying) + key, value);
}

void ask(const Question& question, Context& context, const proposals::Variant& variant) try {
  Arena arena(context, variant);
  // Asked first, so that whatever the question does, what the target lacks is not blamed on it.
  (void)arena.session();
  question.body(arena);
} catch (const Halt& halt) {
  report(context, halt.cell);
  EXPECT_NE(halt.cell.measured, Measured::kNo) << halt.cell.why;
}

}  // namespace

std::string_view name(Measured measured) {
  switch (measured) {
    case Measured::kYes:
      return "Y";
    case Measured::kPartly:
      return "P";
    case Measured::kNo:
      return "N";
    case Measured::kUnsupported:
      return "unsupported";
  }
  return "N";
}

std::string_view name(Work work) {
  switch (work) {
    case Work::kNobody:
      return "nobody";
    case Work::kRegistry:
      return "registry";
    case Work::kClient:
      return "client";
  }
  return "nobody";
}

Cell& Cell::number(std::string key, std::uint64_t value) {
  return number(std::move(key), std::to_string(value));
}

Cell& Cell::number(std::string key, std::string value) {
  numbers.push_back({std::move(key), std::move(value)});
  return *this;
}

void halt(const proposals::Failure& failure, std::string_view what) {
  if (failure.kind == proposals::FailureKind::kTransport) throw SetupFailed{failure.message};
  const bool lacking = failure.kind == proposals::FailureKind::kUnsupported;
  throw Halt{{.measured = lacking ? Measured::kUnsupported : Measured::kNo,
              .why = fmt::format("{}: {}", what, printable(failure.message, 300))}};
}

std::string slug_of(const proposals::Variant& variant) {
  auto slug = lower(variant.id);
  std::ranges::replace(slug, '/', '-');
  return slug;
}

std::string check_id(std::string_view story, const proposals::Variant& variant) {
  return fmt::format("stories/{}/{}", lower(story), slug_of(variant));
}

void add_question(Catalogue& catalogue, std::string_view suite, const Question& question) {
  for (const auto& variant : proposals::variants()) {
    if (question.concerns && !question.concerns(variant)) continue;
    std::vector<std::string> requirements{question.requirement};
    requirements.insert(requirements.end(), question.cites.begin(), question.cites.end());
    catalogue.add({.id = fmt::format("{}/{}/{}", suite, question.id, slug_of(variant)),
                   .title = fmt::format("{} with {}", question.title, variant.id),
                   .how = question.how,
                   .requirements = std::move(requirements),
                   .needs = {},
                   .after = {},
                   .kills = question.kills ? question.kills(variant) : std::vector<std::string>{},
                   .tags = {"slow", "story"},
                   .profiles = {question.profile ? question.profile(variant) : variant.profile},
                   .body = [question, &variant](Context& context) { ask(question, context, variant); }});
  }
}

void add_story(Catalogue& catalogue, const Story& story) {
  add_question(catalogue, "stories",
               {.id = lower(story.id),
                .requirement = "story." + lower(story.id),
                .title = story.title,
                .how = story.how,
                .body = [story](Arena& arena) { report(arena.context(), play(story, arena)); },
                .kills = story.kills,
                .cites = story.cites,
                .profile = story.profile});
}

}  // namespace referee::conformance
