#include "conformance/seed/common.hpp"

#include <gtest/gtest.h>

#include <utility>

namespace referee::suites::seed {

using Trail = proposals::Trail;

void ask(conformance::Catalogue& catalogue, const Question& question) {
  auto judged = question;
  judged.body = [body = question.body](Arena& arena) {
    try {
      body(arena);
    } catch (const conformance::Halt& halt) {
      const bool refuted = halt.cell.measured == conformance::Measured::kNo;
      note(arena, "claim", refuted ? "refuted" : "not measurable");
      throw;
    }
    note(arena, "claim", testing::Test::HasFailure() ? "refuted" : "confirmed");
  };
  conformance::add_question(catalogue, "seed", judged);
}

void note(Arena& arena, std::string key, std::uint64_t value) {
  note(arena, std::move(key), std::to_string(value));
}

void note(Arena& arena, std::string key, std::string value) {
  arena.context().observe(std::move(key), std::move(value));
}

conformance::Garbage sweep(const Site& site) {
  const auto left = site.collect_garbage();
  if (left) return *left;
  throw conformance::Halt{
      {.measured = conformance::Measured::kUnsupported, .why = "no collection of garbage can be asked for"}};
}

Recall recall_by_tag(Arena& arena, const Site& site, const Published& image, const Digests& expected) {
  auto session = arena.session(site);
  return recall(session, pulled(site, image.subject), expected);
}

proposals::Subject pinned(const Published& image) {
  return {image.subject.descriptor, "", image.subject.root};
}

std::vector<std::string> any_variant(const proposals::Variant& /*variant*/) {
  return {"r.blob.corrupt-get"};
}

std::vector<std::string> moving_tags(const proposals::Variant& variant) {
  auto faults = any_variant(variant);
  using enum Trail::Kind;
  const auto kind = variant.trail.kind;
  if (kind == kListTag || kind == kOwnIndex || kind == kLayers) faults.emplace_back("r.put.tag-sticky");
  return faults;
}

bool wraps(const proposals::Variant& variant) {
  return variant.in_image && variant.trail.kind == Trail::Kind::kListTag;
}

}  // namespace referee::suites::seed
