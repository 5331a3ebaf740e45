#include <fmt/format.h>
#include <gmock/gmock.h>

#include "conformance/proposals/support.hpp"
#include "conformance/registration.hpp"

/// Proposal F counts on indexes within indexes: these checks run on an old registry, as it has to do.
namespace referee::suites::proposal_checks {

using namespace referee::conformance;  // NOLINT(google-build-using-namespace): checks read as sentences
namespace media_type = oci::media_type;

namespace {

/// Pushes indexes around an image, each within the next, until one is refused; gives back those that were stored.
std::vector<oci::Content> push_nested(Context& t, int depth, int& refused_with) {
  auto inner = t.pushed_image().descriptor();
  std::vector<oci::Content> indexes;
  for (int i = 0; i < depth; ++i) {
    const auto index = oci::IndexBuilder().manifest(inner).annotation("org.referee.depth", std::to_string(i)).build();
    const auto status = put(t, index).status;
    if (status != 201) {
      refused_with = status;
      break;
    }
    inner = index.descriptor();
    indexes.push_back(index);
  }
  return indexes;
}

}  // namespace

void register_f(Catalogue& catalogue) {
  catalogue.add({.id = "proposals/f/push/nested",
                 .title = "An index within an index within an index is stored",
                 .how = "Pushes three, one within the other, and pulls each.",
                 .requirements = {"F.push.nested"},
                 .needs = {},
                 .after = {},
                 .kills = {"r.put.reject-nested"},
                 .tags = {"index"},
                 .profiles = kOnOld,
                 .body = [](Context& t) {
                   int refused_with = 0;
                   const auto indexes = push_nested(t, 3, refused_with);
                   EXPECT_EQ(indexes.size(), 3U) << "the next was answered " << refused_with;
                   for (const auto& index : indexes) EXPECT_THAT(get(t, index.digest().str()), ServesContent(index));
                 }});
  catalogue.add(
      {.id = "proposals/f/push/nested-docker-list",
       .title = "An index may list one of Docker's manifest lists",
       .how = "Pushes a manifest list of Docker and an OCI index that lists it.",
       .requirements = {"F.push.nested-docker-list"},
       .needs = {Capability::kDockerTypes},
       .after = {},
       .kills = {"r.put.reject-nested"},
       .tags = {"index"},
       .profiles = kOnOld,
       .body = [](Context& t) {
         const auto docker = oci::docker_image(t.random());
         t.push(docker);
         const auto list =
             oci::IndexBuilder().media_type(media_type::kDockerManifestList).manifest(docker.descriptor()).build();
         t.push_manifest(list);
         EXPECT_THAT(put(t, oci::IndexBuilder().manifest(list.descriptor()).build()), HasStatus(201));
       }});
  catalogue.add({.id = "proposals/f/gc/nested-kept",
                 .title = "What an index within an index lists outlives the collection of garbage",
                 .how = "On a registry of its own, tags the outermost of three indexes, collects, and pulls the rest.",
                 .requirements = {"F.push.nested"},
                 .needs = {Capability::kControl},
                 .after = {"proposals/f/push/nested"},
                 .kills = {"r.gc.drops-nested-child"},
                 .tags = {"index", "gc"},
                 .profiles = kOnOld,
                 .body = [](Context& t) {
                   OwnRegistry own(t);
                   auto& o = own.context();
                   int refused_with = 0;
                   const auto indexes = push_nested(o, 3, refused_with);
                   ASSERT_EQ(indexes.size(), 3U);
                   o.push_manifest(indexes.back(), "v1");
                   own.collect();
                   for (const auto& index : indexes) EXPECT_THAT(get(o, index.digest().str()), HasStatus(200));
                   const auto within = entries_of(get(o, indexes.front().digest().str()), "manifests");
                   ASSERT_EQ(within.size(), 1U);
                   EXPECT_THAT(get(o, within.front().digest), HasStatus(200)) << "the image within";
                 }});
  catalogue.add({.id = "proposals/f/push/depth",
                 .title = "How deeply indexes may nest",
                 .how = "Pushes 33 indexes, each within the next, until one is refused.",
                 .requirements = {"F.depth.cap", "F.registry.nested-unsupported"},
                 .needs = {},
                 .after = {},
                 .kills = {"r.put.reject-nested"},
                 .tags = {"index"},
                 .profiles = {"oci-1.0"},
                 .body = [](Context& t) {
                   int refused_with = 0;
                   const auto stored = push_nested(t, 33, refused_with).size();
                   t.observe("depth", stored == 33 ? "33 and more"
                                                   : fmt::format("{} refused with {}", stored + 1, refused_with));
                 }});
  catalogue.add({.id = "proposals/f/push/size",
                 .title = "How an index is answered that is larger than a manifest may be",
                 .how = "Pushes an index of five million bytes.",
                 .requirements = {"F.size.hard-limit"},
                 .needs = {},
                 .after = {},
                 .kills = {"r.put.limit-400", "r.put.limit-500"},
                 .tags = {"index"},
                 .profiles = kOnOld,
                 .body = [](Context& t) {
                   const auto index =
                       oci::IndexBuilder().manifest(t.pushed_image().descriptor()).pad_to(5'000'000).build();
                   const auto status = put(t, index).status;
                   t.observe("push", std::to_string(status));
                   t.observe("limit", status == 413 ? "there is one" : status == 201 ? "not up to 5 MB" : "unclear");
                 }});
}

}  // namespace referee::suites::proposal_checks
