#include <fmt/format.h>

#include <array>

#include "shape_maker.hpp"

/// Sizes and counts: manifests around the limit of 4 MiB, long annotations, indexes of thousands of entries.
namespace referee::suites::matrix {
namespace {

constexpr std::size_t kMiB = 1024UL * 1024;

struct Size {
  const char* name;
  std::size_t bytes;
};
constexpr std::array<Size, 6> kSizes{
    Size{"4mib-minus-1", 4 * kMiB - 1}, Size{"4mib", 4 * kMiB}, Size{"4mib-plus-1", 4 * kMiB + 1},
    Size{"4.19mib", 4'393'533},         Size{"8mib", 8 * kMiB}, Size{"8mib-plus-1", 8 * kMiB + 1}};

Shape large_image(std::uint64_t seed, const oci::Platform& platform, const Size& size) {
  ShapeMaker maker(seed, platform, fmt::format("image-{}", size.name),
                   fmt::format("A manifest of {} bytes.", size.bytes), {"runtime.manifest-size"});
  const auto image = oci::image(maker.random(), 64, platform);
  maker.add("image",
            oci::ManifestBuilder().config(image.blobs.at(0)).layer(image.blobs.at(1)).pad_to(size.bytes).build());
  if (size.bytes > 4'000'000) maker.open();
  return maker.full().alone();
}

Shape large_index(std::uint64_t seed, const oci::Platform& platform, const Size& size) {
  ShapeMaker maker(seed, platform, fmt::format("index-{}", size.name), fmt::format("An index of {} bytes.", size.bytes),
                   {"runtime.manifest-size"});
  const auto image = maker.image();
  if (size.bytes > 4'000'000) maker.open();
  return maker.full().with(oci::IndexBuilder().manifest(image).pad_to(size.bytes).build());
}

Shape long_annotation(std::uint64_t seed, const oci::Platform& platform, std::size_t bytes, bool on_entry) {
  ShapeMaker maker(seed, platform, fmt::format("{}-annotation-{}", on_entry ? "entry" : "image", bytes),
                   fmt::format("One annotation of {} has a value of {} bytes.",
                               on_entry ? "the image's entry" : "the manifest", bytes),
                   {"runtime.annotation-size", "F.annot.4k"});
  const std::string value(bytes, 'n');
  if (on_entry) {
    auto entry = maker.image();
    entry.annotations["org.referee.note"] = value;
    return maker.with({entry});
  }
  const auto image = oci::image(maker.random(), 64, platform);
  maker.add("image", oci::ManifestBuilder()
                         .config(image.blobs.at(0))
                         .layer(image.blobs.at(1))
                         .annotation("org.referee.note", value)
                         .build());
  return maker.alone();
}

/// The wanted image is the last of so many entries; the others are of a platform that nobody asks for.
Shape many_entries(std::uint64_t seed, const oci::Platform& platform, int count, bool equal) {
  ShapeMaker maker(seed, platform, fmt::format("entries-{}{}", count, equal ? "-equal" : ""),
                   fmt::format("An index of {} entries, {}.", count,
                               equal ? "all of them the wanted image" : "the wanted image last"),
                   {"runtime.index"});
  std::vector<oci::Descriptor> entries;
  if (equal) {
    entries.assign(static_cast<std::size_t>(count), maker.image());
  } else {
    maker.sparse();
    for (int at = 1; at < count; ++at) {
      const oci::Content absent(std::string(oci::media_type::kManifest), fmt::format("{{\"absent\":{}}}", at));
      auto entry = absent.descriptor();
      entry.platform = oci::Platform{"s390x", "linux", "", ""};
      entries.push_back(std::move(entry));
    }
    entries.push_back(maker.image());
  }
  if (count > 1000) maker.full();
  return maker.with(entries);
}

}  // namespace

void add_large_things(Shapes& to, std::uint64_t seed, const oci::Platform& platform) {
  for (const std::size_t bytes : {4095U, 4096U, 4097U, 65'536U, 1'048'576U}) {
    to.push_back(long_annotation(seed, platform, bytes, true));
  }
  for (const std::size_t bytes : {4097U, 1'048'576U}) to.push_back(long_annotation(seed, platform, bytes, false));
  for (const bool equal : {false, true}) to.push_back(many_entries(seed, platform, 1000, equal));
  for (const bool equal : {false, true}) to.push_back(many_entries(seed, platform, 10'000, equal));
  for (const auto& size : kSizes) to.push_back(large_image(seed, platform, size));
  for (const auto& size : kSizes) to.push_back(large_index(seed, platform, size));
}

}  // namespace referee::suites::matrix
