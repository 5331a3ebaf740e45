#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "shape_maker.hpp"

/// Indexes of images: the order, what is missing from platforms, and what fits none.
namespace referee::suites::matrix {
namespace {

using Entries = std::vector<oci::Descriptor>;

const oci::Platform kArm{"arm64", "linux", "", "v8"};
const oci::Platform kWindows{"amd64", "windows", "10.0.20348.1", ""};

/// The three images in one of the six orders: `iaw` is image, arm64, windows.
Shape in_order(std::uint64_t seed, const oci::Platform& platform, const std::string& order) {
  static const std::map<char, std::string> kNames{{'i', "image"}, {'a', "arm64"}, {'w', "windows"}};
  std::string id = "flat";
  for (const char letter : order) id += "-" + kNames.at(letter);
  ShapeMaker maker(seed, platform, id, fmt::format("Three platforms, the wanted one at place {}.", order.find('i') + 1),
                   {"runtime.platform", "runtime.index"});
  Entries entries;
  for (const char letter : order) {
    entries.push_back(letter == 'i'   ? maker.image()
                      : letter == 'a' ? maker.image("arm64", kArm)
                                      : maker.image("windows", kWindows));
  }
  return maker.with(entries);
}

}  // namespace

void add_flat_indexes(Shapes& to, std::uint64_t seed, const oci::Platform& platform) {
  const auto maker = [&](const char* id, const char* about, std::vector<std::string> requirements) {
    return ShapeMaker(seed, platform, id, about, std::move(requirements));
  };
  for (const char* order : {"iaw", "iwa", "aiw", "wia", "awi", "wai"}) to.push_back(in_order(seed, platform, order));
  {
    auto made = maker("flat-by-digest", "Two platforms, pulled by the index's digest.", {"runtime.index"});
    const auto arm = made.image("arm64", kArm);
    to.push_back(made.by_digest().with({arm, made.image()}));
  }
  {
    auto made = maker("flat-many", "Seven platforms of several systems and variants, the wanted one last.",
                      {"runtime.platform"});
    Entries entries{made.image("windows", kWindows),
                    made.image("armv6", {"arm", "linux", "", "v6"}),
                    made.image("armv7", {"arm", "linux", "", "v7"}),
                    made.image("arm64", kArm),
                    made.image("s390x", {"s390x", "linux", "", ""}),
                    made.image("freebsd", {platform.architecture, "freebsd", "", ""})};
    entries.push_back(made.image());
    to.push_back(made.with(entries));
  }
  {
    auto made =
        maker("two-matching", "Two images of the wanted platform: the first should be used.", {"runtime.first-match"});
    const auto first = made.image();
    to.push_back(made.with({first, made.image("second")}));
  }
  {
    auto made = maker("two-matching-equal", "The wanted image is listed twice.", {"runtime.first-match"});
    const auto only = made.image();
    to.push_back(made.with({only, only}));
  }
  {
    auto made = maker("variant-first", "The wanted platform with a variant, before the same without one.",
                      {"runtime.first-match"});
    auto with_variant = platform;
    with_variant.variant = platform.architecture == "amd64" ? "v3" : "v9";
    const auto first = made.image("variant", with_variant);
    to.push_back(made.open().with({first, made.image()}));
  }
  {
    auto made =
        maker("foreign-only", "No entry is for the wanted platform: nothing is to be pulled.", {"runtime.platform"});
    const auto arm = made.image("arm64", {"s390x", "linux", "", ""});
    to.push_back(made.with({arm, made.image("windows", kWindows)}));
  }
  {
    auto made = maker("no-platform", "One image, and its entry names no platform.", {"runtime.platform-optional"});
    auto entry = made.image();
    entry.platform.reset();
    to.push_back(made.with({entry}));
  }
  {
    auto made = maker("platformless-first", "An image without a platform before the wanted one.",
                      {"runtime.platform-optional"});
    auto entry = made.image("platformless");
    entry.platform.reset();
    to.push_back(made.with({entry, made.image()}));
  }
  {
    auto made =
        maker("platformless-last", "An image without a platform after the wanted one.", {"runtime.platform-optional"});
    const auto wanted = made.image();
    auto entry = made.image("platformless");
    entry.platform.reset();
    to.push_back(made.with({wanted, entry}));
  }
  {
    auto made = maker("platformless-foreign", "An image without a platform and one of another platform.",
                      {"runtime.platform-optional"});
    auto entry = made.image("platformless");
    entry.platform.reset();
    to.push_back(made.with({made.image("arm64", {"s390x", "linux", "", ""}), entry}));
  }
  {
    auto made = maker("empty-index", "An index that lists nothing, which is legal: nothing is to be pulled.",
                      {"runtime.index"});
    to.push_back(made.with(Entries{}));
  }
  {
    auto made = maker("docker-list", "A Docker manifest list of two platforms.", {"runtime.docker-types"});
    auto arm = made.add("arm64", oci::docker_image(made.random(), 64, kArm));
    arm.platform = kArm;
    auto wanted = made.add("image", oci::docker_image(made.random(), 64, platform));
    wanted.platform = platform;
    to.push_back(made.with(
        oci::IndexBuilder().media_type(oci::media_type::kDockerManifestList).manifest(arm).manifest(wanted).build()));
  }
  {
    auto made =
        maker("docker-image-in-index", "An OCI index whose entry is a Docker manifest.", {"runtime.docker-types"});
    auto wanted = made.add("image", oci::docker_image(made.random(), 64, platform));
    wanted.platform = platform;
    to.push_back(made.with({wanted}));
  }
  {
    auto made =
        maker("index-no-media-type", "The index has no mediaType, which is optional.", {"runtime.media-type-optional"});
    const auto arm = made.image("arm64", kArm);
    to.push_back(made.with(oci::IndexBuilder().omit_media_type().manifest(arm).manifest(made.image()).build()));
  }
}

}  // namespace referee::suites::matrix
