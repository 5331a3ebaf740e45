#include "shape_maker.hpp"

/// Indexes that list artifacts beside the image: what proposals D and F, and builders today, put there.
namespace referee::suites::matrix {
namespace {

using Entries = std::vector<oci::Descriptor>;

/// An artifact with this platform before or after the image.
Shape artifact_beside(ShapeMaker maker, const std::optional<oci::Platform>& platform, bool first) {
  const auto image = maker.image();
  auto artifact = maker.artifact();
  artifact.platform = platform;
  return first ? maker.with({artifact, image}) : maker.with({image, artifact});
}

}  // namespace

void add_artifact_entries(Shapes& to, std::uint64_t seed, const oci::Platform& platform) {
  const oci::Platform unknown{"unknown", "unknown", "", ""};
  const oci::Platform os_only{"", "unknown", "", ""};
  const auto maker = [&](const std::string& id, const std::string& about, std::vector<std::string> requirements) {
    return ShapeMaker(seed, platform, id, about, std::move(requirements));
  };
  for (const bool first : {true, false}) {
    const std::string place = first ? "first" : "last";
    const std::string where = first ? "before the image." : "after the image.";
    to.push_back(artifact_beside(maker("artifact-unknown-" + place, "An artifact for unknown/unknown " + where,
                                       {"runtime.unknown-platform", "D.runtime.unknown-os-skipped"}),
                                 unknown, first));
    to.push_back(artifact_beside(maker("artifact-os-only-" + place,
                                       "An artifact whose platform has the os unknown and no architecture, " + where,
                                       {"runtime.platform-incomplete", "D.runtime.unknown-os-skipped"}),
                                 os_only, first));
    to.push_back(artifact_beside(maker("artifact-platformless-" + place, "An artifact without a platform " + where,
                                       {"runtime.platform-optional", "D.runtime.unknown-os-skipped"}),
                                 std::nullopt, first));
    // By the letter the artifact is the first that matches; nobody can run it.
    auto claims = maker("artifact-claims-" + place, "An artifact that claims the wanted platform " + where,
                        {"runtime.first-match"});
    if (first) claims.open();
    to.push_back(artifact_beside(std::move(claims), platform, first));
  }
  {
    auto made = maker("buildx-attestation",
                      "An image and, after it, the attestation that a builder adds: unknown/unknown, annotated.",
                      {"runtime.unknown-platform", "D.runtime.unknown-os-skipped"});
    const auto image = made.image();
    auto attestation = made.artifact();
    attestation.platform = unknown;
    attestation.annotations = {{"vnd.docker.reference.digest", image.digest},
                               {"vnd.docker.reference.type", "attestation-manifest"}};
    to.push_back(made.with({image, attestation}));
  }
  {
    auto made =
        maker("artifacts-only", "An index of artifacts: nothing is to be pulled.", {"runtime.unknown-platform"});
    auto one = made.artifact();
    one.platform = unknown;
    to.push_back(made.with({one}));
  }
  {
    auto made = maker("many-attachments", "The image after 200 artifacts for unknown/unknown.",
                      {"runtime.unknown-platform", "D.runtime.no-attachment-pull"});
    Entries entries;
    for (int at = 0; at < 200; ++at) {
      auto artifact = made.artifact("artifact");
      artifact.platform = unknown;
      made.leave_out();
      entries.push_back(artifact);
    }
    entries.push_back(made.image());
    to.push_back(made.with(entries));
  }
}

}  // namespace referee::suites::matrix
