#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "client_judges.hpp"

/// Pushing images, and manifests that refer to one.
namespace referee::suites::clients {
namespace {

using runtimes::Operation;

Finding pushes_as_it_is(const Evidence& seen) {
  if (!seen.succeeded()) return failed("it failed, although everything was in order");
  const auto tag = seen.scenery.reference.substr(seen.scenery.reference.rfind(':') + 1);
  const auto pushed = seen.ground.manifest(tag);
  if (!pushed) return wrong("it reports success, and nothing is under the tag");
  return pushed->digest() == seen.scenery.part("image").digest()
             ? right()
             : wrong(fmt::format("what it pushed is not what was in the layout, but {}", pushed->digest().str()));
}

/// Content-Type and mediaType of everything that it pushed.
Finding names_its_type(const Evidence& seen) {
  int pushed = 0;
  for (const auto& record : seen.traffic) {
    if (!is_push_of_manifest(record) || record.status >= 300) continue;
    ++pushed;
    const auto manifest = seen.ground.manifest(reference_of(record));
    const auto json = nlohmann::json::parse(manifest ? manifest->bytes() : std::string("null"), nullptr, false);
    const auto type = json.is_object() ? json.value("mediaType", std::string()) : std::string();
    const auto sent = record.content_type.substr(0, record.content_type.find(';'));
    if (!type.empty() && sent != type) return wrong(fmt::format("Content-Type is {}, mediaType is {}", sent, type));
    if (sent.empty()) return wrong("it pushes a manifest without Content-Type");
    if (sent != record.content_type) return right("Content-Type has parameters");
  }
  return pushed > 0 ? right() : unclear("it pushed no manifest");
}

Finding writes_entry_of_push(const Evidence& seen) {
  if (!seen.succeeded()) return failed("it failed, although everything was in order");
  const auto entries = fallback_entries(seen);
  if (!entries) return wrong("it pushed a manifest with a subject, and wrote no index under the referrers tag");
  return entry_of(*entries, seen.scenery.digest("referrer")) != nullptr
             ? right()
             : wrong("the index under the referrers tag does not list what it pushed");
}

Finding writes_it_once(const Evidence& seen) {
  const auto entries = fallback_entries(seen);
  if (!entries) return unclear("there is no index under the referrers tag: see push-fallback");
  const auto count = std::ranges::count(*entries, seen.scenery.digest("referrer"), &oci::Descriptor::digest);
  if (count == 0) return unclear("it is not listed: see push-fallback");
  return count == 1 ? right() : wrong(fmt::format("pushed twice, it is listed {} times", count));
}

}  // namespace

void add_push_checks(Checks& to) {
  to.push_back({.id = "push",
                .about = "An image of a layout is pushed: what arrives is what was there, byte for byte.",
                .requirements = {"copier.unaltered"},
                .expected = "unaltered",
                .operation = Operation::kPush,
                .content = image_in_layout,
                .judge = pushes_as_it_is,
                .twin = std::nullopt});
  to.push_back({.id = "push-content-type",
                .about = "The Content-Type of a manifest that is pushed is its mediaType.",
                .requirements = {"client.push.content-type"},
                .expected = "the same",
                .operation = Operation::kPush,
                .content = image_in_layout,
                .scene = {.deviations = {"r.put.media-type-unchecked"}},
                .judge = names_its_type,
                .twin = std::nullopt});
  to.push_back({.id = "attach-content-type",
                .about = "The Content-Type of what is attached is its mediaType.",
                .requirements = {"client.push.content-type"},
                .expected = "the same",
                .operation = Operation::kAttach,
                .content = image_alone,
                .scene = {.deviations = {"r.put.media-type-unchecked"}},
                .judge = names_its_type,
                .twin = std::nullopt});
  to.push_back({.id = "push-fallback",
                .about = "A manifest with a subject is pushed where there is no referrers API.",
                .requirements = {"client.fallback.push"},
                .expected = "an entry",
                .operation = Operation::kPush,
                .content = referrer_in_layout,
                .scene = {.profile = "oci-1.0"},
                .judge = writes_entry_of_push});
  to.push_back({.id = "push-fallback-twice",
                .about = "A manifest with a subject is pushed twice where there is no referrers API.",
                .requirements = {"client.fallback.no-duplicates"},
                .expected = "one entry",
                .operation = Operation::kPush,
                .content = referrer_in_layout,
                .scene = {.profile = "oci-1.0"},
                .judge = writes_it_once,
                .times = 2});
  constexpr auto kLocation = "client.push.location";
  for (const auto& [id, about, variant, requirement] : {
           std::tuple("push-location-absolute", "Every Location is absolute.", "v.absolute-location", kLocation),
           std::tuple("push-location-query", "Upload locations have a token that must be sent back.",
                      "v.location-with-query", kLocation),
           std::tuple("push-session-in-query", "The session is in the query of an upload location.",
                      "v.session-in-query", kLocation),
           std::tuple("push-location-rotating", "Each answer about a session has a new location.",
                      "v.rotating-location", kLocation),
           std::tuple("push-single-post-202", "A single POST opens a session.", "v.single-post-202",
                      "client.push.single-post-202"),
           std::tuple("push-min-chunk", "A first chunk below the announced minimum is refused.", "v.strict-min-chunk",
                      "client.push.chunk-minimum"),
           std::tuple("push-no-digest-header", "Pushes are answered without Docker-Content-Digest.",
                      "v.no-docker-digest", "client.optional-headers"),
       }) {
    to.push_back({.id = id,
                  .about = std::string("An image is pushed. ") + about,
                  .requirements = {requirement},
                  .expected = "pushed",
                  .operation = Operation::kPush,
                  .content = image_in_layout,
                  .scene = {.deviations = {variant}},
                  .judge = pushes_as_it_is});
  }
}

}  // namespace referee::suites::clients
