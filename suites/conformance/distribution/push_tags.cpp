#include <gmock/gmock.h>

#include <algorithm>

#include "conformance/distribution/listing.hpp"
#include "conformance/distribution/prerequisites.hpp"
#include "conformance/registration.hpp"

/// distribution-spec, "Pushing Manifests": tags, old ones that move, odd ones, and those given as `tag` parameters.
namespace referee::suites::distribution {

using namespace referee::conformance;  // NOLINT(google-build-using-namespace): checks read as sentences

namespace {

/// One of the check's own tags, filled up to `size` characters.
std::string tag_of_size(const Context& t, std::size_t size) {
  std::string tag = t.tag("long");
  tag.resize(size, 'x');
  return tag;
}

/// The tags that OCI-Tag names, in one list or in repeated headers (RFC 9110, section 5).
std::vector<std::string> oci_tags(const http::Response& response) {
  std::vector<std::string> tags;
  for (std::string value : response.headers.all("OCI-Tag")) {
    std::ranges::replace(value, ',', ' ');
    std::istringstream words(value);
    for (std::string tag; words >> tag;) tags.push_back(tag);
  }
  return tags;
}

http::Response push_with_tags(Context& t, const oci::Content& manifest, const std::vector<std::string>& tags) {
  std::vector<std::pair<std::string, std::string>> query;
  for (const auto& tag : tags) query.emplace_back("tag", tag);
  return t.registry().put_manifest(t.repository(), manifest.digest().str(), manifest, with_query(query)).value();
}

void register_moves(Catalogue& catalogue) {
  catalogue.add({.id = "oci-1.1/push-manifests/retag",
                 .title = "A tag that is pushed again leads to the new manifest",
                 .how = "Pushes two images under one tag. Refusing the second is observed as an immutable tag.",
                 .requirements = {"dist.manifests.expected"},
                 .needs = {},
                 .after = kByTag,
                 .kills = {"r.put.tag-sticky"},
                 .tags = {},
                 .body = [](Context& t) {
                   const auto first = t.pushed_image(t.tag("v1"));
                   const auto second = t.pushed_image();
                   const auto answer = t.registry().put_manifest(t.repository(), t.tag("v1"), second.manifest).value();
                   const bool moved = answer.status == 201;
                   t.observe("tags", moved ? "can be moved" : "are immutable");
                   if (!moved) {
                     EXPECT_THAT(answer, IsClientError());
                   }
                   EXPECT_THAT(t.registry().get_manifest(t.repository(), t.tag("v1")).value(),
                               ServesContent(moved ? second.manifest : first.manifest));
                 }});
  catalogue.add({.id = "oci-1.1/push-manifests/retag-keeps-old",
                 .title = "A manifest that lost its tag is still there by digest",
                 .how = "Pushes two images under one tag and GETs the first by its digest.",
                 .requirements = {"dist.manifests.expected"},
                 .needs = {},
                 .after = kByTag,
                 .kills = {"r.put.retag-drops-old"},
                 .tags = {},
                 .body = [](Context& t) {
                   const auto first = t.pushed_image(t.tag("v1"));
                   const auto second = t.pushed_image();
                   (void)t.registry().put_manifest(t.repository(), t.tag("v1"), second.manifest).value();
                   EXPECT_THAT(t.registry().get_manifest(t.repository(), first.digest().str()).value(),
                               ServesContent(first.manifest));
                 }});
  catalogue.add({.id = "oci-1.1/push-manifests/second-tag",
                 .title = "Two tags can lead to one manifest",
                 .how = "Pushes one manifest under two tags and GETs both.",
                 .requirements = {"dist.manifests.expected"},
                 .needs = {},
                 .after = kByTag,
                 .kills = {"r.put.one-tag-per-manifest"},
                 .tags = {},
                 .body = [](Context& t) {
                   const auto image = t.pushed_image(t.tag("v1"));
                   t.push_manifest(image.manifest, t.tag("v2"));
                   for (const auto* tag : {"v1", "v2"}) {
                     EXPECT_THAT(t.registry().get_manifest(t.repository(), t.tag(tag)).value(),
                                 ServesContent(image.manifest));
                   }
                 }});
  catalogue.add({.id = "oci-1.1/push-manifests/again",
                 .title = "A manifest that is there already can be pushed again",
                 .how = "PUTs the same manifest by digest twice.",
                 .requirements = {"dist.manifests.created"},
                 .needs = {},
                 .after = {"oci-1.1/push-manifests/by-digest"},
                 .kills = {"r.put.again-409"},
                 .tags = {},
                 .body = [](Context& t) {
                   const auto image = t.pushed_image();
                   const auto again =
                       t.registry().put_manifest(t.repository(), image.digest().str(), image.manifest).value();
                   EXPECT_THAT(again, HasStatus(201));
                   EXPECT_THAT(t.registry().get_manifest(t.repository(), image.digest().str()).value(),
                               ServesContent(image.manifest));
                 }});
}

void register_grammar(Catalogue& catalogue) {
  catalogue.add({.id = "oci-1.1/push-manifests/tag-128",
                 .title = "A tag of 128 characters is a tag",
                 .how = "Pushes a manifest under a tag of the greatest length and GETs it.",
                 .requirements = {"dist.manifests.tag-accepted"},
                 .needs = {},
                 .after = kByTag,
                 .kills = {"r.put.tag-128-refused"},
                 .tags = {"names"},
                 .body = [](Context& t) {
                   const auto image = t.pushed_image();
                   const auto tag = tag_of_size(t, 128);
                   EXPECT_THAT(t.registry().put_manifest(t.repository(), tag, image.manifest).value(), HasStatus(201));
                   EXPECT_THAT(t.registry().get_manifest(t.repository(), tag).value(), ServesContent(image.manifest));
                 }});
  catalogue.add({.id = "oci-1.1/push-manifests/tag-129",
                 .title = "A tag of 129 characters is refused",
                 .how = "PUTs a manifest under a tag one character longer than allowed; any 4xx will do.",
                 .requirements = {"dist.manifests.tag-length"},
                 .needs = {},
                 .after = kByTag,
                 .kills = {"r.put.tag-129-ok"},
                 .tags = {"names"},
                 .body = [](Context& t) {
                   const auto image = t.pushed_image();
                   EXPECT_THAT(t.registry().put_manifest(t.repository(), tag_of_size(t, 129), image.manifest).value(),
                               IsClientError());
                 }});
  catalogue.add({.id = "oci-1.1/push-manifests/tag-characters",
                 .title = "Capitals, digits, dot, dash and underscore may stand in a tag",
                 .how = "Pushes a manifest under two tags made of every kind of character and GETs them.",
                 .requirements = {"dist.manifests.tag-accepted"},
                 .needs = {},
                 .after = kByTag,
                 .kills = {"r.put.tag-capitals-refused"},
                 .tags = {"names"},
                 .body = [](Context& t) {
                   const auto image = t.pushed_image();
                   for (const auto& tag : {t.tag("V1.0-rc_2..x--y__Z"), "_" + t.tag("Under")}) {
                     EXPECT_THAT(t.registry().put_manifest(t.repository(), tag, image.manifest).value(),
                                 HasStatus(201));
                     EXPECT_THAT(t.registry().get_manifest(t.repository(), tag).value(), ServesContent(image.manifest));
                   }
                 }});
  catalogue.add(
      {.id = "oci-1.1/push-manifests/tag-malformed",
       .title = "A tag that breaks the grammar is refused",
       .how = "PUTs a manifest under tags that begin with a dot or a dash or hold a plus sign; any 4xx will do.",
       .requirements = {"dist.manifests.tag-grammar"},
       .needs = {},
       .after = kByTag,
       .kills = {"r.put.tag-grammar-off"},
       .tags = {"names"},
       .body = [](Context& t) {
         const auto image = t.pushed_image();
         for (const auto& tag : {"." + t.tag("x"), "-" + t.tag("x"), t.tag("x") + "+y"}) {
           EXPECT_THAT(t.registry().put_manifest(t.repository(), tag, image.manifest).value(), IsClientError())
               << "a manifest pushed as " << tag << ", which the grammar of tags forbids, is refused with a 4xx";
         }
       }});
}

void register_parameters(Catalogue& catalogue) {
  catalogue.add({.id = "oci-1.1/push-manifests/tag-parameter",
                 .title = "A tag that OCI-Tag names leads to the manifest",
                 .how = "PUTs a manifest by digest with one `tag` parameter and GETs the tag.",
                 .requirements = {"dist.manifests.tag-parameter-set", "O.push.multi-tag"},
                 .needs = {Capability::kTagParameters},
                 .after = {"oci-1.1/push-manifests/by-digest"},
                 .kills = {"r.put.tag-parameter-not-set"},
                 .tags = {"tag-parameters"},
                 .body = [](Context& t) {
                   const auto image = t.pushed_image();
                   const auto answer = push_with_tags(t, image.manifest, {t.tag("v1")});
                   EXPECT_THAT(answer, HasStatus(201));
                   EXPECT_THAT(oci_tags(answer), testing::ElementsAre(t.tag("v1")));
                   EXPECT_THAT(t.registry().get_manifest(t.repository(), t.tag("v1")).value(),
                               ServesContent(image.manifest));
                 }});
  catalogue.add(
      {.id = "oci-1.1/push-manifests/tag-parameter-header",
       .title = "OCI-Tag names every tag that was set, and no other",
       .how = "PUTs a manifest with three `tag` parameters; a tag is named, as a list or repeated, iff it exists.",
       .requirements = {"dist.manifests.tag-parameter-header", "O.push.multi-tag"},
       .needs = {Capability::kTagParameters},
       .after = {"oci-1.1/push-manifests/by-digest"},
       .kills = {"r.put.oci-tag-first-only"},
       .tags = {"tag-parameters"},
       .body = [](Context& t) {
         const auto image = t.pushed_image();
         const std::vector<std::string> tags{t.tag("a"), t.tag("b"), t.tag("c")};
         const auto named = oci_tags(push_with_tags(t, image.manifest, tags));
         EXPECT_THAT(named, testing::IsSubsetOf(tags));
         for (const auto& tag : tags) {
           const bool there = t.registry().get_manifest(t.repository(), tag).value().status == 200;
           EXPECT_EQ(std::ranges::count(named, tag), there ? 1 : 0)
               << "OCI-Tag names the tag " << tag << " once if it can be pulled, else not";
         }
       }});
  catalogue.add({.id = "oci-1.1/push-manifests/tag-parameters-ten",
                 .title = "Ten tags can be set by one push",
                 .how = "PUTs a manifest with ten `tag` parameters and counts those that OCI-Tag names.",
                 .requirements = {"dist.manifests.tag-parameters-ten", "O.push.multi-tag"},
                 .needs = {Capability::kTagParameters},
                 .after = {"oci-1.1/push-manifests/by-digest"},
                 .kills = {"r.put.tag-parameters-max-5"},
                 .tags = {"tag-parameters"},
                 .body = [](Context& t) {
                   const auto image = t.pushed_image();
                   std::vector<std::string> tags;
                   for (int i = 0; i < 10; ++i) tags.push_back(t.tag("v" + std::to_string(i)));
                   const auto answer = push_with_tags(t, image.manifest, tags);
                   EXPECT_THAT(answer, HasStatus(201));
                   EXPECT_THAT(oci_tags(answer), testing::UnorderedElementsAreArray(tags));
                 }});
}

}  // namespace

void register_push_tags(Catalogue& catalogue) {
  register_moves(catalogue);
  register_grammar(catalogue);
  register_parameters(catalogue);
}

}  // namespace referee::suites::distribution
