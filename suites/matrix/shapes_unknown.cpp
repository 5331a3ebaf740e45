#include <nlohmann/json.hpp>

#include "shape_maker.hpp"

/// What an index may hold that a runtime never heard of: media types, properties, annotations, subjects, inline data.
namespace referee::suites::matrix {
namespace {

using Entries = std::vector<oci::Descriptor>;
using Json = nlohmann::ordered_json;

constexpr std::string_view kUnknownType = "application/vnd.referee.unknown.v1+json";

/// An entry of a type that nobody knows, with or without the wanted platform, before or after the image.
Shape unknown_type(ShapeMaker maker, bool first, bool bare) {
  const auto image = maker.image();
  auto stranger = maker.nest(oci::Content(std::string(kUnknownType), R"({"org.referee":"unknown"})"), "unknown type");
  if (!bare) stranger.platform = maker.platform();
  return first ? maker.with({stranger, image}) : maker.with({image, stranger});
}

/// The image's entry carries data: the manifest itself if `text` is empty.
Shape entry_data(ShapeMaker maker, std::string_view text) {
  const auto package = oci::image(maker.random(), 64, maker.platform());
  auto entry = maker.add("image", package);
  entry.platform = maker.platform();
  entry.data = text.empty() ? package.manifest.bytes() : std::string(text);
  if (!text.empty()) maker.may_refuse();
  return maker.with({entry});
}

}  // namespace

void add_unknown_things(Shapes& to, std::uint64_t seed, const oci::Platform& platform) {
  const auto maker = [&](const std::string& id, const std::string& about, std::vector<std::string> requirements) {
    return ShapeMaker(seed, platform, id, about, std::move(requirements));
  };
  for (const bool first : {true, false}) {
    for (const bool bare : {false, true}) {
      const auto id = std::string("unknown-type-") + (first ? "first" : "last") + (bare ? "-bare" : "");
      const auto about = std::string("An entry of an unknown media type, ") +
                         (bare ? "without a platform, " : "with the wanted platform, ") +
                         (first ? "before the image." : "after the image.");
      to.push_back(unknown_type(maker(id, about, {"runtime.unknown-media-type"}), first, bare));
    }
  }
  {
    auto made = maker("unknown-type-only", "An index of a media type that nobody knows: nothing is to be pulled.",
                      {"runtime.unknown-media-type"});
    auto stranger = made.nest(oci::Content(std::string(kUnknownType), R"({"org.referee":"only"})"), "unknown type");
    stranger.platform = platform;
    to.push_back(made.with({stranger}));
  }
  {
    auto made = maker("unknown-fields", "Unknown properties of the index, of an entry and of its platform.",
                      {"runtime.unknown-field"});
    auto entry = made.image();
    entry.extra["org.referee.unknown"] = "of a descriptor";
    auto json = to_json(entry);
    json["platform"]["features"] = Json::array({"sse4"});
    json["platform"]["org.referee.unknown"] = Json::object({{"of", "a platform"}});
    to.push_back(made.with(oci::IndexBuilder()
                               .field("manifests", Json::array({json}).dump())
                               .field("org.referee.unknown", R"({"of":["an","index"]})")
                               .build()));
  }
  {
    auto made = maker("index-subject", "The index has a subject, which is not there.", {"runtime.subject"});
    const oci::Content absent(std::string(oci::media_type::kManifest), "{}");
    to.push_back(made.with(oci::IndexBuilder().manifest(made.image()).subject(absent.descriptor()).build()));
  }
  {
    auto made =
        maker("index-subject-cycle", "The subject of the index is the image that it lists.", {"runtime.subject"});
    const auto image = made.image();
    auto subject = image;
    subject.platform.reset();
    to.push_back(made.with(oci::IndexBuilder().manifest(image).subject(subject).build()));
  }
  {
    auto made = maker("index-artifact-type", "The index has an artifactType and yet lists an image.",
                      {"runtime.artifact-type"});
    to.push_back(made.with(
        oci::IndexBuilder().artifact_type("application/vnd.referee.bundle.v1").manifest(made.image()).build()));
  }
  {
    auto made = maker("entry-artifact-type", "The image's entry has an artifactType.", {"runtime.artifact-type"});
    auto entry = made.image();
    entry.artifact_type = "application/vnd.referee.image.v1";
    to.push_back(made.with({entry}));
  }
  {
    auto made = maker("entry-annotations", "The image's entry has 200 annotations that nobody knows.",
                      {"runtime.unknown-annotation", "F.annot.unknown-ignored"});
    auto entry = made.image();
    for (int at = 0; at < 200; ++at) entry.annotations["org.referee.note." + std::to_string(at)] = "n";
    to.push_back(made.with({entry}));
  }
  to.push_back(
      entry_data(maker("entry-data", "The entry carries the image's manifest as data.", {"runtime.data"}), ""));
  to.push_back(entry_data(
      maker("entry-data-wrong", "The entry carries other data than the image's manifest.", {"runtime.data-verified"}),
      R"({"schemaVersion":2})"));
  {
    // Only the entry has the manifest: whoever does not read it there finds nothing.
    auto made = maker("entry-data-only", "The entry carries the manifest, and the registry does not have it.",
                      {"runtime.data"});
    const auto package = oci::image(made.random(), 64, platform);
    auto entry = made.add("image", package);
    made.leave_out_manifest();
    entry.platform = platform;
    entry.data = package.manifest.bytes();
    to.push_back(made.open().with({entry}));
  }
}

}  // namespace referee::suites::matrix
