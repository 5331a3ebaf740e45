#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>

#include "conformance/proposals/support.hpp"
#include "conformance/registration.hpp"

/// Proposal B, "Registry HTTP API": the list of what refers to a manifest.
namespace referee::suites::proposal_checks {

using namespace referee::conformance;  // NOLINT(google-build-using-namespace): checks read as sentences
namespace media_type = oci::media_type;

namespace {

/// More than any page that a registry might have in mind.
constexpr int kMany = 120;
const std::vector<std::string> kReferencesList{"proposals/b/list/by-digest"};

nlohmann::json body_of_list(const http::Response& response) {
  return parse_json(response.body).value_or(nlohmann::json());
}

void register_b_form(Catalogue& catalogue) {
  catalogue.add({.id = "proposals/b/list/by-digest",
                 .title = "The list of a digest has media type, size and digest of what refers to it",
                 .how = "Pushes a manifest that refers to an image and compares its descriptor. Annotations of the "
                        "list, if there are any, are a map.",
                 .requirements = {"B.list.by-digest", "B.list.descriptor-minimal", "B.list.annotations-map"},
                 .needs = kNeedsB,
                 .after = {},
                 .kills = {"r.ref.wrong-size", "r.ref.lists-tagged-only"},
                 .tags = {"root"},
                 .profiles = kOnB,
                 .body = [](Context& t) {
                   const auto image = t.pushed_image();
                   const auto content = pushed_image_with(t, "reference", image.descriptor());
                   const auto list = references_of(t, image.digest().str(), 1);
                   ASSERT_EQ(list.entries.size(), 1U);
                   EXPECT_EQ(list.entries.front().digest, content.digest().str());
                   EXPECT_EQ(list.entries.front().size, content.size());
                   EXPECT_EQ(list.entries.front().media_type, content.media_type());
                   const auto body = body_of_list(list.pages.front());
                   EXPECT_TRUE(!body.contains("annotations") || body["annotations"].is_object())
                       << "`annotations` of the list is an object, or absent: " << body["annotations"].dump();
                 }});
  catalogue.add({.id = "proposals/b/list/is-index",
                 .title = "The list is an image index",
                 .how = "Looks at Content-Type, schemaVersion, mediaType and manifests of a list.",
                 .requirements = {"B.list.is-index"},
                 .needs = kNeedsB,
                 .after = {},
                 .kills = {"r.ref.wrong-content-type", "r.ref.no-schemaversion", "r.ref.no-mediatype-field"},
                 .tags = {},
                 .profiles = kOnB,
                 .body = [](Context& t) {
                   const auto image = t.pushed_image();
                   pushed_image_with(t, "reference", image.descriptor());
                   const auto answer = ask_references(t, image.digest().str()).value();
                   ASSERT_THAT(answer, HasStatus(200));
                   EXPECT_THAT(answer, HasMediaType(std::string(media_type::kIndex)));
                   const auto body = body_of_list(answer);
                   ASSERT_TRUE(body.is_object()) << "the list is no JSON object";
                   EXPECT_EQ(body.value("schemaVersion", 0), 2);
                   EXPECT_EQ(body.value("mediaType", ""), media_type::kIndex);
                   (void)entries_of(answer, "manifests");
                 }});
  catalogue.add({.id = "proposals/b/list/empty",
                 .title = "What nothing refers to has an empty list",
                 .how = "Asks for the list of an image alone: with 404 a client could not know whether there are lists "
                        "at all.",
                 .requirements = {"B.list.empty"},
                 .needs = kNeedsB,
                 .after = {},
                 .kills = {"r.B.404-when-empty", "r.ref.null-list"},
                 .tags = {},
                 .profiles = kOnB,
                 .body = [](Context& t) {
                   const auto answer = ask_references(t, t.pushed_image().digest().str()).value();
                   ASSERT_THAT(answer, HasStatus(200));
                   EXPECT_THAT(entries_of(answer, "manifests"), testing::IsEmpty());
                 }});
  catalogue.add({.id = "proposals/b/list/unknown-ref",
                 .title = "What is answered for a tag and for a digest that are not there",
                 .how = "Asks for both in a repository that holds an image.",
                 .requirements = {"B.list.unknown-ref"},
                 .needs = kNeedsB,
                 .after = {},
                 .kills = {"r.ref.404-when-subject-absent"},
                 .tags = {},
                 .profiles = kOnB,
                 .body = [](Context& t) {
                   t.pushed_image();
                   t.observe("tag", status_text(ask_references(t, t.tag("nothing")).value()));
                   t.observe("digest", status_text(ask_references(t, t.absent_digest().str()).value()));
                 }});
  catalogue.add({.id = "proposals/b/list/read-only",
                 .title = "The list cannot be written",
                 .how = "PUTs, POSTs and DELETEs a list: 405 or 404, and it stays as it is.",
                 .requirements = {"B.list.read-only"},
                 .needs = kNeedsB,
                 .after = kReferencesList,
                 .kills = {"r.B.list-writable"},
                 .tags = {"errors"},
                 .profiles = kOnB,
                 .body = [](Context& t) {
                   const auto image = t.pushed_image();
                   const auto content = pushed_image_with(t, "reference", image.descriptor());
                   const auto path =
                       fmt::format("/v2/{}/manifests/{}/references", t.repository(), image.digest().str());
                   for (const auto* method : {"PUT", "POST", "DELETE"}) {
                     EXPECT_THAT(t.registry().request(method, path).value(), HasStatusIn({404, 405}))
                         << method << " on the list, which can only be read, is answered by 404 or 405";
                   }
                   expect_exactly(references_of(t, image.digest().str(), 1), {content});
                 }});
}

void register_b_members(Catalogue& catalogue) {
  catalogue.add({.id = "proposals/b/list/complete",
                 .title = "The list is complete in one answer",
                 .how = "Pushes 120 manifests that refer to one image and reads the list without following a Link.",
                 .requirements = {"B.list.complete"},
                 .needs = kNeedsB,
                 .after = kReferencesList,
                 .kills = {"r.B.truncated"},
                 .tags = {"slow"},
                 .profiles = kOnB,
                 .body = [](Context& t) {
                   const auto image = t.pushed_image();
                   std::vector<oci::Content> all;
                   const auto first = pushed_image_with(t, "reference", image.descriptor());
                   all.push_back(first);
                   // They differ in an annotation alone, so that their blobs are pushed once.
                   for (int i = 1; i < kMany; ++i) {
                     auto fields = Json::parse(first.bytes());
                     fields["annotations"] = {{"org.referee.number", std::to_string(i)}};
                     all.emplace_back(std::string(media_type::kManifest), fields.dump());
                     t.push_manifest(all.back());
                   }
                   const auto list = references_of(t, image.digest().str(), all.size());
                   EXPECT_EQ(list.pages.size(), 1U) << "there is a Link, though the proposal has no pages";
                   expect_exactly(list, all);
                 }});
  catalogue.add({.id = "proposals/b/list/growth",
                 .title = "How much each manifest that refers to another adds to its list",
                 .how = "Compares the sizes of a list of one and of a list of two: there are no pages that would keep "
                        "it short.",
                 .requirements = {"B.list.page"},
                 .needs = kNeedsB,
                 .after = {},
                 .kills = {"r.ref.dup-on-repush"},
                 .tags = {},
                 .profiles = kOnB,
                 .body = [](Context& t) {
                   const auto image = t.pushed_image();
                   const auto first = pushed_image_with(t, "reference", image.descriptor());
                   const auto one = references_of(t, image.digest().str(), 1).pages.front().body.size();
                   pushed_image_with(t, "reference", image.descriptor());
                   t.push_manifest(first);
                   const auto list = references_of(t, image.digest().str(), 2);
                   t.observe("bytes an entry", std::to_string(list.pages.front().body.size() - one));
                   t.observe("pages", std::to_string(list.pages.size()));
                 }});
  catalogue.add({.id = "proposals/b/list/by-tag",
                 .title = "The list of a tag is that of what the tag leads to",
                 .how = "Lists by a tag, moves the tag to another image, if it can be moved, and lists again.",
                 .requirements = {"B.list.by-tag"},
                 .needs = kNeedsB,
                 .after = kReferencesList,
                 .kills = {"r.B.tag-not-resolved"},
                 .tags = {},
                 .profiles = kOnB,
                 .body = [](Context& t) {
                   const auto image = t.pushed_image(t.tag("v1"));
                   const auto other = t.pushed_image();
                   const auto first = pushed_image_with(t, "reference", image.descriptor());
                   const auto second = pushed_image_with(t, "reference", other.descriptor());
                   expect_exactly(references_of(t, t.tag("v1"), 1), {first});
                   (void)references_of(t, other.digest().str(), 1);
                   if (put(t, other.manifest, t.tag("v1")).status != 201) {
                     t.observe("tags", "cannot be moved");
                     return;
                   }
                   expect_exactly(references_of(t, t.tag("v1"), 1), {second});
                 }});
  catalogue.add({.id = "proposals/b/list/repository",
                 .title = "A list is of one repository",
                 .how = "Pushes an image to two repositories, refers to it in one and lists in the other.",
                 .requirements = {"B.list.repo-scoped"},
                 .needs = {Capability::kReferences, Capability::kFreshRepositories},
                 .after = kReferencesList,
                 .kills = {"r.ref.cross-repo"},
                 .tags = {},
                 .profiles = kOnB,
                 .body = [](Context& t) {
                   const auto image = t.pushed_image();
                   t.push_to(t.other_repository(), image);
                   const auto content = pushed_image_with(t, "reference", image.descriptor());
                   expect_exactly(references_of(t, image.digest().str(), 1), {content});
                   const auto other = ask_references(t, image.digest().str(), t.other_repository()).value();
                   EXPECT_THAT(other, HasStatusIn({200, 404}));
                   if (other.status == 200) {
                     EXPECT_THAT(entries_of(other, "manifests"), testing::IsEmpty());
                   }
                 }});
  catalogue.add({.id = "proposals/b/list/direct-only",
                 .title = "Only what refers to the manifest itself is listed",
                 .how = "Refers to an image, then to what refers to it, and so on, and lists each of three.",
                 .requirements = {"B.list.direct-only"},
                 .needs = kNeedsB,
                 .after = kReferencesList,
                 .kills = {"r.ref.transitive"},
                 .tags = {},
                 .profiles = kOnB,
                 .body = [](Context& t) {
                   const auto image = t.pushed_image();
                   const auto first = pushed_image_with(t, "reference", image.descriptor());
                   const auto second = pushed_image_with(t, "reference", first.descriptor());
                   const auto third = pushed_image_with(t, "reference", second.descriptor());
                   expect_exactly(references_of(t, second.digest().str(), 1), {third});
                   expect_exactly(references_of(t, first.digest().str(), 1), {second});
                   expect_exactly(references_of(t, image.digest().str(), 1), {first});
                 }});
  catalogue.add({.id = "proposals/b/list/pull-suffices",
                 .title = "Whether who may pull a manifest may list what refers to it",
                 .how = "Without credentials, pulls a manifest and, if that works, asks for the list.",
                 .requirements = {"B.list.repo-scoped"},
                 .needs = kNeedsB,
                 .after = {},
                 .kills = {"r.ref.needs-push-scope"},
                 .tags = {"auth"},
                 .profiles = kOnB,
                 .body = [](Context& t) {
                   const auto digest = t.pushed_image().digest().str();
                   expect_list_for_readers(t, fmt::format("/v2/{}/manifests/{}/references", t.repository(), digest),
                                           digest);
                 }});
}

}  // namespace

void register_b_list(Catalogue& catalogue) {
  register_b_form(catalogue);
  register_b_members(catalogue);
  catalogue.add({.id = "proposals/b/route/clash",
                 .title = "What a path means that is both a manifest and a list",
                 .how = "Makes the tag `references` in a repository that ends in `manifests`, and the tag `manifests` "
                        "in the repository above it, and GETs the path that both share.",
                 .requirements = {"B.route.clash"},
                 .needs = {Capability::kReferences, Capability::kFreshRepositories},
                 .after = {},
                 .kills = {"r.B.repo-named-manifests-clash"},
                 .tags = {},
                 .profiles = kOnB,
                 .body = [](Context& t) {
                   const auto below = t.repository() + "/manifests";
                   const auto pulled = oci::image(t.random());
                   t.push_to(below, pulled, "references");
                   const auto listed = t.pushed_image("manifests");
                   pushed_image_with(t, "reference", listed.descriptor());
                   const auto answer = t.registry().get_manifest(below, "references").value();
                   t.observe("the path is", answer.body == pulled.manifest.bytes() ? "the manifest"
                                            : index_entries(answer)                ? "the list"
                                                                                   : std::to_string(answer.status));
                   t.observe("claim", "confirmed: one path has two meanings");
                 }});
}

}  // namespace referee::suites::proposal_checks
