#include <fmt/format.h>

#include "client_judges.hpp"

/// Finding what refers to an image, with the referrers API and without.
namespace referee::suites::clients {
namespace {

using runtimes::Operation;

/// Three referrers, and the referrers tag that lists them.
void referrers_and_fallback(Maker& maker) {
  one_image(maker);
  const auto subject = maker.scenery().part("image");
  const std::vector<oci::Package> all{maker.referrer(subject), maker.referrer(subject),
                                      maker.referrer(subject, Maker::kOtherType)};
  maker.push("first", all[0]);
  maker.push("second", all[1]);
  maker.push("other", all[2]);
  maker.push_fallback(subject, all);
}

void with_filter(Maker& maker) {
  referrers_and_fallback(maker);
  maker.scenery().call["type"] = std::string(Maker::kType);
}

/// Under the referrers tag is an image.
void fallback_is_an_image(Maker& maker) {
  one_image(maker);
  const auto tag = oci::referrers_tag(maker.scenery().digest("image"));
  maker.push("squatter", maker.image(), tag);
}

Finding finds_all(const Evidence& seen) {
  if (!seen.succeeded()) return failed("it failed, although everything was in order");
  for (const auto* label : {"first", "second", "other"}) {
    if (!printed(seen, label)) return wrong("it reports success, but not every referrer");
  }
  return right();
}

Finding finds_none(const Evidence& seen) {
  if (!seen.succeeded()) return failed("it fails, where it should say that there are none");
  if (seen.scenery.parts.contains("squatter") && printed(seen, "squatter")) {
    return wrong("it takes the image under the referrers tag for a referrer");
  }
  return right();
}

Finding finds_those_of_the_type(const Evidence& seen) {
  if (!seen.succeeded()) return failed("it failed, although everything was in order");
  if (printed(seen, "other")) return wrong("it reports a referrer of another type than was asked for");
  return printed(seen, "first") && printed(seen, "second") ? right()
                                                           : wrong("it does not report all that have the type");
}

Finding trusts_the_claim(const Evidence& seen) {
  if (!seen.succeeded()) return right("refused");
  return printed(seen, "other") ? wrong("it believes OCI-Filters-Applied and reports a referrer of another type")
                                : right();
}

/// The list could not be had: nobody may say that there are none, nor take the referrers tag for it.
Finding does_not_fall_back(const Evidence& seen) {
  for (const auto* label : {"first", "second", "other"}) {
    if (printed(seen, label))
      return wrong("it takes the referrers tag for the list, which was refused with another status than 404");
  }
  if (find_request(seen, is_referrers_list) == nullptr) return unclear("it did not ask for the list");
  if (seen.succeeded()) return wrong("it reports success without any referrer, although the list was refused");
  return find_request(seen, is_read_of_fallback) == nullptr ? right() : right("it read the referrers tag, and failed");
}

ClientCheck discover(std::string id, std::string about, std::vector<std::string> requirements, std::string expected,
                     void (*content)(Maker&), Scene scene, Finding (*judge)(const Evidence&)) {
  return {.id = std::move(id),
          .about = std::move(about),
          .requirements = std::move(requirements),
          .expected = std::move(expected),
          .operation = Operation::kDiscover,
          .content = content,
          .scene = std::move(scene),
          .judge = judge};
}

}  // namespace

void add_discovery_checks(Checks& to) {
  const Scene old{.profile = "oci-1.0"};
  to.push_back(discover("discover", "The referrers API lists three referrers.", {"client.referrers.found"}, "three",
                        some_referrers, {}, finds_all));
  to.back().twin.reset();
  to.push_back(discover("discover-none", "The referrers API lists nothing.", {"client.referrers.found"}, "none",
                        one_image, {}, finds_none));
  to.back().twin.reset();
  to.push_back(discover("fallback-found", "There is no referrers API, but a referrers tag with three entries.",
                        {"client.fallback.pull"}, "three", referrers_and_fallback, old, finds_all));
  to.push_back(discover("fallback-html-errors",
                        "There is no referrers API, which is said in HTML, but a referrers tag.",
                        {"client.fallback.pull", "client.errors.any-format"}, "three", referrers_and_fallback,
                        {.profile = "oci-1.0", .deviations = {"v.html-errors"}}, finds_all));
  to.push_back(discover("fallback-none", "There is neither a referrers API nor a referrers tag.",
                        {"client.fallback.none"}, "none", one_image, old, finds_none));
  to.push_back(discover("fallback-no-index", "There is no referrers API, and an image under the referrers tag.",
                        {"client.fallback.none"}, "none", fallback_is_an_image, old, finds_none));
  for (const auto& [status, words] : {std::pair("500", "a fault"), std::pair("401", "wrong credentials"),
                                      std::pair("403", "a refusal"), std::pair("429", "too many requests")}) {
    to.push_back(discover(
        fmt::format("no-fallback-{}", status),
        fmt::format("The referrers list is answered with {} ({}), and there is a referrers tag.", status, words),
        {"client.fallback.only-404"}, "an error", referrers_and_fallback,
        {.deviations = {fmt::format("l.ref.status-{}", status)}}, does_not_fall_back));
  }
  to.push_back(discover("filter-by-client", "A filter is asked for, and the registry has none.",
                        {"client.filter.unapplied"}, "two", with_filter, {.deviations = {"v.no-filter"}},
                        finds_those_of_the_type));
  to.push_back(discover("filter-fallback", "A filter is asked for, and there is only a referrers tag.",
                        {"client.filter.unapplied"}, "two", with_filter, old, finds_those_of_the_type));
  to.push_back(discover("filter-claimed", "The registry says that it filtered, and did not.", {"client.filter.claimed"},
                        "two", with_filter, {.deviations = {"r.ref.filter-claimed-not-done"}}, trusts_the_claim));
}

}  // namespace referee::suites::clients
