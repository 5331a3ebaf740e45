#include <fmt/format.h>
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "conformance/registration.hpp"
#include "referee/conformance/arena.hpp"
#include "referee/conformance/context.hpp"

/// Whether a registry takes fields that it does not know.
namespace referee::suites::seed {

using namespace referee::conformance;  // NOLINT(google-build-using-namespace): questions read as sentences

namespace {

struct Place {
  std::string name;
  oci::Content manifest;
};

/// The same image and index with something unknown at each of the places that registries are known to be strict about.
std::vector<Place> places(const oci::Package& image) {
  const auto& config = image.blobs.front();
  const auto& layer = image.blobs.back();
  std::vector<Place> all;
  const auto plain = [&] { return oci::ManifestBuilder().config(config); };
  all.push_back({"manifest", plain().layer(layer).field("org.example.unknown", R"("x")").build().manifest});
  auto descriptor = layer.descriptor();
  descriptor.extra["org.example.unknown"] = "x";
  all.push_back({"descriptor", plain().layer_descriptor(descriptor).build().manifest});
  auto entry = oci::to_json(image.descriptor());
  entry["platform"] = {{"architecture", "amd64"}, {"os", "linux"}, {"features", {"sse4"}}};
  all.push_back({"platform.features",
                 oci::IndexBuilder().field("manifests", nlohmann::ordered_json::array({entry}).dump()).build()});
  all.push_back({"subject", plain().layer(layer).subject(image.descriptor()).build().manifest});
  return all;
}

/// Places whose manifests a registry refuses; what it answers goes into the report.
std::size_t refusals(Context& context, referee::distribution::Registry& registry, const std::string& repository,
                     const std::string& whose) {
  const auto image = oci::image(context.random());
  (void)context.push_at(registry, repository, image);
  std::size_t count = 0;
  for (const auto& place : places(image)) {
    const auto digest = place.manifest.digest().str();
    const auto status = registry.put_manifest(repository, digest, place.manifest).value().status;
    const auto read = registry.get_manifest(repository, digest).value();
    const bool kept = read.status == 200 && read.body == place.manifest.bytes();
    if (status >= 400) ++count;
    context.observe(fmt::format("{}: {}", whose, place.name),
                    fmt::format("{}, {}", status, kept ? "kept" : "not kept"));
  }
  return count;
}

void strict_fields(Context& context) {
  EXPECT_GT(refusals(context, context.registry(), context.repository(), "target"), 0)
      << "places at which the target refuses what it does not know";
  // What a strict one looks like, beside it.
  const auto& variant = proposals::variants().front();
  Arena arena(context, variant);
  const auto strict = arena.peer("oci-1.0-strict-fields");
  (void)refusals(context, strict.registry(), strict.repository(), "strict reference");
}

}  // namespace

void register_fields(Catalogue& catalogue) {
  catalogue.add({.id = "seed/fields-ecr",
                 .title = "A strict registry refuses fields that it does not know",
                 .how = "Pushes manifests with an unknown field, an unknown field of a descriptor, `platform.features` "
                        "and a subject, to the target and to a strict reference registry.",
                 .requirements = {"S.fields.ecr"},
                 .needs = {},
                 .after = {},
                 .kills = {"r.put.reject-unknown-field", "r.put.strip-unknown-field"},
                 .tags = {"slow", "story"},
                 .profiles = {"oci-1.0"},
                 .body = strict_fields});
}

}  // namespace referee::suites::seed
