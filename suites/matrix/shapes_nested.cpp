#include <fmt/format.h>

#include "shape_maker.hpp"

/// Indexes in indexes: how deep, with and without a platform on the way, and what stands beside them.
namespace referee::suites::matrix {
namespace {

using Entries = std::vector<oci::Descriptor>;

const oci::Platform kForeign{"s390x", "linux", "", ""};
constexpr int kBombLevels = 20;

Shape chain(std::uint64_t seed, const oci::Platform& platform, int depth, bool bare) {
  ShapeMaker maker(seed, platform, fmt::format("nested-{}{}", depth, bare ? "-bare" : ""),
                   fmt::format("The image is {} {} below the root, {} a platform on the way.", depth,
                               depth == 1 ? "index" : "indexes", bare ? "without" : "with"),
                   {"runtime.nested"});
  auto inner = maker.image();
  for (int at = 0; at < depth; ++at) {
    inner = maker.nest(Entries{inner});
    if (!bare) inner.platform = platform;
  }
  return maker.with({inner});
}

/// A manifest and a nested index with different images of the wanted platform behind them.
Shape beside(std::uint64_t seed, const oci::Platform& platform, bool first, bool bare) {
  ShapeMaker maker(seed, platform, fmt::format("nested-{}{}", first ? "first" : "last", bare ? "-bare" : ""),
                   fmt::format("A nested index {} a platform {} the image, with another image of that platform in it.",
                               bare ? "without" : "with", first ? "before" : "after"),
                   {"runtime.nested", "runtime.first-match"});
  const auto image = maker.image();
  auto nested = maker.nest(Entries{maker.image("nested")});
  if (!bare) nested.platform = platform;
  return first ? maker.with({nested, image}) : maker.with({image, nested});
}

}  // namespace

void add_nested_indexes(Shapes& to, std::uint64_t seed, const oci::Platform& platform) {
  const auto maker = [&](const char* id, const char* about, std::vector<std::string> requirements) {
    return ShapeMaker(seed, platform, id, about, std::move(requirements));
  };
  for (const int depth : {1, 2, 5, 33}) {
    for (const bool bare : {false, true}) to.push_back(chain(seed, platform, depth, bare));
  }
  for (const bool first : {true, false}) {
    for (const bool bare : {false, true}) to.push_back(beside(seed, platform, first, bare));
  }
  {
    auto made = maker("nested-by-digest", "The image is one index below the root, pulled by the root's digest.",
                      {"runtime.nested"});
    auto nested = made.nest(Entries{made.image()});
    nested.platform = platform;
    to.push_back(made.by_digest().with({nested}));
  }
  {
    auto made = maker("nested-foreign-first", "A nested index of another platform before the image.",
                      {"runtime.nested", "runtime.platform"});
    auto nested = made.nest(Entries{made.image("foreign", kForeign)});
    nested.platform = kForeign;
    to.push_back(made.with({nested, made.image()}));
  }
  {
    auto made =
        maker("nested-fruitless-first", "A nested index without a platform, in which nothing fits, before the image.",
              {"runtime.nested", "runtime.platform"});
    const auto nested = made.nest(Entries{made.image("foreign", kForeign)});
    // That one turns back from an index in which nothing fits is written nowhere.
    to.push_back(made.may_refuse().with({nested, made.image()}));
  }
  {
    auto made = maker("nested-two", "Two nested indexes; only in the second something fits.", {"runtime.nested"});
    const auto first = made.nest(Entries{made.image("foreign", kForeign)});
    to.push_back(made.may_refuse().with({first, made.nest(Entries{made.image()})}));
  }
  {
    auto made = maker("docker-list-in-index", "A Docker manifest list inside an OCI index.",
                      {"runtime.docker-types", "runtime.nested"});
    auto image = made.add("image", oci::docker_image(made.random(), 64, platform));
    image.platform = platform;
    auto list = made.nest(oci::IndexBuilder().media_type(oci::media_type::kDockerManifestList).manifest(image).build());
    list.platform = platform;
    to.push_back(made.open().with({list}));
  }
  {
    auto made = maker("wrapping-root", "A new root around the old index, with a signature beside it.",
                      {"runtime.nested", "D.sign.index"});
    const auto foreign = made.image("foreign", kForeign);
    const auto old = made.nest(Entries{foreign, made.image()});
    to.push_back(made.with({old, made.artifact()}));
  }
  {
    auto made =
        maker("nested-bomb",
              "Twenty levels, each of which lists the next one twice; nothing fits. Who does not remember where "
              "he was asks a million times.",
              {"runtime.bounded"});
    auto inner = made.image("foreign", kForeign);
    for (int level = 0; level < kBombLevels; ++level) inner = made.nest(Entries{inner, inner});
    to.push_back(made.with({inner, inner}));
  }
}

}  // namespace referee::suites::matrix
