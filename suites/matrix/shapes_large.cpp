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

Shape large_image(std::uint64_t seed, const oci::Platform& platform, const std::string& id, const Size& size) {
  ShapeMaker maker(seed, platform, id, fmt::format("A manifest of {} bytes.", size.bytes), {"runtime.manifest-size"});
  const auto image = oci::image(maker.random(), 64, platform);
  maker.add("image",
            oci::ManifestBuilder().config(image.blobs.at(0)).layer(image.blobs.at(1)).pad_to(size.bytes).build());
  if (size.bytes > 4'000'000) maker.open();
  return maker.full().alone();
}

Shape large_index(std::uint64_t seed, const oci::Platform& platform, const std::string& id, const Size& size) {
  ShapeMaker maker(seed, platform, id, fmt::format("An index of {} bytes.", size.bytes), {"runtime.manifest-size"});
  const auto image = maker.image();
  if (size.bytes > 4'000'000) maker.open();
  return maker.full().with(oci::IndexBuilder().manifest(image).pad_to(size.bytes).build());
}

Shape long_annotation(std::uint64_t seed, const oci::Platform& platform, const std::string& id, std::size_t bytes,
                      bool on_entry) {
  ShapeMaker maker(seed, platform, id,
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
Shape many_entries(std::uint64_t seed, const oci::Platform& platform, const std::string& id, int count, bool equal) {
  ShapeMaker maker(seed, platform, id,
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

void add_large_things(Shapes& to, std::uint64_t seed, const oci::Platform& platform, const Wanted& wanted) {
  const auto add = [&](const std::string& id, bool full, auto make, const auto&... what) {
    if (wanted(id, full)) to.push_back(make(seed, platform, id, what...));
  };
  for (const std::size_t bytes : {4095U, 4096U, 4097U, 65'536U, 1'048'576U}) {
    add(fmt::format("entry-annotation-{}", bytes), false, long_annotation, bytes, true);
  }
  for (const std::size_t bytes : {4097U, 1'048'576U}) {
    add(fmt::format("image-annotation-{}", bytes), false, long_annotation, bytes, false);
  }
  for (const int count : {1000, 10'000}) {
    for (const bool equal : {false, true}) {
      add(fmt::format("entries-{}{}", count, equal ? "-equal" : ""), count > 1000, many_entries, count, equal);
    }
  }
  for (const auto& size : kSizes) add(fmt::format("image-{}", size.name), true, large_image, size);
  for (const auto& size : kSizes) add(fmt::format("index-{}", size.name), true, large_index, size);
}

}  // namespace referee::suites::matrix
