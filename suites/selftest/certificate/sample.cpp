// The catalogue that the executable of ../conformance/main.cpp works with, as a worker too: a few checks in the four
// parts by which registries are certified.
#include "conformance/sample.hpp"

#include <gmock/gmock.h>

#include <stdexcept>
#include <thread>
#include <utility>

#include "referee/conformance/context.hpp"
#include "referee/conformance/matchers.hpp"
#include "referee/http/lane.hpp"

namespace referee::conformance::sample {
namespace {

using distribution::Capability;

constexpr std::string_view kLedger = R"({
  "source": {"name": "sample", "links": {"1.0": "https://example.test/1.0", "1.1": "https://example.test/1.1",
                                          "main": "https://example.test/main"}},
  "requirements": [
    {"id": "t.must", "actor": "registry", "section": "S", "anchor": "a", "text": "A must.",
     "levels": {"1.0": "MUST", "1.1": "MUST", "main": "MUST"}},
    {"id": "t.should", "actor": "registry", "section": "S", "anchor": "a", "text": "A should.",
     "levels": {"1.1": "SHOULD", "main": "SHOULD"}},
    {"id": "t.may", "actor": "registry", "section": "S", "anchor": "a", "text": "A may.",
     "levels": {"1.1": "MAY", "main": "MAY"}}
  ]})";

/// Several threads ask the same and go on with what they are answered.
void race(Context& t) {
  const auto image = t.pushed_image("start");
  std::vector<std::jthread> threads;
  for (std::size_t number = 1; number <= 4; ++number) {
    threads.emplace_back([&t, &image, number] {
      const http::Lane lane(number);
      const auto seen = listed_tags(t.registry().list_tags(t.repository()).value());
      const auto tag = "after-" + std::to_string(seen.size()) + "-" + std::to_string(number);
      (void)t.registry().put_manifest(t.repository(), tag, image.manifest);
    });
  }
  threads.clear();
  const auto tags = listed_tags(t.registry().list_tags(t.repository()).value());
  t.observe("tags", std::to_string(tags.size()));
  t.observe(std::string(kVarying) + "names", testing::PrintToString(tags));
}

}  // namespace

Ledger ledger() {
  Ledger ledger;
  if (auto added = ledger.add(kLedger, "sample"); !added) throw std::logic_error(added.error());
  return ledger;
}

Catalogue catalogue() {
  Catalogue all;
  const auto add = [&](std::string id, std::string requirement, std::vector<Capability> needs,
                       std::vector<std::string> after, std::function<void(Context&)> body) {
    Check check;
    check.id = std::move(id);
    check.title = "A sample";
    check.requirements = {std::move(requirement)};
    check.needs = std::move(needs);
    check.after = std::move(after);
    check.body = std::move(body);
    all.add(std::move(check));
  };
  add("oci-1.1/api/ping", "t.must", {}, {},
      [](Context& t) { EXPECT_THAT(t.registry().ping().value(), HasStatus(200)); });
  add("oci-1.1/push-blobs/post-put", "t.must", {}, {}, [](Context& t) { t.pushed_blob(); });
  add("oci-1.1/pull-manifests/by-tag", "t.must", {}, {"oci-1.1/push-blobs/post-put"}, [](Context& t) {
    const auto image = t.pushed_image("latest");
    EXPECT_THAT(t.registry().get_manifest(t.repository(), "latest").value(), ServesContent(image.manifest));
  });
  add("oci-1.1/pull-blobs/large", "t.must", {}, {"oci-1.1/push-blobs/post-put"}, [](Context& t) {
    const auto blob = t.pushed_blob(1U << 20U);
    const auto answer = t.registry().get_blob(t.repository(), blob.digest().str()).value();
    EXPECT_THAT(answer, HasStatus(200));
    EXPECT_TRUE(answer.body == blob.bytes());
  });
  add("oci-1.1/tags/list", "t.should", {Capability::kTagList}, {"oci-1.1/push-blobs/post-put"}, [](Context& t) {
    t.pushed_image("v1");
    EXPECT_THAT(listed_tags(t.registry().list_tags(t.repository()).value()), testing::ElementsAre("v1"));
  });
  add("oci-1.1/tags/race", "t.may", {Capability::kTagList}, {"oci-1.1/push-blobs/post-put"}, race);
  add("oci-1.1/referrers/empty-list", "t.must", {Capability::kReferrers}, {"oci-1.1/push-blobs/post-put"},
      [](Context& t) {
        const auto image = t.pushed_image();
        const auto answer = t.registry().referrers(t.repository(), image.digest().str()).value();
        EXPECT_THAT(answer, HasStatus(200));
        EXPECT_TRUE(index_entries(answer)) << "the body is not an index with a list `manifests` of descriptors";
      });
  add("oci-1.1/delete/manifest", "t.must", {Capability::kManifestDelete}, {"oci-1.1/push-blobs/post-put"},
      [](Context& t) {
        const auto digest = t.pushed_image().digest().str();
        EXPECT_THAT(t.registry().delete_manifest(t.repository(), digest).value(), HasStatus(202));
        EXPECT_THAT(t.registry().get_manifest(t.repository(), digest).value(), HasStatus(404));
      });
  add("other/alone", "t.must", {}, {}, [](Context&) {});
  return all;
}

}  // namespace referee::conformance::sample
