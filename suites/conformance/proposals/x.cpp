#include <fmt/format.h>
#include <gmock/gmock.h>

#include <atomic>

#include "conformance/proposals/support.hpp"
#include "conformance/registration.hpp"

/// What would keep writers of one index or tag from undoing each other: conditional requests, for which several
/// proposals ask. The registry is an old one that has them.
namespace referee::suites::proposal_checks {

using namespace referee::conformance;  // NOLINT(google-build-using-namespace): checks read as sentences

namespace {

const Profiles kOnConditional{"conditional"};

http::Response put_if(Context& t, const oci::Content& manifest, const std::string& header, const std::string& value) {
  Options options;
  options.headers.set(header, value);
  return t.registry().put_manifest(t.repository(), t.tag("index"), manifest, options).value();
}

/// The ETag of the tag, freshly set; empty where there are none, which is then what is observed.
std::string fresh_etag(Context& t) {
  t.pushed_image(t.tag("index"));
  const auto etag = get(t, t.tag("index")).header("ETag").value_or("");
  if (etag.empty()) t.observe("claim", "not measurable: a tag has no ETag");
  return etag;
}

}  // namespace

void register_x(Catalogue& catalogue) {
  catalogue.add({.id = "proposals/x/conditions/etag",
                 .title = "A tag has an ETag that changes when and only when the tag moves",
                 .how = "Reads a tag twice, moves it, and reads it again.",
                 .requirements = {"X.cond.etag"},
                 .needs = {},
                 .after = {},
                 .kills = {"r.get.no-etag", "r.get.etag-not-stable"},
                 .tags = {"conditional"},
                 .profiles = kOnConditional,
                 .body = [](Context& t) {
                   const auto first = fresh_etag(t);
                   if (first.empty()) return;
                   const auto again = get(t, t.tag("index")).header("ETag").value_or("");
                   if (put(t, t.pushed_image().manifest, t.tag("index")).status != 201) {
                     t.observe("claim", "not measurable: a tag cannot be moved");
                     return;
                   }
                   const auto moved = get(t, t.tag("index")).header("ETag").value_or("");
                   t.observe("claim", first == again && first != moved ? "confirmed" : "refuted");
                 }});
  catalogue.add({.id = "proposals/x/conditions/if-match",
                 .title = "An outdated If-Match is refused with 412, and the tag stays",
                 .how = "Moves a tag and pushes once more with the ETag that it had before.",
                 .requirements = {"X.cond.if-match", "D.race.etag", "F.race.spec-should-fix"},
                 .needs = {},
                 .after = {},
                 .kills = {"r.put.ignore-if-match"},
                 .tags = {"conditional"},
                 .profiles = kOnConditional,
                 .body = [](Context& t) {
                   const auto outdated = fresh_etag(t);
                   if (outdated.empty()) return;
                   const auto second = t.pushed_image();
                   if (put(t, second.manifest, t.tag("index")).status != 201) {
                     t.observe("claim", "not measurable: a tag cannot be moved");
                     return;
                   }
                   const auto answer = put_if(t, t.pushed_image().manifest, "If-Match", outdated);
                   const bool stays = get(t, t.tag("index")).body == second.manifest.bytes();
                   t.observe("push", std::to_string(answer.status));
                   t.observe("claim", answer.status == 412 && stays ? "confirmed" : "refuted");
                 }});
  catalogue.add({.id = "proposals/x/conditions/if-none-match",
                 .title = "If-None-Match with a star is refused with 412 where there is the tag",
                 .how = "Pushes another image under a tag that is there, under the condition that it is not.",
                 .requirements = {"X.cond.if-none-match-star"},
                 .needs = {},
                 .after = {},
                 .kills = {"r.put.ignore-if-none-match"},
                 .tags = {"conditional"},
                 .profiles = kOnConditional,
                 .body = [](Context& t) {
                   if (fresh_etag(t).empty()) return;
                   const auto answer = put_if(t, t.pushed_image().manifest, "If-None-Match", "*");
                   t.observe("push", std::to_string(answer.status));
                   t.observe("claim", answer.status == 412 ? "confirmed" : "refuted");
                 }});
  catalogue.add({.id = "proposals/x/conditions/atomic",
                 .title = "Of several pushes under one condition one succeeds",
                 .how = "Pushes eight images under one tag from as many threads, each with the ETag that the tag has.",
                 .requirements = {"X.cond.atomic"},
                 .needs = {},
                 .after = {},
                 .kills = {"r.put.if-match-racy"},
                 .tags = {"conditional"},
                 .profiles = kOnConditional,
                 .body = [](Context& t) {
                   constexpr int kWriters = 8;
                   const auto etag = fresh_etag(t);
                   if (etag.empty()) return;
                   std::vector<oci::Content> manifests;
                   for (int i = 0; i < kWriters; ++i) manifests.push_back(t.pushed_image().manifest);
                   std::atomic<int> stored = 0;
                   at_once(kWriters, [&](int i) {
                     const auto status = put_if(t, manifests[static_cast<std::size_t>(i)], "If-Match", etag).status;
                     if (status == 201) ++stored;
                   });
                   t.observe("claim", stored == 1   ? "confirmed"
                                      : stored == 0 ? "refuted: none succeeds"
                                                    : "refuted: several succeed");
                 }});
}

}  // namespace referee::suites::proposal_checks
