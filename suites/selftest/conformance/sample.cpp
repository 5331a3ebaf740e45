#include "sample.hpp"

#include <gmock/gmock.h>

#include <chrono>
#include <cstdlib>
#include <stdexcept>
#include <thread>
#include <utility>

#include "referee/conformance/context.hpp"
#include "referee/conformance/matchers.hpp"

namespace referee::conformance::sample {
namespace {

constexpr std::string_view kLedger = R"({
  "source": {"name": "sample", "links": {"1.0": "https://example.test/1.0", "1.1": "https://example.test/1.1",
                                          "main": "https://example.test/main"}},
  "requirements": [
    {"id": "t.must", "also": ["T.must"], "actor": "registry", "section": "S", "anchor": "a", "text": "A must.",
     "levels": {"1.0": "MUST", "1.1": "MUST", "main": "MUST"}},
    {"id": "t.should", "actor": "registry", "section": "S", "anchor": "a", "text": "A should.",
     "levels": {"1.1": "SHOULD", "main": "SHOULD"}},
    {"id": "t.may", "actor": "registry", "section": "S", "anchor": "a", "text": "A may.",
     "levels": {"1.1": "MAY", "main": "MAY"}},
    {"id": "t.claim", "actor": "registry", "section": "S", "anchor": "a", "text": "A claim.",
     "levels": {"1.1": "CLAIM", "main": "CLAIM"}},
    {"id": "t.impl", "actor": "registry", "section": "S", "anchor": "a", "text": "Implied.",
     "levels": {"1.1": "IMPL", "main": "IMPL"}},
    {"id": "t.main", "actor": "registry", "section": "S", "anchor": {"main": "b"}, "text": "New.",
     "levels": {"main": "MUST"}}
  ]})";

}  // namespace

Ledger ledger() {
  Ledger ledger;
  if (auto added = ledger.add(kLedger, "sample"); !added) throw std::logic_error(added.error());
  return ledger;
}

Check check(std::string id, std::string requirement, std::vector<std::string> after) {
  Check check;
  check.id = std::move(id);
  check.title = "A sample";
  check.requirements = {std::move(requirement)};
  check.after = std::move(after);
  check.body = [](Context&) {};
  return check;
}

Catalogue catalogue() {
  Catalogue all;
  const auto add = [&](std::string id, std::string requirement, std::function<void(Context&)> body,
                       std::vector<std::string> after = {}) {
    Check one = check(std::move(id), std::move(requirement), std::move(after));
    one.body = std::move(body);
    all.add(std::move(one));
  };
  // Need no server.
  add("ends/holds", "t.must", [](Context&) { EXPECT_TRUE(true); });
  add("ends/fails", "t.must", [](Context&) { EXPECT_EQ(1 + 1, 3) << "arithmetic"; });
  add("ends/warns", "t.should", [](Context&) { EXPECT_TRUE(false) << "a should"; });
  add("ends/observes", "t.may", [](Context& context) {
    context.observe("seed", context.random().hex(8));
    EXPECT_TRUE(false) << "left open";
  });
  add("ends/new", "t.main", [](Context&) { EXPECT_TRUE(false) << "not yet"; });
  add("ends/refused-setup", "t.must", [](Context&) { throw SetupFailed{"the blob was refused"}; });
  add("ends/fails-then-refused", "t.must", [](Context&) {
    EXPECT_TRUE(false) << "first";
    throw SetupFailed{"later"};
  });
  add("ends/transport", "t.must", [](Context&) {
    throw tl::bad_expected_access<http::Error>(http::Error{http::ErrorKind::kTimeout, "no byte for 10 s"});
  });
  add("ends/throws", "t.must", [](Context&) { throw std::runtime_error("a bug"); });
  add("ends/skips", "t.must", [](Context&) { GTEST_SKIP() << "no mood"; });
  add("ends/crashes", "t.must", [](Context&) { std::abort(); });
  add("ends/fails-then-crashes", "t.must", [](Context&) {
    EXPECT_TRUE(false) << "before the crash";
    std::abort();
  });
  add("ends/hangs", "t.must", [](Context&) {
    for (;;) std::this_thread::sleep_for(std::chrono::seconds(1));
  });
  add("ends/fails-on-thread", "t.must",
      [](Context&) { std::thread([] { EXPECT_TRUE(false) << "elsewhere"; }).join(); });
  add("ends/holds-last", "t.must", [](Context&) {});
  // A chain with a failing root.
  add("chain/root", "t.must", [](Context&) { EXPECT_TRUE(false) << "root"; });
  add("chain/middle", "t.must", [](Context&) {}, {"chain/root"});
  add("chain/leaf", "t.should", [](Context&) {}, {"chain/middle"});
  add("chain/other-leaf", "t.must", [](Context&) {}, {"chain/root"});
  add("chain/free", "t.must", [](Context&) {});
  // Need a registry.
  add("wire/ping", "t.must", [](Context& context) { EXPECT_THAT(context.registry().ping().value(), HasStatus(200)); });
  add("wire/evidence", "t.must", [](Context& context) {
    context.registry().ping().value();
    const auto response = context.registry().get_manifest(context.repository(), "absent").value();
    context.registry().ping().value();
    EXPECT_THAT(response, HasStatus(200)) << "the absent manifest";
  });
  add("wire/pushes", "t.must", [](Context& context) {
    const auto image = context.pushed_image("latest");
    EXPECT_THAT(context.registry().get_manifest(context.repository(), "latest").value(), ServesContent(image.manifest));
  });
  add("wire/reads", "t.must",
      [](Context& context) {
        const auto image = context.pushed_image("v1");
        EXPECT_THAT(listed_tags(context.registry().list_tags(context.repository()).value()),
                    testing::ElementsAre("v1"));
      },
      {"wire/pushes"});
  return all;
}

std::vector<std::string> ids(const Catalogue& catalogue, std::string_view prefix) {
  std::vector<std::string> found;
  for (const auto& check : catalogue.all()) {
    if (check.id.starts_with(prefix)) found.push_back(check.id);
  }
  return found;
}

}  // namespace referee::conformance::sample
