#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "conformance/distribution/listing.hpp"
#include "conformance/distribution/prerequisites.hpp"
#include "conformance/registration.hpp"

/// distribution-spec, "Listing Referrers": status, form of the answer, and which manifests are on the list.
namespace referee::suites::distribution {

using namespace referee::conformance;  // NOLINT(google-build-using-namespace): checks read as sentences

namespace {

http::Response list(Context& t, std::string_view digest) {
  return t.registry().referrers(t.repository(), digest).value();
}

nlohmann::json body_of(const http::Response& response) {
  return parse_json(response.body).value_or(nlohmann::json());
}

void register_form(Catalogue& catalogue) {
  catalogue.add({.id = "oci-1.1/referrers/list-200",
                 .title = "The referrers of a manifest are answered 200",
                 .how = "Pushes an image and an artifact that refers to it, and GETs the list.",
                 .requirements = {"dist.referrers.status"},
                 .needs = kNeedsReferrers,
                 .after = {"oci-1.1/push-manifests/by-digest"},
                 .kills = {"r.ref.status-203"},
                 .tags = {"root"},
                 .body = [](Context& t) {
                   const auto image = t.pushed_image();
                   pushed_referrer(t, image.descriptor());
                   EXPECT_THAT(list(t, image.digest().str()), HasStatus(200));
                 }});
  catalogue.add({.id = "oci-1.1/referrers/empty-list",
                 .title = "A manifest without referrers has an empty list",
                 .how = "Pushes an image alone: 200 and `manifests` is `[]`, neither null nor absent.",
                 .requirements = {"dist.referrers.empty-list", "dist.referrers.status"},
                 .needs = kNeedsReferrers,
                 .after = kReferrersList,
                 .kills = {"r.ref.404-when-empty", "r.ref.null-list"},
                 .tags = {},
                 .body = [](Context& t) {
                   const auto answer = list(t, t.pushed_image().digest().str());
                   ASSERT_THAT(answer, HasStatus(200));
                   EXPECT_THAT(listed_digests(answer), testing::IsEmpty());
                 }});
  catalogue.add({.id = "oci-1.1/referrers/unknown-digest",
                 .title = "A digest that is not in the repository has an empty list, not a 404",
                 .how = "Pushes an image, then asks for the referrers of a digest that was never pushed.",
                 .requirements = {"dist.referrers.never-404", "dist.referrers.status"},
                 .needs = kNeedsReferrers,
                 .after = kReferrersList,
                 .kills = {"r.ref.404-when-empty", "r.ref.404-when-subject-absent"},
                 .tags = {},
                 .body = [](Context& t) {
                   t.pushed_image();
                   const auto answer = list(t, t.absent_digest().str());
                   ASSERT_THAT(answer, HasStatus(200));
                   EXPECT_THAT(listed_digests(answer), testing::IsEmpty());
                 }});
  catalogue.add({.id = "oci-1.1/referrers/absent-repository",
                 .title = "How the referrers of a repository are answered that does not exist",
                 .how = "GETs a list below a name that nobody pushed to. The text asks for 404 and forbids it.",
                 .requirements = {"dist.referrers.absent-repository"},
                 .needs = kNeedsReferrers,
                 .after = kReferrersList,
                 .kills = {"r.ref.absent-repository-500"},
                 .tags = {},
                 .body = [](Context& t) {
                   const auto answer = t.registry().referrers(t.absent_repository(), t.absent_digest().str()).value();
                   t.observe("status", std::to_string(answer.status));
                 }});
  catalogue.add({.id = "oci-1.1/referrers/bad-digest",
                 .title = "A malformed digest is answered 400",
                 .how = "Asks for the referrers of a tag, a digest without hex, one character short, and in capitals.",
                 .requirements = {"dist.referrers.bad-digest"},
                 .needs = kNeedsReferrers,
                 .after = kReferrersList,
                 .kills = {"r.ref.bad-digest-200", "r.ref.bad-digest-404"},
                 .tags = {"errors"},
                 .body = [](Context& t) {
                   const auto hex = t.pushed_image().digest().encoded();
                   for (const auto& digest : {std::string("latest"), std::string("sha256:baddigeststring"),
                                              "sha256:" + hex.substr(1), "sha256:" + std::string(64, 'A')}) {
                     EXPECT_THAT(list(t, digest), HasStatus(400))
                         << "referrers of " << digest << ", which is no digest, are refused with 400";
                   }
                 }});
  catalogue.add({.id = "oci-1.1/referrers/content-type",
                 .title = "The list is served as an OCI image index",
                 .how = "Looks at the Content-Type of an empty list and of one with an entry.",
                 .requirements = {"dist.referrers.content-type", "O.ref.index-body"},
                 .needs = kNeedsReferrers,
                 .after = kReferrersList,
                 .kills = {"r.ref.wrong-content-type"},
                 .tags = {},
                 .body = [](Context& t) {
                   const auto image = t.pushed_image();
                   const auto referrer = pushed_referrer(t, image.descriptor());
                   for (const auto& digest : {image.digest().str(), referrer.digest().str()}) {
                     EXPECT_THAT(list(t, digest), HasMediaType(std::string(oci::media_type::kIndex)));
                   }
                 }});
  catalogue.add({.id = "oci-1.1/referrers/schema-version",
                 .title = "The list is an index of schemaVersion 2",
                 .how = "Reads the field in an empty list and in one with an entry.",
                 .requirements = {"dist.referrers.index-body", "O.ref.index-body", "O.reg.envelope"},
                 .needs = kNeedsReferrers,
                 .after = kReferrersList,
                 .kills = {"r.ref.no-schemaversion"},
                 .tags = {},
                 .body = [](Context& t) {
                   const auto image = t.pushed_image();
                   const auto referrer = pushed_referrer(t, image.descriptor());
                   for (const auto& digest : {image.digest().str(), referrer.digest().str()}) {
                     const auto body = body_of(list(t, digest));
                     ASSERT_TRUE(body.is_object()) << "the body is no JSON object";
                     EXPECT_EQ(body.value("schemaVersion", nlohmann::json()), nlohmann::json(2));
                   }
                 }});
  catalogue.add({.id = "oci-1.1/referrers/media-type-field",
                 .title = "The list names its own media type",
                 .how = "Reads the field `mediaType` of a list with an entry.",
                 .requirements = {"dist.referrers.media-type-field", "O.reg.envelope"},
                 .needs = kNeedsReferrers,
                 .after = kReferrersList,
                 .kills = {"r.ref.no-mediatype-field"},
                 .tags = {},
                 .body = [](Context& t) {
                   const auto image = t.pushed_image();
                   pushed_referrer(t, image.descriptor());
                   const auto body = body_of(list(t, image.digest().str()));
                   ASSERT_TRUE(body.is_object()) << "the body is no JSON object";
                   EXPECT_EQ(body.value("mediaType", nlohmann::json()), nlohmann::json(oci::media_type::kIndex));
                 }});
}

void register_membership(Catalogue& catalogue) {
  catalogue.add(
      {.id = "oci-1.1/referrers/exact",
       .title = "The list holds the manifests with that subject, each once, and no other",
       .how = "Pushes two images with three and one referrers; compares digest, size and media type, and pulls "
              "each entry.",
       .requirements = {"dist.referrers.members"},
       .needs = kNeedsReferrers,
       .after = kReferrersList,
       .kills = {"r.ref.all-in-repository", "r.ref.lists-subject", "r.ref.wrong-size"},
       .tags = {},
       .body = [](Context& t) {
         const auto image = t.pushed_image();
         pushed_referrer(t, t.pushed_image().descriptor());
         std::vector<oci::Content> pushed;
         std::vector<std::string> expected;
         for (int i = 0; i < 3; ++i) {
           pushed.push_back(pushed_referrer(t, image.descriptor()).manifest);
           const auto one = pushed.back().descriptor();
           expected.push_back(one.digest + " " + std::to_string(one.size) + " " + one.media_type);
         }
         std::vector<std::string> listed;
         for (const auto& one : referrers_of(t, image.digest().str(), 3)) {
           listed.push_back(one.digest + " " + std::to_string(one.size) + " " + one.media_type);
         }
         EXPECT_THAT(listed, testing::UnorderedElementsAreArray(expected));
         for (const auto& one : pushed) {
           EXPECT_THAT(t.registry().get_manifest(t.repository(), one.digest().str()).value(), ServesContent(one));
         }
       }});
  catalogue.add({.id = "oci-1.1/referrers/tagged",
                 .title = "A referrer is listed whether it has a tag or not",
                 .how = "Pushes one referrer by digest and one that also has a tag.",
                 .requirements = {"dist.referrers.new-included", "O.ref.tagged-referrer"},
                 .needs = kNeedsReferrers,
                 .after = kReferrersList,
                 .kills = {"r.ref.lists-tagged-only", "r.ref.lists-untagged-only"},
                 .tags = {},
                 .body = [](Context& t) {
                   const auto image = t.pushed_image();
                   const auto plain = pushed_referrer(t, image.descriptor());
                   const auto tagged = pushed_referrer(t, image.descriptor(), "", {}, t.tag("sig"));
                   expect_referrers(t, image.digest().str(), {plain.digest().str(), tagged.digest().str()});
                 }});
  catalogue.add({.id = "oci-1.1/referrers/index",
                 .title = "An index with a subject is listed",
                 .how = "Pushes an image and an index whose subject it is.",
                 .requirements = {"dist.referrers.members", "O.ref.index-listed"},
                 .needs = kNeedsReferrers,
                 .after = kReferrersList,
                 .kills = {"r.ref.index-subject-ignored"},
                 .tags = {"index"},
                 .body = [](Context& t) {
                   const auto image = t.pushed_image();
                   const auto index =
                       oci::IndexBuilder().manifest(t.pushed_image().descriptor()).subject(image.descriptor()).build();
                   t.push_manifest(index);
                   const auto listed = referrers_of(t, image.digest().str(), 1);
                   EXPECT_THAT(digests(listed), testing::ElementsAre(index.digest().str()));
                   for (const auto& one : listed) EXPECT_EQ(one.media_type, oci::media_type::kIndex);
                 }});
  catalogue.add({.id = "oci-1.1/referrers/index-of-its-subject",
                 .title = "An index may refer to an image that it lists",
                 .how = "Pushes an index that lists an image and has that image as subject.",
                 .requirements = {"dist.referrers.members", "O.ref.index-listed"},
                 .needs = kNeedsReferrers,
                 .after = kReferrersList,
                 .kills = {"r.ref.cycle-unlisted"},
                 .tags = {"index"},
                 .body = [](Context& t) {
                   const auto image = t.pushed_image();
                   const auto index =
                       oci::IndexBuilder().manifest(image.descriptor()).subject(image.descriptor()).build();
                   t.push_manifest(index);
                   expect_referrers(t, image.digest().str(), {index.digest().str()});
                 }});
  catalogue.add({.id = "oci-1.1/referrers/second-level",
                 .title = "A referrer can have referrers, listed under it alone",
                 .how = "Pushes an image, a signature of it and a signature of that signature.",
                 .requirements = {"dist.referrers.members"},
                 .needs = kNeedsReferrers,
                 .after = kReferrersList,
                 .kills = {"r.ref.second-level-ignored", "r.ref.transitive"},
                 .tags = {},
                 .body = [](Context& t) {
                   const auto image = t.pushed_image();
                   const auto first = pushed_referrer(t, image.descriptor());
                   const auto second = pushed_referrer(t, first.descriptor());
                   expect_referrers(t, first.digest().str(), {second.digest().str()});
                   expect_referrers(t, image.digest().str(), {first.digest().str()});
                 }});
  catalogue.add({.id = "oci-1.1/referrers/other-repository",
                 .title = "Referrers in another repository are not listed",
                 .how = "Pushes one image to two repositories and a referrer of it to each.",
                 .requirements = {"dist.referrers.members"},
                 .needs = {Capability::kReferrers, Capability::kFreshRepositories},
                 .after = kReferrersList,
                 .kills = {"r.ref.cross-repo"},
                 .tags = {},
                 .body = [](Context& t) {
                   const auto image = t.pushed_image();
                   t.push_to(t.other_repository(), image);
                   const auto here = pushed_referrer(t, image.descriptor());
                   t.push_to(t.other_repository(),
                             oci::referrer(t.random(), image.descriptor(), "application/x.there"));
                   expect_referrers(t, image.digest().str(), {here.digest().str()});
                 }});
  catalogue.add({.id = "oci-1.1/referrers/sha512-subject",
                 .title = "Referrers of a sha512 digest are listed under it",
                 .how = "Pushes an artifact that refers to an image, itself not pushed, by its sha512 digest.",
                 .requirements = {"dist.referrers.members"},
                 .needs = {Capability::kReferrers, Capability::kSha512},
                 .after = {"oci-1.1/referrers/list-200", "oci-1.1/subject/missing-accepted"},
                 .kills = {"r.ref.sha512-unlisted"},
                 .tags = {"sha512"},
                 .body = [](Context& t) {
                   const auto image = oci::image(t.random(), 64, {"amd64", "linux", "", ""}, oci::Algorithm::kSha512);
                   const auto referrer = pushed_referrer(t, image.descriptor());
                   expect_referrers(t, image.digest().str(), {referrer.digest().str()});
                 }});
}

}  // namespace

void register_referrers(Catalogue& catalogue) {
  register_form(catalogue);
  register_membership(catalogue);
}

}  // namespace referee::suites::distribution
