#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "conformance/distribution/listing.hpp"
#include "conformance/distribution/prerequisites.hpp"
#include "conformance/registration.hpp"

/// distribution-spec, "Listing Referrers": artifactType and annotations of the descriptors.
namespace referee::suites::distribution {

using namespace referee::conformance;  // NOLINT(google-build-using-namespace): checks read as sentences

namespace {

constexpr std::string_view kSbomType = "application/vnd.referee.sbom.v1+json";
constexpr std::string_view kConfigType = "application/vnd.referee.config.v1+json";

oci::ManifestBuilder about(Context& t, const oci::Descriptor& subject) {
  oci::ManifestBuilder builder;
  builder.config(oci::Content(std::string(kConfigType), R"({"run":")" + t.random().hex(16) + R"("})"))
      .layer(oci::Content(std::string(oci::media_type::kOctetStream), t.random().hex(64)))
      .subject(subject);
  return builder;
}

oci::IndexBuilder index_with_subject(Context& t, const oci::Descriptor& subject) {
  oci::IndexBuilder builder;
  builder.manifest(t.pushed_image().descriptor()).subject(subject);
  return builder;
}

/// The only entry of the subject's list. Fails the check and gives an empty one if there is none or more than one.
oci::Descriptor only_referrer(Context& t, const oci::Package& subject) {
  const auto listed = referrers_of(t, subject.digest().str(), 1);
  EXPECT_EQ(listed.size(), 1U) << "one referrer was pushed: entries in the list of its subject";
  return listed.empty() ? oci::Descriptor() : listed.front();
}

/// The same as JSON, since a field that is absent and one that is empty are not alike.
nlohmann::json only_entry(Context& t, const oci::Package& subject) {
  (void)only_referrer(t, subject);
  const auto body = parse_json(t.registry().referrers(t.repository(), subject.digest().str()).value().body);
  const bool one = body && body->is_object() && body->contains("manifests") && (*body)["manifests"].is_array() &&
                   (*body)["manifests"].size() == 1 && (*body)["manifests"][0].is_object();
  EXPECT_TRUE(one) << "the list has not one entry on its first page";
  return one ? (*body)["manifests"][0] : nlohmann::json::object();
}

void register_artifact_types(Catalogue& catalogue) {
  catalogue.add({.id = "oci-1.1/referrers/artifact-type",
                 .title = "artifactType of an entry is that of the manifest",
                 .how = "Pushes a referrer whose artifactType and config media type differ.",
                 .requirements = {"dist.referrers.artifact-type"},
                 .needs = kNeedsReferrers,
                 .after = kReferrersList,
                 .kills = {"r.ref.no-artifacttype", "r.ref.artifacttype-config-always"},
                 .tags = {"artifact-type"},
                 .body = [](Context& t) {
                   const auto image = t.pushed_image();
                   t.push(about(t, image.descriptor()).artifact_type(kSbomType).build());
                   EXPECT_EQ(only_referrer(t, image).artifact_type, kSbomType);
                 }});
  catalogue.add({.id = "oci-1.1/referrers/artifact-type-from-config",
                 .title = "artifactType of an entry is the config's media type where the manifest has none",
                 .how = "Pushes a referrer without artifactType and with a config of its own type.",
                 .requirements = {"dist.referrers.artifact-type-config"},
                 .needs = kNeedsReferrers,
                 .after = kReferrersList,
                 .kills = {"r.ref.no-artifacttype", "r.ref.no-config-type"},
                 .tags = {"artifact-type"},
                 .body = [](Context& t) {
                   const auto image = t.pushed_image();
                   t.push(about(t, image.descriptor()).build());
                   EXPECT_EQ(only_referrer(t, image).artifact_type, kConfigType);
                 }});
  catalogue.add({.id = "oci-1.1/referrers/artifact-type-empty",
                 .title = "An empty artifactType counts as none",
                 .how = "Pushes a referrer whose artifactType is the empty string: the config's media type is listed.",
                 .requirements = {"dist.referrers.artifact-type-config"},
                 .needs = kNeedsReferrers,
                 .after = kReferrersList,
                 .kills = {"r.ref.artifacttype-empty-string"},
                 .tags = {"artifact-type"},
                 .body = [](Context& t) {
                   const auto image = t.pushed_image();
                   t.push(about(t, image.descriptor()).field("artifactType", R"("")").build());
                   EXPECT_EQ(only_referrer(t, image).artifact_type, kConfigType);
                 }});
  catalogue.add({.id = "oci-1.1/referrers/index-artifact-type",
                 .title = "artifactType of an index is listed",
                 .how = "Pushes an index with a subject and an artifactType.",
                 .requirements = {"dist.referrers.artifact-type"},
                 .needs = kNeedsReferrers,
                 .after = kReferrersList,
                 .kills = {"r.ref.index-no-artifacttype"},
                 .tags = {"artifact-type", "index"},
                 .body = [](Context& t) {
                   const auto image = t.pushed_image();
                   t.push_manifest(index_with_subject(t, image.descriptor()).artifact_type(kSbomType).build());
                   EXPECT_EQ(only_referrer(t, image).artifact_type, kSbomType);
                 }});
  catalogue.add({.id = "oci-1.1/referrers/index-without-artifact-type",
                 .title = "An index without artifactType is listed without the field",
                 .how = "Pushes an index with a subject only: the entry has no such key, not even an empty one.",
                 .requirements = {"dist.referrers.artifact-type-omitted"},
                 .needs = kNeedsReferrers,
                 .after = kReferrersList,
                 .kills = {"r.ref.artifacttype-index-invented", "r.ref.artifacttype-index-empty-string"},
                 .tags = {"artifact-type", "index"},
                 .body = [](Context& t) {
                   const auto image = t.pushed_image();
                   t.push_manifest(index_with_subject(t, image.descriptor()).build());
                   EXPECT_FALSE(only_entry(t, image).contains("artifactType"))
                       << "the entry has an artifactType that its manifest has not";
                 }});
  catalogue.add({.id = "oci-1.1/referrers/index-empty-artifact-type",
                 .title = "An index with an empty artifactType is listed without the field",
                 .how = "Pushes an index with a subject whose artifactType is the empty string.",
                 .requirements = {"dist.referrers.artifact-type-omitted"},
                 .needs = kNeedsReferrers,
                 .after = kReferrersList,
                 .kills = {"r.ref.artifacttype-index-empty-string"},
                 .tags = {"artifact-type", "index"},
                 .body = [](Context& t) {
                   const auto image = t.pushed_image();
                   t.push_manifest(index_with_subject(t, image.descriptor()).field("artifactType", R"("")").build());
                   EXPECT_FALSE(only_entry(t, image).contains("artifactType"))
                       << "the entry has an artifactType that its manifest has not";
                 }});
}

void register_annotations(Catalogue& catalogue) {
  static const oci::Annotations kAnnotations{{"org.opencontainers.image.created", "2024-02-29T12:00:00Z"},
                                             {"org.example.long", std::string(5000, 'x')},
                                             {"com.example/odd key", "\xC3\xA9 \"quoted\" <&>"},
                                             {"empty", ""}};
  catalogue.add({.id = "oci-1.1/referrers/annotations",
                 .title = "The annotations of a manifest are those of its entry",
                 .how = "Pushes a referrer with a known, a long, an odd and an empty annotation; all must be listed.",
                 .requirements = {"dist.referrers.annotations"},
                 .needs = kNeedsReferrers,
                 .after = kReferrersList,
                 .kills = {"r.ref.no-annotations", "r.ref.some-annotations", "r.ref.annotations-cut"},
                 .tags = {"annotations"},
                 .body = [](Context& t) {
                   const auto image = t.pushed_image();
                   pushed_referrer(t, image.descriptor(), kSbomType, kAnnotations);
                   EXPECT_THAT(only_referrer(t, image).annotations, testing::IsSupersetOf(kAnnotations));
                 }});
  catalogue.add({.id = "oci-1.1/referrers/index-annotations",
                 .title = "The annotations of an index are those of its entry",
                 .how = "Pushes an index with a subject and annotations.",
                 .requirements = {"dist.referrers.annotations"},
                 .needs = kNeedsReferrers,
                 .after = kReferrersList,
                 .kills = {"r.ref.index-no-annotations"},
                 .tags = {"annotations", "index"},
                 .body = [](Context& t) {
                   const auto image = t.pushed_image();
                   auto builder = index_with_subject(t, image.descriptor());
                   for (const auto& [key, value] : kAnnotations) builder.annotation(key, value);
                   t.push_manifest(builder.build());
                   EXPECT_THAT(only_referrer(t, image).annotations, testing::IsSupersetOf(kAnnotations));
                 }});
  catalogue.add({.id = "oci-1.1/referrers/annotations-only-own",
                 .title = "Whether entries have annotations beside the manifest's own",
                 .how = "Pushes referrers whose subject, config and layer descriptors carry other annotations.",
                 .requirements = {"dist.referrers.annotations-only-own", "dist.referrers.annotations"},
                 .needs = kNeedsReferrers,
                 .after = kReferrersList,
                 .kills = {"r.ref.descriptor-annotations"},
                 .tags = {"annotations"},
                 .body = [](Context& t) {
                   const auto image = t.pushed_image();
                   auto subject = image.descriptor();
                   subject.annotations = {{"org.example.of", "the subject descriptor"}};
                   auto layer = t.pushed_blob().descriptor();
                   layer.annotations = {{"org.example.of", "the layer descriptor"}};
                   t.push(about(t, subject).layer_descriptor(layer).annotation("org.example.own", "1").build());
                   const auto annotations = only_referrer(t, image).annotations;
                   t.observe("other annotations",
                             annotations == oci::Annotations{{"org.example.own", "1"}} ? "none" : "some");
                 }});
}

}  // namespace

void register_referrers_fields(Catalogue& catalogue) {
  register_artifact_types(catalogue);
  register_annotations(catalogue);
}

}  // namespace referee::suites::distribution
