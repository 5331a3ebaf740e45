#include <gmock/gmock.h>

#include <algorithm>

#include "conformance/proposals/support.hpp"
#include "conformance/registration.hpp"

/// Proposal B, "JSON Schema": the field `reference`, and where it may stand.
namespace referee::suites::proposal_checks {

using namespace referee::conformance;  // NOLINT(google-build-using-namespace): checks read as sentences
namespace media_type = oci::media_type;

namespace {

const std::vector<std::string> kReferenceAccepted{"proposals/b/push/manifest-reference"};

/// Three manifests each of which has the field in a descriptor only: of a layer, of the config, of an index entry.
std::vector<std::pair<std::string, oci::Content>> with_reference_inside(Context& t, const oci::Descriptor& target) {
  const auto image = t.pushed_image();
  const auto reference = oci::to_json(target);
  const auto marked = [&](const oci::Descriptor& descriptor) {
    auto json = oci::to_json(descriptor);
    json["reference"] = reference;
    return json;
  };
  const auto config = oci::to_json(image.blobs.at(0).descriptor());
  const auto layer = oci::to_json(image.blobs.at(1).descriptor());
  const auto manifest = [](const Json& own_config, const Json& own_layer) {
    return document(media_type::kManifest,
                    {{"schemaVersion", 2}, {"config", own_config}, {"layers", Json::array({own_layer})}});
  };
  return {{"layer", manifest(config, marked(image.blobs.at(1).descriptor()))},
          {"config", manifest(marked(image.blobs.at(0).descriptor()), layer)},
          {"index entry", document(media_type::kIndex,
                                   {{"schemaVersion", 2}, {"manifests", Json::array({marked(image.descriptor())})}})}};
}

void expect_referring(Context& t, const oci::Descriptor& target, std::string_view what) {
  const auto content = image_with(t, "reference", target);
  EXPECT_THAT(put(t, content), HasStatus(201)) << "the reference is to " << what;
  expect_exactly(references_of(t, target.digest, 1), {content});
}

void register_places(Catalogue& catalogue) {
  catalogue.add({.id = "proposals/b/push/manifest-reference",
                 .title = "An image manifest with `reference` is stored as it is",
                 .how = "Pushes one that refers to an image and pulls it.",
                 .requirements = {"B.push.manifest-reference"},
                 .needs = kNeedsB,
                 .after = {},
                 .kills = {"r.put.reject-unknown-field", "r.put.strip-unknown-field"},
                 .tags = {"root"},
                 .profiles = kOnB,
                 .body = [](Context& t) {
                   const auto content = image_with(t, "reference", t.pushed_image().descriptor());
                   ASSERT_THAT(put(t, content), HasStatus(201));
                   EXPECT_THAT(get(t, content.digest().str()), ServesContent(content));
                 }});
  catalogue.add({.id = "proposals/b/push/index-reference",
                 .title = "An index with `reference` is stored and listed",
                 .how = "Pushes an index that refers to an image, and reads the image's list.",
                 .requirements = {"B.push.index-reference"},
                 .needs = kNeedsB,
                 .after = {},
                 .kills = {"r.B.indexonly"},
                 .tags = {"index"},
                 .profiles = kOnB,
                 .body = [](Context& t) {
                   const auto image = t.pushed_image();
                   const auto index = oci::IndexBuilder()
                                          .manifest(t.pushed_image().descriptor())
                                          .field("reference", oci::to_json(image.descriptor()).dump())
                                          .build();
                   ASSERT_THAT(put(t, index), HasStatus(201));
                   EXPECT_THAT(get(t, index.digest().str()), ServesContent(index));
                   expect_exactly(references_of(t, image.digest().str(), 1), {index});
                 }});
  catalogue.add({.id = "proposals/b/push/descriptor-reference",
                 .title = "A descriptor with `reference` is stored as it is",
                 .how = "Pushes manifests with the field in a layer, in the config, and in an index entry.",
                 .requirements = {"B.push.descriptor-reference"},
                 .needs = kNeedsB,
                 .after = {},
                 .kills = {"r.put.reject-unknown-field", "r.put.strip-unknown-field"},
                 .tags = {},
                 .profiles = kOnB,
                 .body = [](Context& t) {
                   for (const auto& [place, content] : with_reference_inside(t, t.pushed_image().descriptor())) {
                     ASSERT_THAT(put(t, content), HasStatus(201))
                         << "a descriptor with `reference` is taken: in " << place;
                     EXPECT_THAT(get(t, content.digest().str()), ServesContent(content))
                         << "a descriptor with `reference` comes back as it was pushed: in " << place;
                   }
                 }});
  catalogue.add({.id = "proposals/b/list/descriptor-reference",
                 .title = "Whether a manifest is listed by the `reference` of one of its descriptors",
                 .how = "Pushes manifests with the field in a layer, in the config, and in an index entry, and reads "
                        "the list. Only a manifest's own reference is meant, as the list's sample suggests.",
                 .requirements = {"B.list.descriptor-reference"},
                 .needs = kNeedsB,
                 .after = {},
                 .kills = {"r.B.layer-reference-listed"},
                 .tags = {},
                 .profiles = kOnB,
                 .body = [](Context& t) {
                   const auto image = t.pushed_image();
                   const auto inside = with_reference_inside(t, image.descriptor());
                   for (const auto& [place, content] : inside) t.push_manifest(content);
                   const auto own = pushed_image_with(t, "reference", image.descriptor());
                   const auto listed = digests(references_of(t, image.digest().str(), 1).entries);
                   for (const auto& [place, content] : inside) {
                     const bool found = std::ranges::find(listed, content.digest().str()) != listed.end();
                     t.observe(place, found ? "listed" : "not listed");
                   }
                 }});
}

void register_targets(Catalogue& catalogue) {
  catalogue.add(
      {.id = "proposals/b/push/any-target",
       .title = "A reference may be to an image, an index, or one of Docker's manifests",
       .how = "Pushes a manifest that refers to each, as far as the target takes them, and lists it there.",
       .requirements = {"B.push.reference-any-manifest-type"},
       .needs = kNeedsB,
       .after = kReferenceAccepted,
       .kills = {"r.B.reference-dropped"},
       .tags = {},
       .profiles = kOnB,
       .body = [](Context& t) {
         const auto image = t.pushed_image();
         expect_referring(t, image.descriptor(), "an image");
         expect_referring(t, pushed_index(t, image.descriptor()).descriptor(), "an index");
         if (!t.has(Capability::kDockerTypes)) return;
         const auto docker = oci::docker_image(t.random());
         t.push(docker);
         expect_referring(t, docker.descriptor(), "an image of Docker");
         const auto list =
             oci::IndexBuilder().media_type(media_type::kDockerManifestList).manifest(docker.descriptor()).build();
         t.push_manifest(list);
         expect_referring(t, list.descriptor(), "a manifest list of Docker");
       }});
  catalogue.add({.id = "proposals/b/push/missing-target",
                 .title = "Whether a manifest may come before what it refers to, and is found later",
                 .how = "Pushes a manifest, lists by the digest of its target, pushes the target and lists again.",
                 .requirements = {"B.push.missing-target"},
                 .needs = kNeedsB,
                 .after = {},
                 .kills = {"r.put.reject-missing-subject"},
                 .tags = {},
                 .profiles = kOnB,
                 .body = [](Context& t) {
                   t.pushed_image();
                   const auto target = oci::image(t.random());
                   const auto content = image_with(t, "reference", target.descriptor());
                   const auto pushed = put(t, content);
                   t.observe("push", std::to_string(pushed.status));
                   if (pushed.status != 201) return;
                   const auto digest = target.digest().str();
                   http::Response before;
                   ask_until([&] {
                     before = ask_references(t, digest).value();
                     return before.body.find(content.digest().str()) != std::string::npos;
                   });
                   t.observe("list before the target", status_text(before));
                   t.push(target);
                   t.observe("list with the target", references_of(t, digest, 1).entries.empty() ? "empty" : "listed");
                 }});
  catalogue.add({.id = "proposals/b/push/legacy-registry",
                 .title = "A registry without the proposal takes a manifest with `reference`",
                 .how = "Pushes one and pulls it: unknown properties are to be let through.",
                 .requirements = {"B.push.legacy-registry"},
                 .needs = {},
                 .after = {},
                 .kills = {"r.put.reject-unknown-field", "r.put.strip-unknown-field"},
                 .tags = {"compatibility"},
                 .profiles = kOnOld,
                 .body = [](Context& t) {
                   const auto content = image_with(t, "reference", t.pushed_image().descriptor());
                   const auto pushed = put(t, content);
                   t.observe("push", std::to_string(pushed.status));
                   const bool same = get(t, content.digest().str()).body == content.bytes();
                   t.observe("claim", pushed.status == 201 && same ? "confirmed" : "refuted");
                 }});
}

}  // namespace

void register_b_push(Catalogue& catalogue) {
  register_places(catalogue);
  register_targets(catalogue);
}

}  // namespace referee::suites::proposal_checks
