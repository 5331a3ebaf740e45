#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>

#include "conformance/proposals/o.hpp"
#include "conformance/registration.hpp"
#include "referee/oci/words.hpp"

/// distribution-spec, "Listing Referrers", "Listing Tags" and "Pulling manifests": what the default suite leaves out.
namespace referee::suites::proposal_checks {

using namespace referee::conformance;  // NOLINT(google-build-using-namespace): checks read as sentences

namespace {

constexpr std::string_view kListedType = "application/vnd.referee.listed.v1";
constexpr const char* kMadeUpFilter = "org.referee.filter";

/// The names in a list separated by commas.
std::vector<std::string> names_in(std::string_view list) {
  std::vector<std::string> names(1);
  for (const char c : list) {
    if (c == ',') {
      names.emplace_back();
    } else if (c != ' ' || !names.back().empty()) {
      names.back() += c;
    }
  }
  for (auto& name : names) name.erase(name.find_last_not_of(' ') + 1);
  return names;
}

void register_o_referrers(Catalogue& catalogue) {
  catalogue.add({.id = "proposals/o/referrers/unknown-sha512",
                 .title = "The referrers of a sha512 digest that nobody pushed are not answered 404",
                 .how = "Pushes an image, then asks for the referrers of an absent sha512 digest.",
                 .requirements = {"dist.referrers.never-404"},
                 .needs = {Capability::kReferrers},
                 .after = {},
                 .kills = {"r.ref.404-when-subject-absent"},
                 .tags = {"sha512"},
                 .profiles = kOnAdopted,
                 .body = [](Context& t) {
                   t.pushed_image();
                   const auto digest = t.absent_digest(oci::Algorithm::kSha512).str();
                   const auto answer = t.registry().referrers(t.repository(), digest).value();
                   // Who does not know sha512 may call the digest invalid.
                   EXPECT_THAT(answer, HasStatusIn({200, 400}));
                 }});
  catalogue.add({.id = "proposals/o/referrers/filters-listed",
                 .title = "OCI-Filters-Applied is a list separated by commas of filters that were asked for",
                 .how = "Filters by artifactType and by a parameter that nobody knows, and reads the header.",
                 .requirements = {"O.ref.filter-multi"},
                 .needs = {Capability::kReferrers, Capability::kReferrersFilter},
                 .after = {},
                 .kills = {"r.ref.filters-not-a-list"},
                 .tags = {"filter"},
                 .profiles = kOnAdopted,
                 .body = [](Context& t) {
                   const auto image = t.pushed_image();
                   pushed_referrer(t, image.descriptor(), kListedType);
                   const auto both = with_query({{"artifactType", std::string(kListedType)}, {kMadeUpFilter, "1"}});
                   const auto path = fmt::format("/v2/{}/referrers/{}", t.repository(), image.digest().str());
                   const auto answer = t.registry().request("GET", path, {}, both).value();
                   // To refuse a parameter that one does not know is not forbidden.
                   const auto applied = answer.header("OCI-Filters-Applied");
                   t.observe("filters applied", applied ? *applied : "none");
                   if (!applied) return;
                   EXPECT_THAT(names_in(*applied),
                               testing::IsSubsetOf(std::vector<std::string>{"artifactType", kMadeUpFilter}));
                 }});
  catalogue.add(
      {.id = "proposals/o/referrers/alike-digests",
       .title = "Digests that share a referrers tag have lists of their own",
       .how = "Pushes artifacts that refer to two sha512 digests, absent themselves, whose first 64 digits agree, and "
              "an index of both artifacts under the one referrers tag; reads both lists.",
       .requirements = {"dist.referrers.members", "O.fb.collision"},
       .needs = {Capability::kReferrers, Capability::kSha512},
       .after = {},
       .kills = {"r.ref.fallback-unchecked"},
       .tags = {"sha512", "fallback"},
       .profiles = kOnAdopted,
       .body = [](Context& t) {
         const auto shared = "sha512:" + t.random().hex(64);
         std::vector<oci::Descriptor> subjects(2, oci::image(t.random()).descriptor());
         oci::IndexBuilder index;
         std::vector<std::string> artifacts;
         for (auto& subject : subjects) {
           subject.digest = shared + t.random().hex(64);
           const auto artifact = pushed_referrer(t, subject);
           index.manifest(artifact.descriptor());
           artifacts.push_back(artifact.digest().str());
         }
         const auto tag = oci::referrers_tag(subjects[0].digest);
         t.observe("referrers tag", tag == oci::referrers_tag(subjects[1].digest) ? "shared" : "two");
         t.push_manifest(index.build(), tag);
         for (std::size_t i = 0; i < subjects.size(); ++i) expect_referrers(t, subjects[i].digest, {artifacts[i]});
       }});
  catalogue.add(
      {.id = "proposals/o/referrers/data",
       .title = "Data in a list of referrers, where there is any, is the referrer itself",
       .how = "Pushes a referrer and compares `data` of its descriptor, if the list has it, with the manifest.",
       .requirements = {"image.data-own", "image.data-not-added"},
       .needs = {Capability::kReferrers},
       .after = {},
       .kills = {"r.ref.wrong-data"},
       .tags = {},
       .profiles = kOnAdopted,
       .body = [](Context& t) {
         const auto image = t.pushed_image();
         const auto referrer = pushed_referrer(t, image.descriptor());
         const auto listed = referrers_of(t, image.digest().str(), 1);
         ASSERT_EQ(listed.size(), 1U);
         const auto& data = listed.front().data;
         t.observe("data", data ? "listed" : "none");
         EXPECT_EQ(data.value_or(referrer.manifest.bytes()), referrer.manifest.bytes());
       }});
}

void register_o_pull(Catalogue& catalogue) {
  catalogue.add({.id = "proposals/o/pull/digest-header",
                 .title = "Referrers and nested indexes come with their digest and size",
                 .how = "Pushes a referrer, an index and an index of it; GETs and HEADs each by digest.",
                 .requirements = {"O.get.docker-content-digest"},
                 .needs = {},
                 .after = {},
                 .kills = {"r.get.no-digest-header", "r.head.manifest-no-digest-header", "r.head.zero-content-length"},
                 .tags = {"digest-header", "index"},
                 .profiles = kOnAdopted,
                 .body = [](Context& t) {
                   const auto image = t.pushed_image();
                   const auto referrer = pushed_referrer(t, image.descriptor());
                   const auto inner = pushed_index(t, image.descriptor());
                   const auto outer = pushed_index(t, inner.descriptor());
                   for (const auto& one : {referrer.manifest, inner, outer}) {
                     const auto digest = one.digest().str();
                     const auto head = t.registry().head_manifest(t.repository(), digest).value();
                     for (const auto& answer : {get(t, digest), head}) {
                       EXPECT_THAT(answer, HasHeader("Docker-Content-Digest", testing::Not(testing::IsEmpty())));
                       EXPECT_THAT(answer, NamesDigestOf(one.bytes()));
                     }
                     EXPECT_THAT(head, HasHeader("Content-Length", std::to_string(one.bytes().size())));
                   }
                 }});
}

/// Digest tags among tags of capital and small letters.
std::vector<std::string> many_tags(Context& t) {
  std::vector<std::string> tags;
  for (std::size_t i = 0; i < t.scale().tags; ++i) {
    tags.push_back(i % 2 == 0 ? "sha256-" + t.random().hex(64) : fmt::format("{}{}", i % 4 == 1 ? "Rel" : "rel", i));
  }
  return tags;
}

/// One page of tags, asked for with these parameters.
http::Response tag_page(Context& t, std::vector<std::pair<std::string, std::string>> query) {
  auto answer = t.registry().list_tags(t.repository(), with_query(std::move(query))).value();
  EXPECT_THAT(answer, HasStatus(200));
  return answer;
}

void register_o_tags(Catalogue& catalogue) {
  catalogue.add(
      {.id = "proposals/o/tags/many",
       .title = "A thousand tags, every second a digest tag, are listed in order and in pieces",
       .how =
           "Pushes them to one image; reads all pages, the first half by n, ten after one in the middle by last, and "
           "none by n=0.",
       .requirements = {"dist.tags.order", "dist.tags.n", "dist.tags.last", "dist.tags.n-zero"},
       .needs = {Capability::kTagList, Capability::kFreshRepositories},
       .after = {},
       .kills = {"r.tags.unsorted", "r.tags.n-ignored", "r.tags.last-inclusive", "r.tags.n-zero-all"},
       .tags = {"paging", "slow"},
       .profiles = kOnAdopted,
       .body = [](Context& t) {
         constexpr int kPushers = 8;
         const auto image = t.pushed_image();
         const auto expected = many_tags(t);
         at_once(kPushers, [&](int pusher) {
           for (auto i = static_cast<std::size_t>(pusher); i < expected.size(); i += kPushers) {
             EXPECT_THAT(put(t, image.manifest, expected[i]), HasStatus(201));
           }
         });
         const auto all = suites::distribution::tags_of(t, expected.size());
         ASSERT_THAT(all, testing::UnorderedElementsAreArray(expected));
         EXPECT_TRUE(suites::distribution::is_sorted_somehow(all))
             << "the tags are not sorted, neither by bytes nor without regard to case";

         const auto half = all.size() / 2;
         const auto first = tag_page(t, {{"n", std::to_string(half)}});
         const auto begun = listed_tags(first);
         ASSERT_LE(begun.size(), half);
         EXPECT_TRUE(begun.size() == half || first.headers.has("Link"))
             << "n=" << half
             << " gives as many tags, or fewer with a Link to the others: " << oci::counted(begun.size(), "tag")
             << " and no Link";
         EXPECT_TRUE(std::ranges::equal(begun, std::vector(all.begin(), all.begin() + std::ssize(begun))))
             << "n does not give the beginning of the list";

         const auto after = listed_tags(tag_page(t, {{"last", all[half]}, {"n", "10"}}));
         ASSERT_LE(after.size(), all.size() - half - 1);
         const auto next = all.begin() + static_cast<std::ptrdiff_t>(half) + 1;
         EXPECT_THAT(after, testing::ElementsAreArray(next, next + std::ssize(after))) << "what follows `last`";

         const auto none = tag_page(t, {{"n", "0"}});
         EXPECT_THAT(listed_tags(none), testing::IsEmpty()) << "n=0 gives no tag";
         EXPECT_THAT(none, HasNoHeader("Link"));
       }});
}

}  // namespace

void register_o_lists(Catalogue& catalogue) {
  register_o_referrers(catalogue);
  register_o_pull(catalogue);
  register_o_tags(catalogue);
}

}  // namespace referee::suites::proposal_checks
