#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <map>

#include "conformance/proposals/e.hpp"
#include "conformance/registration.hpp"

/// Proposal E, "Referrers API": form and members of the list.
namespace referee::suites::proposal_checks {

using namespace referee::conformance;  // NOLINT(google-build-using-namespace): checks read as sentences
namespace media_type = oci::media_type;

namespace {

oci::Content attached_image(Context& t, const oci::Descriptor& subject, const oci::Annotations& annotations = {},
                            std::string_view type = kType) {
  return pushed_image_with(t, "refers", subject, annotations, type);
}

void register_e_form(Catalogue& catalogue) {
  catalogue.add({.id = "proposals/e/referrers/empty",
                 .title = "What nothing refers to has an empty list, never a 404",
                 .how = "Asks for the list of an image alone, of a digest that was never pushed, and of one whose only "
                        "referrer was deleted.",
                 .requirements = {"E.referrers.empty-index-not-404"},
                 .needs = kNeedsE,
                 .after = {},
                 .kills = {"r.ref.404-when-empty", "r.ref.null-list", "r.ref.stale-after-delete"},
                 .tags = {},
                 .profiles = kOnE,
                 .body = [](Context& t) {
                   const auto image = t.pushed_image();
                   for (const auto& digest : {image.digest().str(), t.absent_digest().str()}) {
                     EXPECT_THAT(refers_of(t, digest).entries, testing::IsEmpty())
                         << "nothing refers to " << digest << ": its list is empty";
                   }
                   if (!t.has(Capability::kManifestDelete)) return;
                   const auto content = attached_image(t, image.descriptor());
                   (void)refers_of(t, image.digest().str(), 1);
                   const auto digest = content.digest().str();
                   if (t.registry().delete_manifest(t.repository(), digest).value().status != 202) return;
                   if (gone_manifest(t, digest).status != 404) return;
                   EXPECT_THAT(refers_of(t, image.digest().str()).entries, testing::IsEmpty())
                       << "the only referrer was deleted: the list is empty";
                 }});
  catalogue.add({.id = "proposals/e/referrers/is-index",
                 .title = "The list is an image index",
                 .how = "Looks at Content-Type, schemaVersion, mediaType and manifests of a list.",
                 .requirements = {"E.referrers.is-index"},
                 .needs = kNeedsE,
                 .after = {},
                 .kills = {"r.ref.wrong-content-type", "r.ref.no-mediatype-field", "r.ref.no-schemaversion"},
                 .tags = {},
                 .profiles = kOnE,
                 .body = [](Context& t) {
                   const auto image = t.pushed_image();
                   attached_image(t, image.descriptor());
                   const auto answer = t.registry().referrers(t.repository(), image.digest().str()).value();
                   ASSERT_THAT(answer, HasStatus(200));
                   EXPECT_THAT(answer, HasMediaType(std::string(media_type::kIndex)));
                   const auto body = parse_json(answer.body).value_or(nlohmann::json());
                   ASSERT_TRUE(body.is_object()) << "the list is no JSON object";
                   EXPECT_EQ(body.value("schemaVersion", 0), 2);
                   EXPECT_EQ(body.value("mediaType", ""), media_type::kIndex);
                   (void)entries_of(answer, "manifests");
                 }});
  catalogue.add({.id = "proposals/e/referrers/by-digest-only",
                 .title = "The list is asked for by digest: a tag is refused",
                 .how = "Asks for the list of a tag that is there: 400 or 404.",
                 .requirements = {"E.referrers.by-digest-only"},
                 .needs = kNeedsE,
                 .after = {},
                 .kills = {"r.ref.bad-digest-200"},
                 .tags = {"errors"},
                 .profiles = kOnE,
                 .body = [](Context& t) {
                   const auto image = t.pushed_image(t.tag("v1"));
                   attached_image(t, image.descriptor());
                   EXPECT_THAT(t.registry().referrers(t.repository(), t.tag("v1")).value(), HasStatusIn({400, 404}));
                 }});
  catalogue.add({.id = "proposals/e/referrers/trial-path",
                 .title = "Whether the list is also at the path that the working group used for trials",
                 .how = "Asks there twice, and once with the parameter n, which an early text had.",
                 .requirements = {"E.referrers.trial-path", "E.old.filter-sort"},
                 .needs = kNeedsE,
                 .after = {},
                 .kills = {"r.E.order-unstable"},
                 .tags = {},
                 .profiles = kOnE,
                 .body = [](Context& t) {
                   const auto image = t.pushed_image();
                   for (int i = 0; i < 3; ++i) attached_image(t, image.descriptor());
                   const auto digest = image.digest().str();
                   (void)refers_of(t, digest, 3);
                   (void)t.registry().referrers(t.repository(), digest, kType);
                   const auto first = ask_artifacts(t, digest).value();
                   const auto second = ask_artifacts(t, digest).value();
                   const auto few = ask_artifacts(t, digest, {{"n", "1"}}).value();
                   t.observe("trial path", status_text(first));
                   t.observe("n", few.body.size() < first.body.size() ? "has an effect" : "has none");
                   t.observe("asked again", first.body == second.body ? "the same" : "otherwise");
                 }});
}

void register_e_members(Catalogue& catalogue) {
  catalogue.add(
      {.id = "proposals/e/referrers/indexed",
       .title = "New image and artifact manifests with `refers` are listed, each once",
       .how = "Pushes two of each, one of them twice, and reads the list.",
       .requirements = {"E.referrers.refers-indexed", "U.T2"},
       .needs = kNeedsE,
       .after = {},
       .kills = {"r.E.refers-ignored", "r.E.artman-unlisted", "r.ref.dup-on-repush", "r.ref.lists-tagged-only"},
       .tags = {"root"},
       .profiles = kOnE,
       .body = [](Context& t) {
         const auto image = t.pushed_image();
         std::vector<oci::Content> all;
         for (int i = 0; i < 2; ++i) {
           all.push_back(attached_image(t, image.descriptor()));
           all.push_back(pushed_artifact(t, kType, "refers", image.descriptor()));
         }
         t.push_manifest(all.front());
         expect_exactly(refers_of(t, image.digest().str(), all.size()), all);
       }});
  catalogue.add(
      {.id = "proposals/e/referrers/artifacttype",
       .title = "A descriptor has the artifactType of its artifact, or the config's type of its image",
       .how = "Attaches an artifact manifest and an image manifest of other types and reads both descriptors.",
       .requirements = {"E.referrers.artifacttype-pulled-up"},
       .needs = kNeedsE,
       .after = {},
       .kills = {"r.ref.no-artifacttype"},
       .tags = {},
       .profiles = kOnE,
       .body = [](Context& t) {
         const auto image = t.pushed_image();
         const auto one = pushed_artifact(t, "application/vnd.referee.a", "refers", image.descriptor());
         const auto two = attached_image(t, image.descriptor(), {}, "application/vnd.referee.b");
         std::map<std::string, std::string> types;
         for (const auto& entry : refers_of(t, image.digest().str(), 2).entries) {
           types[entry.digest] = entry.artifact_type;
         }
         EXPECT_EQ(types[one.digest().str()], "application/vnd.referee.a") << "of the artifact manifest";
         EXPECT_EQ(types[two.digest().str()], "application/vnd.referee.b") << "of the image manifest";
       }});
  catalogue.add({.id = "proposals/e/referrers/annotations",
                 .title = "A descriptor has all annotations of its manifest",
                 .how =
                     "Attaches a manifest with fifty annotations, among them an empty one, letters beyond ASCII, and "
                     "keys of OCI's and of one's own.",
                 .requirements = {"E.referrers.annotations-pulled-up"},
                 .needs = kNeedsE,
                 .after = {},
                 .kills = {"r.ref.no-annotations", "r.ref.some-annotations"},
                 .tags = {"annotations"},
                 .profiles = kOnE,
                 .body = [](Context& t) {
                   const auto image = t.pushed_image();
                   oci::Annotations annotations{{"org.opencontainers.artifact.created", "2022-01-01T14:42:55Z"},
                                                {"org.opencontainers.artifact.description", ""},
                                                {"org.example.flavour", "\xC3\xA9\xE2\x9C\x93 \"vanilla\""}};
                   for (int i = 0; i < 47; ++i) annotations[fmt::format("org.example.number.{}", i)] = "x";
                   attached_image(t, image.descriptor(), annotations);
                   const auto list = refers_of(t, image.digest().str(), 1);
                   ASSERT_EQ(list.entries.size(), 1U);
                   EXPECT_EQ(list.entries.front().annotations, annotations);
                 }});
}

void register_e_claims(Catalogue& catalogue) {
  catalogue.add({.id = "proposals/e/referrers/subject-absent",
                 .title = "The list can be asked for a digest that is not there",
                 .how = "Attaches to an image that was never pushed, and reads its list.",
                 .requirements = {"E.referrers.digest-missing"},
                 .needs = kNeedsE,
                 .after = {},
                 .kills = {"r.ref.404-when-subject-absent", "r.put.reject-missing-subject"},
                 .tags = {},
                 .profiles = kOnE,
                 .body = [](Context& t) {
                   t.pushed_image();
                   const auto absent = oci::image(t.random());
                   const auto content = image_with(t, "refers", absent.descriptor());
                   const auto pushed = put(t, content);
                   t.observe("push", std::to_string(pushed.status));
                   http::Response answer;
                   ask_until([&] {
                     answer = t.registry().referrers(t.repository(), absent.digest().str()).value();
                     return answer.body.find(content.digest().str()) != std::string::npos;
                   });
                   t.observe("list", status_text(answer));
                   t.observe("claim", answer.status == 200 ? "confirmed" : "refuted");
                 }});
  catalogue.add({.id = "proposals/e/referrers/pull-suffices",
                 .title = "Who may pull may list",
                 .how = "Without credentials, pulls a manifest and, if that works, asks for the list.",
                 .requirements = {"E.referrers.no-push-scope"},
                 .needs = kNeedsE,
                 .after = {},
                 .kills = {"r.ref.needs-push-scope"},
                 .tags = {"auth"},
                 .profiles = kOnE,
                 .body = [](Context& t) {
                   const auto digest = t.pushed_image().digest().str();
                   observe_list_for_readers(t, fmt::format("/v2/{}/referrers/{}", t.repository(), digest), digest);
                 }});
  catalogue.add({.id = "proposals/e/referrers/repository",
                 .title = "The list knows what is in its own repository only",
                 .how = "Pushes an image to two repositories, attaches in one and lists in both.",
                 .requirements = {"E.cross.repo"},
                 .needs = {Capability::kRefers, Capability::kFreshRepositories},
                 .after = {},
                 .kills = {"r.ref.cross-repo"},
                 .tags = {},
                 .profiles = kOnE,
                 .body = [](Context& t) {
                   const auto image = t.pushed_image();
                   t.push_to(t.other_repository(), image);
                   attached_image(t, image.descriptor());
                   const auto own = refers_of(t, image.digest().str(), 1).entries.size();
                   const auto other = t.registry().referrers(t.other_repository(), image.digest().str()).value();
                   t.observe("where it was pushed", own == 1 ? "listed" : "not listed");
                   t.observe("elsewhere", status_text(other));
                 }});
  catalogue.add({.id = "proposals/e/referrers/race",
                 .title = "What is attached at the same time is listed, all of it and at once",
                 .how = "Pushes 24 manifests that refer to one image from as many threads and asks for the list.",
                 .requirements = {"E.race.api", "X.read-after-write"},
                 .needs = kNeedsE,
                 .after = {},
                 .kills = {"r.ref.lost-concurrent", "r.ref.lag"},
                 .tags = {},
                 .profiles = kOnE,
                 .body = [](Context& t) {
                   constexpr int kWriters = 24;
                   const auto image = t.pushed_image();
                   const auto first = image_with(t, "refers", image.descriptor());
                   std::vector<oci::Content> all;
                   for (int i = 0; i < kWriters; ++i) {
                     auto fields = Json::parse(first.bytes());
                     fields["annotations"] = {{"org.referee.number", std::to_string(i)}};
                     all.emplace_back(std::string(media_type::kManifest), fields.dump());
                   }
                   at_once(kWriters, [&](int i) { put(t, all[static_cast<std::size_t>(i)]); });
                   const auto now = t.registry().referrers(t.repository(), image.digest().str()).value();
                   const auto entries = index_entries(now).value_or(std::vector<oci::Descriptor>());
                   const bool at_first = entries.size() == all.size() || now.header("Link").has_value();
                   t.observe("at once", at_first ? "complete" : "incomplete");
                   const auto listed = refers_of(t, image.digest().str(), all.size()).entries.size();
                   t.observe("lost", listed == all.size() ? "none" : "some");
                 }});
}

}  // namespace

void register_e_list(Catalogue& catalogue) {
  register_e_form(catalogue);
  register_e_members(catalogue);
  register_e_claims(catalogue);
}

}  // namespace referee::suites::proposal_checks
