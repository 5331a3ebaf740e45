#include "referee/oci/index_fixtures.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace referee::oci {
namespace {

const Platform kWanted{"amd64", "linux", "", ""};

/// One fixture in the making; `entry` and `wrap` give descriptors for an index.
class FixtureMaker {
 public:
  FixtureMaker(std::uint64_t seed, std::string id, std::string about) : random_(seed, id) {
    fixture_.id = std::move(id);
    fixture_.about = std::move(about);
  }

  Descriptor image(const std::string& label, const Platform& platform = kWanted) {
    auto entry = add(label, oci::image(random_, 64, platform));
    entry.platform = platform;
    return entry;
  }

  Descriptor artifact() {
    return add("artifact", ManifestBuilder()
                               .artifact_type("application/vnd.referee.signature.v1+json")
                               .layer({"application/vnd.referee.signature.v1+json", random_.bytes(64)})
                               .build());
  }

  Descriptor wrap(const std::vector<Descriptor>& entries) {
    fixture_.nested.push_back(index(entries));
    return fixture_.nested.back().descriptor();
  }

  IndexFixture with(const std::vector<Descriptor>& entries) { return with(index(entries)); }
  IndexFixture with(Content root) {
    fixture_.root = std::move(root);
    return std::move(fixture_);
  }

  static Content index(const std::vector<Descriptor>& entries) {
    IndexBuilder builder;
    for (const auto& entry : entries) builder.manifest(entry);
    return builder.build();
  }

  IndexFixture single_image() {
    image("image");
    auto manifest = fixture_.packages.front().manifest;
    return with(std::move(manifest));
  }

 private:
  Descriptor add(const std::string& label, Package package) {
    fixture_.digests[label] = package.digest().str();
    auto entry = package.descriptor();
    fixture_.packages.push_back(std::move(package));
    return entry;
  }

  Random random_;
  IndexFixture fixture_;
};

IndexFixture chain(std::uint64_t seed, int depth) {
  FixtureMaker maker(seed, fmt::format("F-nest{}", depth), fmt::format("The image, {} indexes below the root.", depth));
  auto inner = maker.image("image");
  for (int i = 0; i < depth; ++i) inner = maker.wrap({inner});
  return maker.with({inner});
}

IndexFixture beside(std::uint64_t seed, const std::string& what, bool first, const Platform* platform) {
  FixtureMaker maker(seed, fmt::format("F-{}-{}", what, first ? "first" : "last"),
                     fmt::format("An artifact {} the image.", first ? "before" : "after"));
  const auto image = maker.image("image");
  auto artifact = maker.artifact();
  if (platform != nullptr) artifact.platform = *platform;
  if (what == "mt-unknown") artifact.media_type = "application/vnd.referee.unknown.v1+json";
  return first ? maker.with({artifact, image}) : maker.with({image, artifact});
}

IndexFixture nested_beside(std::uint64_t seed, bool first) {
  FixtureMaker maker(seed, first ? "F-nest-first" : "F-nest-last",
                     "A manifest and a nested index with another of the same platform.");
  const auto image = maker.image("image");
  const auto nested = maker.wrap({maker.image("nested")});
  return first ? maker.with({nested, image}) : maker.with({image, nested});
}

IndexFixture unknown_fields(std::uint64_t seed) {
  FixtureMaker maker(seed, "F-ufield", "Properties that nobody knows: of the index, an entry and a platform.");
  auto entry = maker.image("image");
  entry.extra["org.referee.unknown"] = "of a descriptor";
  auto json = to_json(entry);
  json["platform"]["features"] = nlohmann::ordered_json::array({"sse4"});
  return maker.with(IndexBuilder()
                        .field("manifests", nlohmann::ordered_json::array({json}).dump())
                        .field("org.referee.unknown", R"({"of":"an index"})")
                        .build());
}

IndexFixture large_annotation(std::uint64_t seed, std::size_t bytes) {
  FixtureMaker maker(seed, fmt::format("F-annot-{}", bytes), "One annotation of the image's entry has so many bytes.");
  auto entry = maker.image("image");
  entry.annotations["org.referee.note"] = std::string(bytes, 'n');
  return maker.with({entry});
}

}  // namespace

std::vector<IndexFixture> index_fixtures(std::uint64_t seed) {
  const Platform unknown_os{"", "unknown", "", ""};
  const Platform unknown{"unknown", "unknown", "", ""};
  std::vector<IndexFixture> all;
  all.push_back(FixtureMaker(seed, "F-img", "One manifest and no index.").single_image());
  {
    FixtureMaker maker(seed, "F-idx", "Two platforms, the wanted one second.");
    const auto other = maker.image("arm64", {"arm64", "linux", "", ""});
    all.push_back(maker.with({other, maker.image("image")}));
  }
  {
    FixtureMaker maker(seed, "F-idx-many", "Many platforms, the wanted one last.");
    std::vector<Descriptor> entries{
        maker.image("windows", {"amd64", "windows", "10.0.1", ""}), maker.image("armv6", {"arm", "linux", "", "v6"}),
        maker.image("armv7", {"arm", "linux", "", "v7"}), maker.image("arm64", {"arm64", "linux", "", "v8"})};
    entries.push_back(maker.image("image"));
    all.push_back(maker.with(entries));
  }
  for (const int depth : {1, 2, 3, 33}) all.push_back(chain(seed, depth));
  for (const bool first : {true, false}) all.push_back(nested_beside(seed, first));
  for (const bool first : {true, false}) {
    all.push_back(beside(seed, "unk-os", first, &unknown_os));
    all.push_back(beside(seed, "unk-both", first, &unknown));
    all.push_back(beside(seed, "noplat", first, nullptr));
    all.push_back(beside(seed, "mt-unknown", first, &kWanted));
  }
  {
    FixtureMaker maker(seed, "F-dupplat", "The same platform twice.");
    const auto image = maker.image("image");
    all.push_back(maker.with({image, maker.image("second")}));
  }
  {
    FixtureMaker maker(seed, "F-art-first", "An artifact with the image's platform before the image.");
    auto artifact = maker.artifact();
    artifact.platform = kWanted;
    all.push_back(maker.with({artifact, maker.image("image")}));
  }
  all.push_back(unknown_fields(seed));
  {
    FixtureMaker maker(seed, "F-cycle", "An index whose subject is the manifest that it lists.");
    const auto image = maker.image("image");
    auto subject = image;
    subject.platform.reset();
    all.push_back(maker.with(IndexBuilder().manifest(image).subject(subject).build()));
  }
  for (const std::size_t bytes : {4095U, 4096U, 4097U, 65'536U, 1'048'576U})
    all.push_back(large_annotation(seed, bytes));
  return all;
}

}  // namespace referee::oci
