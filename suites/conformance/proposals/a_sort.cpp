#include <gmock/gmock.h>

#include <algorithm>

#include "conformance/proposals/a.hpp"
#include "conformance/proposals/support.hpp"
#include "conformance/registration.hpp"

/// Proposal A, "Sorting Results": the newest artifact comes first. The proposal gives the key of the date in two
/// spellings; a registry has to know one, and a check that is not about the key dates by both.
namespace referee::suites::proposal_checks {

using namespace referee::conformance;  // NOLINT(google-build-using-namespace): checks read as sentences

namespace {

/// An artifact of each date, pushed in the order given.
std::vector<std::string> attach_dated(Context& t, const oci::Descriptor& subject, const std::vector<std::string>& dates,
                                      const std::vector<std::string_view>& keys = {kCreated, kCreatedToo}) {
  std::vector<std::string> made;
  for (const auto& date : dates) {
    oci::Annotations annotations;
    for (const auto key : keys) {
      if (!date.empty()) annotations[std::string(key)] = date;
    }
    made.push_back(pushed_artifact(t, "signature/example", "subject", subject, annotations).digest().str());
  }
  return made;
}

std::vector<std::string> listed(Context& t, const oci::Descriptor& subject, std::size_t count, const std::string& n) {
  return digests(artifacts_of(t, subject.digest, count, {{"n", n}}).entries);
}

/// Whether a registry sorts by this key alone.
bool sorts_by(Context& t, std::string_view key) {
  const auto subject = t.pushed_image().descriptor();
  // In a row that no order of digests or of pushes gives by chance.
  const auto made = attach_dated(t, subject,
                                 {"2022-03-01T00:00:00Z", "2022-05-01T00:00:00Z", "2022-01-01T00:00:00Z",
                                  "2022-06-01T00:00:00Z", "2022-02-01T00:00:00Z", "2022-04-01T00:00:00Z"},
                                 {key});
  return listed(t, subject, 6, "10") == std::vector<std::string>{made[3], made[1], made[5], made[0], made[4], made[2]};
}

}  // namespace

void register_a_sort(Catalogue& catalogue) {
  catalogue.add({.id = "proposals/a/sort/newest-first",
                 .title = "Newer artifacts are listed first, over all pages",
                 .how = "Attaches six dated artifacts, not in their order, and reads the list with n=4.",
                 .requirements = {"A.sort.newest-first", "A.sort.supported"},
                 .needs = kNeedsA,
                 .after = kArtifactList,
                 .kills = {"r.A.sort-none", "r.A.sort-oldest-first", "r.A.wrong-key"},
                 .tags = {"sorting"},
                 .profiles = kOnA,
                 .body = [](Context& t) {
                   const auto subject = t.pushed_image().descriptor();
                   const auto made =
                       attach_dated(t, subject,
                                    {"2021-06-01T12:00:00Z", "2023-01-01T00:00:00Z", "2020-02-29T23:59:59Z",
                                     "2022-08-25T15:35:36Z", "2022-08-25T15:35:37Z", "2019-01-01T00:00:00Z"});
                   EXPECT_THAT(listed(t, subject, 6, "4"),
                               testing::ElementsAre(made[1], made[4], made[3], made[0], made[2], made[5]));
                 }});
  catalogue.add({.id = "proposals/a/sort/instants",
                 .title = "Dates are compared as points in time, not as texts",
                 .how = "Attaches artifacts whose dates have offsets, fractions and small letters.",
                 .requirements = {"A.sort.instant-not-string"},
                 .needs = kNeedsA,
                 .after = kArtifactList,
                 .kills = {"r.A.sort-lexical"},
                 .tags = {"sorting"},
                 .profiles = kOnA,
                 .body = [](Context& t) {
                   const auto subject = t.pushed_image().descriptor();
                   // 23:00, 23:30, 23:30:00.5 and 22:00 of one evening.
                   const auto made = attach_dated(t, subject,
                                                  {"2022-01-01T01:00:00+02:00", "2021-12-31T23:30:00Z",
                                                   "2021-12-31T18:30:00.5-05:00", "2021-12-31t22:00:00z"});
                   EXPECT_THAT(listed(t, subject, 4, "10"), testing::ElementsAre(made[2], made[1], made[0], made[3]));
                 }});
  catalogue.add({.id = "proposals/a/sort/undated-last",
                 .title = "Artifacts without a date come after those with one",
                 .how = "Attaches three artifacts with and three without a date in turn; the order among those without "
                        "is free. Where one goes whose date cannot be read is observed.",
                 .requirements = {"A.sort.undated-last", "A.sort.undated-order-free"},
                 .needs = kNeedsA,
                 .after = kArtifactList,
                 .kills = {"r.A.undated-first"},
                 .tags = {"sorting"},
                 .profiles = kOnA,
                 .body = [](Context& t) {
                   const auto subject = t.pushed_image().descriptor();
                   const auto made = attach_dated(
                       t, subject,
                       {"", "2022-01-01T00:00:00Z", "", "2022-03-01T00:00:00Z", "", "2022-02-01T00:00:00Z"});
                   auto list = listed(t, subject, 6, "10");
                   ASSERT_EQ(list.size(), 6U);
                   EXPECT_EQ(std::vector<std::string>(list.begin(), list.begin() + 3),
                             (std::vector<std::string>{made[3], made[5], made[1]}));
                   const auto odd = attach_dated(t, subject, {"last Tuesday"}).front();
                   list = listed(t, subject, 7, "10");
                   const auto place = std::ranges::find(list, odd) - list.begin();
                   t.observe("a date that cannot be read", place < 3 ? "among the dated" : "among the undated");
                 }});
  catalogue.add({.id = "proposals/a/sort/key",
                 .title = "The date is that of the annotation which tells when an artifact was created",
                 .how = "Attaches artifacts that are dated by the one spelling of the key, and to another image such "
                        "that are dated by the other. One must count; which is observed.",
                 .requirements = {"A.sort.key"},
                 .needs = kNeedsA,
                 .after = kArtifactList,
                 .kills = {"r.A.wrong-key"},
                 .tags = {"sorting"},
                 .profiles = kOnA,
                 .body = [](Context& t) {
                   const bool first = sorts_by(t, kCreated);
                   const bool second = sorts_by(t, kCreatedToo);
                   t.observe(std::string(kCreated), first ? "counts" : "does not count");
                   t.observe(std::string(kCreatedToo), second ? "counts" : "does not count");
                   EXPECT_TRUE(first || second) << "neither spelling of the key counts";
                 }});
}

}  // namespace referee::suites::proposal_checks
