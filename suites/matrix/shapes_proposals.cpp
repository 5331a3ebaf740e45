#include <fmt/format.h>

#include "shape_maker.hpp"

/// What the reference-types proposals leave under an image's tag, and what a runtime meets under the tags of
/// attachments.
namespace referee::suites::matrix {
namespace {

using Entries = std::vector<oci::Descriptor>;

constexpr std::string_view kSimpleSigning = "application/vnd.dev.cosign.simplesigning.v1+json";

const oci::Platform kOther{"s390x", "linux", "", ""};

/// The entry of an attachment as proposals D and F annotate it: what it refers to, and what it is.
oci::Descriptor refers(oci::Descriptor artifact, const oci::Descriptor& subject,
                       const char* key = "org.opencontainers.reference.digest") {
  artifact.annotations = {{key, subject.digest}, {"org.opencontainers.reference.type", "sig"}};
  return artifact;
}

/// Proposal F's reference index: the original index nested, its manifests, and the artifact, in one of the orders of
/// its text, of its example, and of a client that puts what it adds first.
Shape reference_index(ShapeMaker maker, const std::string& order) {
  const auto other = maker.image("other", kOther);
  const auto image = maker.image();
  const auto original = maker.nest(Entries{other, image});
  const auto artifact = refers(maker.artifact(), original);
  Entries entries;
  for (const char part : order) {
    if (part == 'n') entries.push_back(original);
    if (part == 'm') entries.insert(entries.end(), {other, image});
    if (part == 'a') entries.push_back(artifact);
  }
  return maker.with(entries);
}

}  // namespace

void add_proposals(Shapes& to, std::uint64_t seed, const oci::Platform& platform) {
  const auto maker = [&](const char* id, const char* about, std::vector<std::string> requirements) {
    return ShapeMaker(seed, platform, id, about, std::move(requirements));
  };
  to.push_back(
      reference_index(maker("f-as-written", "Proposal F as its example has it: nested index, manifests, artifact.",
                            {"runtime.nested", "F.runtime.nested-ok"}),
                      "nma"));
  to.push_back(
      reference_index(maker("f-manifests-first", "Proposal F as its text has it: manifests, nested index, artifact.",
                            {"runtime.nested", "F.order.manifests-first"}),
                      "mna"));
  to.push_back(reference_index(maker("f-artifact-first", "Proposal F with the artifact before everything else.",
                                     {"runtime.nested", "F.runtime.algorithm"}),
                               "anm"));
  {
    auto made = maker("f-enhanced", "Proposal F's enhanced image: the artifact at the end of the image's own index.",
                      {"runtime.platform-optional", "F.runtime.first-match"});
    const auto other = made.image("other", kOther);
    const auto image = made.image();
    to.push_back(made.with({other, image, refers(made.artifact(), image)}));
  }
  for (const bool inlined : {false, true}) {
    auto made = maker(inlined ? "d-index-inline" : "d-index",
                      inlined ? "Proposal D: as d-index, with the signature's manifest inlined."
                              : "Proposal D: a signature for os unknown in the image's own index.",
                      {"runtime.platform-incomplete", "D.runtime.unknown-os-skipped"});
    const auto other = made.image("other", kOther);
    const auto image = made.image();
    const auto package = oci::ManifestBuilder()
                             .artifact_type("application/vnd.referee.signature.v1+json")
                             .layer({"application/vnd.referee.signature.v1+json", made.random().bytes(64)})
                             .build();
    auto artifact = refers(made.add("artifact", package, false), image, "org.opencontainers.reference");
    artifact.platform = oci::Platform{"", "unknown", "", ""};
    if (inlined) artifact.data = package.manifest.bytes();
    to.push_back(made.with({other, image, artifact}));
  }
  {
    auto made = maker("referrers-tag", "The index under a referrers tag: artifacts only, nothing is to be pulled.",
                      {"runtime.artifact", "R.security-runtime"});
    to.push_back(made.open().with({refers(made.artifact(), oci::empty_blob().descriptor())}));
  }
  {
    auto made = maker("cosign-signature",
                      "The tag of a signature that looks like an image: config of an image, layer of a signature.",
                      {"runtime.artifact", "R.security-runtime"});
    const oci::Content payload(std::string(kSimpleSigning), R"({"critical":{},"optional":null})");
    made.add("artifact", oci::ManifestBuilder().config(oci::image_config(platform, {})).layer(payload).build());
    to.push_back(made.open().alone());
  }
  {
    auto made = maker("artifact-manifest", "The tag names an artifact manifest of proposals A and E.",
                      {"runtime.unknown-manifest", "R.security-runtime"});
    to.push_back(made.open().with(
        oci::Content(std::string(oci::media_type::kArtifactManifest),
                     fmt::format(R"({{"mediaType":"{}","artifactType":"application/vnd.referee.note","blobs":[]}})",
                                 oci::media_type::kArtifactManifest))));
  }
  {
    auto made = maker("node", "The tag names a node of proposal C.", {"runtime.unknown-manifest", "C.compat.runtime"});
    to.push_back(made.open().with(
        oci::Content(std::string(oci::media_type::kNode),
                     fmt::format(R"({{"schemaVersion":3,"mediaType":"{}","objects":[]}})", oci::media_type::kNode))));
  }
}

}  // namespace referee::suites::matrix
