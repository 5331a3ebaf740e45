// distribution-spec, "Pulling manifests": which strings are repository names and tags.

#include "conformance/registration.hpp"
#include "conformance/support.hpp"

namespace referee::suites::distribution {
namespace {

void tags(Catalogue& catalogue) {
  catalogue.add(
      {.id = "oci-1.1/pull-manifests/tag-case",
       .title = "Tags that differ in case only are two tags",
       .how = "Pushes two images under the same word, once with a capital, and pulls both tags.",
       .requirements = {"dist.tag.case"},
       .needs = {},
       .after = {kManifestByTag},
       .kills = {"r.tags.case-folded"},
       .tags = {"tags", "grammar"},
       .body = [](Context& t) {
         const auto capital = t.pushed_image(t.tag("Case"));
         const auto small = t.pushed_image();
         ASSERT_THAT(t.registry().put_manifest(t.repository(), t.tag("case"), small.manifest).value(), HasStatus(201));
         EXPECT_THAT(t.registry().get_manifest(t.repository(), t.tag("Case")).value(), ServesContent(capital.manifest));
         EXPECT_THAT(t.registry().get_manifest(t.repository(), t.tag("case")).value(), ServesContent(small.manifest));
       }});
}

void repositories(Catalogue& catalogue) {
  catalogue.add(
      {.id = "oci-1.1/pull-manifests/repository-name",
       .title = "A string that the name grammar does not allow is refused as a repository",
       .how = "Opens uploads in repositories with capitals, a leading underscore, a trailing dash and two dots.",
       .requirements = {"dist.name.grammar"},
       .needs = {},
       .after = {kPostPut},
       .kills = {"r.name.grammar-off"},
       .tags = {"grammar"},
       .body = [](Context& t) {
         for (const auto* bad : {"UPPER", "-trailing-", "/_leading", "a..b"}) {
           const auto name = t.repository() + bad;
           expect_refused(t.registry().start_upload(name), name);
         }
       }});
  catalogue.add(
      {.id = "oci-1.1/pull-manifests/repository-name-separators",
       .title = "Double underscores and runs of dashes are valid inside a repository name",
       .how = "Pushes an image to a repository whose last component has every kind of separator, and pulls it.",
       .requirements = {"dist.name.separators"},
       .needs = {Capability::kFreshRepositories},
       .after = {kManifestByDigest},
       .kills = {"r.name.separators-refused"},
       .tags = {"grammar"},
       .body = [](Context& t) {
         const auto name = t.repository() + "__a---b.c_d-e";
         ASSERT_THAT(t.registry().start_upload(name).value(), HasStatus(202));
         const auto image = oci::image(t.random());
         t.push_to(name, image);
         EXPECT_THAT(t.registry().get_manifest(name, image.digest().str()).value(), ServesContent(image.manifest));
       }});
}

}  // namespace

void register_names(Catalogue& catalogue) {
  tags(catalogue);
  repositories(catalogue);
}

}  // namespace referee::suites::distribution
