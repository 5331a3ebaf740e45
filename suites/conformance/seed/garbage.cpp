#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "conformance/registration.hpp"
#include "conformance/seed/common.hpp"
#include "referee/conformance/matchers.hpp"

/// What is collected, and what stays readable until then.
namespace referee::suites::seed {

using namespace referee::conformance;  // NOLINT(google-build-using-namespace): questions read as sentences

namespace {

std::size_t entries_in(std::string_view manifest) {
  const auto json = parse_json(manifest);
  if (!json || !json->is_object()) return 0;
  for (const char* key : {"manifests", "layers"}) {
    if (json->contains(key) && (*json)[key].is_array()) return (*json)[key].size();
  }
  return 0;
}

/// A fault of the collector that a variant's attachments fall victim to.
std::vector<std::string> collector_faults(const proposals::Variant& variant) {
  auto faults = any_variant(variant);
  const bool listing = variant.profile == "a" || variant.profile == "b" || variant.profile == "e";
  if (listing) faults.emplace_back("r.gc.keeps-orphan");
  return faults;
}

void only_containment(Arena& arena) {
  const auto site = arena.operated();
  auto session = arena.session(site);
  const auto other = arena.publish(site, "other");
  const auto kept = arena.attachments(2);
  auto bystander = other.subject;
  attach_all(session, bystander, kept);
  const auto image = arena.publish(site, "v1");
  const auto given = arena.attachments(5);
  auto subject = image.subject;
  attach_all(session, subject, given);
  const auto entries = with_digests(site, discover(session, pulled(site, image.subject)).entries);

  // Whoever removes the image knows nothing of attachments: only its tag goes.
  take(session.wire->delete_manifest(image.subject.tag), "removing the tag");
  const auto left = sweep(site);
  const auto signatures = std::ranges::count_if(entries, [&](const auto& entry) { return stored(site, entry); });
  const auto platforms =
      std::ranges::count_if(image.platforms, [&](const auto& platform) { return site.holds(platform.digest().str()); });
  const auto others = recall_by_tag(arena, site, other, digests_of(kept));
  EXPECT_EQ(signatures, 0) << "signatures that a collection leaves when the image's tag is gone";
  EXPECT_EQ(platforms, 0) << "platforms that it leaves";
  EXPECT_TRUE(others.complete()) << "another image keeps its signatures: " << others.str();
  note(arena, "signatures left", static_cast<std::uint64_t>(signatures));
  note(arena, "platforms left", static_cast<std::uint64_t>(platforms));
  note(arena, "manifests and blobs left", fmt::format("{} and {}", left.manifests, left.blobs));
  note(arena, "signatures of another image", others.str());
}

void old_roots(Arena& arena) {
  const auto site = arena.operated();
  auto session = arena.session(site);
  const auto image = arena.publish(site);
  const auto given = arena.attachments(4);
  std::vector<std::string> roots;
  for (const auto& attachment : given) {
    auto subject = pulled(site, image.subject);
    attach_each(session, subject, std::span(&attachment, 1));
    roots.push_back(site.digest_of(image.subject.tag));
  }
  const auto current = roots.back();
  roots.pop_back();
  const auto count_roots = [&] {
    return std::ranges::count_if(roots, [&](const auto& root) { return site.holds(root); });
  };
  const auto before = count_roots();
  const auto left = sweep(site);
  const auto after = count_roots();
  const auto platforms =
      std::ranges::count_if(image.platforms, [&](const auto& platform) { return site.holds(platform.digest().str()); });
  const auto found = recall_by_tag(arena, site, image, digests_of(given));
  EXPECT_EQ(before, 3) << "replaced roots, before the collection";
  EXPECT_EQ(after, 0) << "replaced roots, after it";
  EXPECT_EQ(platforms, 2) << "platforms, which the current root shares with the replaced ones";
  EXPECT_TRUE(site.holds(current) && found.complete()) << "signatures of the current root: " << found.str();
  note(arena, "replaced roots", static_cast<std::uint64_t>(before));
  note(arena, "after the collection", static_cast<std::uint64_t>(after));
  note(arena, "platforms kept", static_cast<std::uint64_t>(platforms));
  note(arena, "signatures kept", found.str());
  note(arena, "manifests and blobs left", fmt::format("{} and {}", left.manifests, left.blobs));
}

/// States of the documents under the repository's tags, one map each time somebody looks.
class History {
 public:
  explicit History(const Site& site) : site_(site) { look(); }
  void look() {
    for (const auto& tag : site_.tags()) states_[tag].insert(site_.digest_of(tag));
  }
  /// Numbers of entries of the states that can be read by their digest, of the tag that changed most.
  [[nodiscard]] std::set<std::size_t> readable() const {
    std::set<std::size_t> most;
    for (const auto& [tag, digests] : states_) {
      std::set<std::size_t> sizes;
      for (const auto& digest : digests) {
        const auto answer = site_.registry().get_manifest(site_.repository(), digest).value();
        if (answer.status == 200 && oci::Digest::of(answer.body).str() == digest) {
          sizes.insert(entries_in(answer.body));
        }
      }
      if (digests.size() > 1 && sizes.size() > most.size()) most = std::move(sizes);
    }
    return most;
  }

 private:
  const Site& site_;
  std::map<std::string, std::set<std::string>> states_;
};

void history(Arena& arena) {
  const auto site = arena.operated();
  const auto image = arena.publish(site);
  const auto given = arena.attachments(5);
  auto session = arena.session(site);
  History states(site);
  for (const auto& attachment : given) {
    auto subject = pulled(site, image.subject);
    attach_each(session, subject, std::span(&attachment, 1));
    states.look();
  }
  auto sizes = states.readable();
  // The first state may be the image before anything was attached.
  const bool steps = !sizes.empty() && *sizes.rbegin() - *sizes.begin() + 1 == sizes.size();
  EXPECT_TRUE(steps && sizes.size() >= given.size()) << "states of the set of signatures that can be read by digest";
  note(arena, "readable states", sizes.size());
  note(arena, "found now", recall_by_tag(arena, site, image, digests_of(given)).str());
  if (!site.controlled()) return;
  (void)sweep(site);
  note(arena, "readable after a collection", states.readable().size());
}

}  // namespace

void register_garbage(Catalogue& catalogue) {
  ask(catalogue,
      {.id = "gc-only-d-works",
       .requirement = "S.gc.only-D-works",
       .title = "A collection that follows indexes takes the signatures of an image with it",
       .how = "Attaches five, removes the image's tag and collects garbage; nothing of the image may be left, "
              "and another image keeps what it has.",
       .body = only_containment,
       .kills = collector_faults});
  ask(catalogue, {.id = "gc-drop-old-root",
                  .requirement = "S.gc.drop-old-root",
                  .title = "Replaced roots are garbage, and what they share with the new one is not",
                  .how = "Attaches four, one after the other, and collects garbage.",
                  .body = old_roots,
                  .kills =
                      [](const auto& variant) {
                        auto faults = any_variant(variant);
                        if (wraps(variant)) faults.emplace_back("r.gc.drops-nested-child");
                        return faults;
                      },
                  .concerns = [](const auto& variant) { return variant.in_image; }});
  ask(catalogue, {.id = "history",
                  .requirement = "S.history",
                  .title = "Older states of the set of signatures stay readable by their digest",
                  .how = "Attaches five, one after the other, notes what every tag leads to, and reads it again by "
                         "digest; then after a collection.",
                  .body = history,
                  .kills = moving_tags});
}

}  // namespace referee::suites::seed
