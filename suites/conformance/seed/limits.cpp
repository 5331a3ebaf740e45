#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <map>

#include "conformance/registration.hpp"
#include "conformance/seed/common.hpp"

/// How many attachments a document of four megabytes has room for.
namespace referee::suites::seed {

using namespace referee::conformance;  // NOLINT(google-build-using-namespace): questions read as sentences

namespace {

constexpr std::uint64_t kLimit = 4UL * 1024 * 1024;  ///< of the registries that are deployed; 4,000,000 must be taken
constexpr std::uint64_t kMustFit = 4'000'000;
constexpr std::uint64_t kEnough = 1000;  ///< signatures of one image, the most that the discussion speaks of

std::map<std::string, std::uint64_t> document_sizes(const Site& site) {
  std::map<std::string, std::uint64_t> sizes;
  for (const auto& tag : site.tags()) {
    sizes[tag] = site.registry().get_manifest(site.repository(), tag).value().body.size();
  }
  return sizes;
}

/// A document that grows with the attachments.
struct List {
  std::string tag;          ///< empty: there is none
  std::uint64_t size = 0;   ///< with all that were attached
  std::uint64_t entry = 0;  ///< of one
  std::uint64_t most = 0;   ///< entries that fit into kLimit
  bool steady = true;       ///< a third measurement lies on the same line
};

List measure(Arena& arena, const Site& site, const std::string& tag, bool inlined) {
  constexpr std::size_t kStep = 4;
  const proposals::Settings settings{.inlined = inlined};
  const auto image = arena.publish(site, tag);
  auto session = arena.session(site, settings);
  auto subject = image.subject;
  std::vector<std::map<std::string, std::uint64_t>> sizes;
  for (int round = 0; round < 3; ++round) {
    const auto given = arena.attachments(kStep);
    attach_all(session, subject, given);
    sizes.push_back(document_sizes(site));
  }
  List list;
  for (const auto& [name, size] : sizes[2]) {
    const auto middle = sizes[1].find(name);
    const auto first = sizes[0].find(name);
    if (middle == sizes[1].end() || first == sizes[0].end() || size <= middle->second) continue;
    if (size - middle->second <= list.entry * kStep) continue;
    list.tag = name;
    list.size = size;
    list.entry = (size - middle->second) / kStep;
    // A number in it may get a digit more.
    list.steady = size - middle->second <= middle->second - first->second + kStep;
    list.most = 3 * kStep + (kLimit - size) / list.entry;
  }
  return list;
}

/// Fills the list to its computed limit, and then one more: that must be refused and nothing lost.
void reach(Arena& arena, const Site& site, const List& list) {
  const auto image = arena.publish(site, "filled");
  auto session = arena.session(site);
  auto subject = image.subject;
  const auto fits = session.proposal->attach(subject, arena.attachments(static_cast<std::size_t>(list.most) - 1));
  EXPECT_TRUE(fits) << (fits ? "" : fits.error().message);
  const auto more = session.proposal->attach(subject, arena.attachments(16));
  EXPECT_TRUE(!more && more.error().kind == proposals::FailureKind::kLimit) << "one list more than fits is refused";
  const auto left = discover(session, pulled(site, image.subject)).entries.size();
  EXPECT_EQ(left, list.most - 1) << "entries after the refusal";
  note(arena, "reached", list.most - 1);
}

void enough_for_links(Arena& arena) {
  const auto site = arena.operated();
  const auto list = measure(arena, site, "links", false);
  if (list.tag.empty()) {
    // No document grows: nothing but the pages of a list.
    note(arena, "N_max", "no limit");
  } else {
    EXPECT_GE(list.most, kEnough) << "entries that fit into 4 MiB";
    EXPECT_TRUE(list.steady) << "each entry takes as much as the one before";
    note(arena, "N_max", list.most);
    note(arena, "bytes of an entry", list.entry);
    // The largest document that any registry has to take.
    const auto full = oci::IndexBuilder().pad_to(kMustFit).build();
    const auto status = site.registry().put_manifest(site.repository(), "large", full).value().status;
    EXPECT_EQ(status, 201) << "a document of 4,000,000 bytes";
    note(arena, "a document of 4,000,000 bytes", std::to_string(status));
  }
  if (arena.variant().can_inline) {
    const auto inlined = measure(arena, site, "inlined", true);
    note(arena, "N_max inlined", inlined.tag.empty() ? "no limit" : std::to_string(inlined.most));
    if (!inlined.tag.empty()) note(arena, "bytes of an inlined entry", inlined.entry);
  }
  const auto image = arena.publish(site, "checked");
  const auto given = arena.attachments(2);
  auto session = arena.session(site);
  auto subject = image.subject;
  attach_all(session, subject, given);
  note(arena, "found", recall_by_tag(arena, site, image, digests_of(given)).str());
  if (arena.scale().name == "full" && !list.tag.empty()) reach(arena, site, list);
}

}  // namespace

void register_limits(Catalogue& catalogue) {
  ask(catalogue,
      {.id = "limit-4mb-enough-for-links",
       .title = "Four megabytes are enough if signatures are linked and not inlined",
       .how =
           "Measures by how much the document that lists attachments grows with each, at three sizes, and computes "
           "how many fit into 4 MiB; a thousand must. At the scale `full` the list is filled to that number, and one "
           "write more must be refused with nothing lost.",
       .body = enough_for_links,
       .kills = [](const auto& variant) {
         auto faults = any_variant(variant);
         using enum proposals::Trail::Kind;
         const auto kind = variant.trail.kind;
         if (kind == kListTag || kind == kOwnIndex || kind == kLayers) faults.emplace_back("r.put.limit-1mib");
         return faults;
       }});
}

}  // namespace referee::suites::seed
