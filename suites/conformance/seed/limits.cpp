#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

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
  std::string tag;             ///< empty: there is none
  std::uint64_t size = 0;      ///< with all that were attached
  std::uint64_t entry = 0;     ///< of one
  std::uint64_t most = 0;      ///< entries that fit into kLimit
  bool steady = true;          ///< a third measurement lies on the same line
  std::uint64_t computed = 0;  ///< as `most`, from the fields of an entry alone
  std::string fields;          ///< bytes of each, with its key and a comma
};

constexpr std::size_t kStep = 4;
constexpr std::size_t kRounds = 3;

/// Takes an entry apart: what its fields come to is what it has to take, and tells how many fit.
void take_apart(const Site& site, List& list) {
  const auto document = site.registry().get_manifest(site.repository(), list.tag).value().body;
  const auto json = nlohmann::ordered_json::parse(document, nullptr, false);
  for (const char* key : {"manifests", "layers"}) {
    if (!json.is_object() || !json.contains(key) || !json[key].is_array() || json[key].empty()) continue;
    std::uint64_t bytes = 2;  // the braces; its last field has no comma, but it has one itself
    for (const auto& [name, value] : json[key].back().items()) {
      const auto field = nlohmann::ordered_json(name).dump().size() + 1 + value.dump().size() + 1;
      bytes += field;
      list.fields += fmt::format("{}{} {}", list.fields.empty() ? "" : ", ", name, field);
    }
    list.computed = (kLimit - (list.size - kRounds * kStep * bytes)) / bytes;
    return;
  }
}

List measure(Arena& arena, const Site& site, const std::string& tag, bool inlined) {
  const proposals::Settings settings{.inlined = inlined};
  const auto image = arena.publish(site, tag);
  auto session = arena.session(site, settings);
  auto subject = image.subject;
  std::vector<std::map<std::string, std::uint64_t>> sizes;
  for (std::size_t round = 0; round < kRounds; ++round) {
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
    list.most = kRounds * kStep + (kLimit - size) / list.entry;
  }
  if (!list.tag.empty() && !inlined) take_apart(site, list);
  return list;
}

/// Fills the list to where it is refused: the refusal says why and at how many, and nothing is lost.
void reach(Arena& arena, const Site& site, const List& list) {
  constexpr int kSlack = 4;  ///< a number in the document may have got a digit more on the way
  const auto image = arena.publish(site, "filled");
  auto session = arena.session(site);
  auto subject = image.subject;
  auto reached = list.most - 2;
  attach_all(session, subject, arena.attachments(static_cast<std::size_t>(reached)));
  std::string refusal;
  for (int more = 0; more < kSlack && refusal.empty(); ++more) {
    subject = pulled(site, image.subject);
    const auto done = session.proposal->attach(subject, arena.attachments(1));
    if (done) {
      ++reached;
      continue;
    }
    EXPECT_EQ(done.error().kind, proposals::FailureKind::kLimit) << done.error().message;
    refusal = done.error().message;
  }
  EXPECT_THAT(refusal, testing::HasSubstr(fmt::format("with {} attachments", reached))) << "why one more is refused";
  const auto left = discover(session, pulled(site, image.subject)).entries.size();
  EXPECT_EQ(left, reached) << "entries after the refusal";
  EXPECT_NEAR(static_cast<double>(reached), static_cast<double>(list.computed),
              static_cast<double>(list.computed) / 100)
      << "entries that fit, and what the fields of one let expect";
  note(arena, "reached", reached);
  note(arena, "one more", refusal.empty() ? "is taken" : refusal.substr(refusal.find(" bytes: ") + 8));
}

/// Where a registry makes the list: its answer as it is, over no more than one page.
std::uint64_t answer_size(const Site& site, const proposals::Variant& variant, const std::string& digest) {
  std::string path = fmt::format("/v2/{}/referrers/{}", site.repository(), digest);
  referee::distribution::Options options;
  if (variant.profile == "a") {
    path = fmt::format("/v2/{}/_oci/artifacts/referrers", site.repository());
    options.query = {{"digest", digest}};
  } else if (variant.profile == "b") {
    path = fmt::format("/v2/{}/manifests/{}/references", site.repository(), digest);
  } else if (variant.profile == "c") {
    path = fmt::format("/v3/{}/referrers/{}", site.repository(), digest);
  }
  const auto answer = site.registry().request("GET", path, {}, options).value();
  return answer.status == 200 ? answer.body.size() : 0;
}

/// How many lines an answer of that size holds; at the scale `full` some more are attached, and all must be found.
void measure_answers(Arena& arena, const Site& site) {
  const auto image = arena.publish(site, "answers");
  const auto& digest = image.subject.descriptor.digest;
  auto session = arena.session(site);
  auto subject = image.subject;
  std::vector<std::uint64_t> sizes;
  for (int round = 0; round < 2; ++round) {
    attach_all(session, subject, arena.attachments(kStep));
    sizes.push_back(answer_size(site, arena.variant(), digest));
  }
  if (sizes[1] <= sizes[0]) return;
  const auto line = (sizes[1] - sizes[0]) / kStep;
  const auto most = 2 * kStep + (kLimit - sizes[1]) / line;
  note(arena, "lines in an answer of 4 MiB", most);
  note(arena, "bytes of a line", line);
  if (arena.scale().name != "full") return;
  const auto all = most + 16;
  attach_all(session, subject, arena.attachments(static_cast<std::size_t>(all) - 2 * kStep));
  const auto found = discover(session, subject).entries.size();
  EXPECT_EQ(found, all) << "found of more than an answer of 4 MiB holds";
  note(arena, "found of more than that", found);
}

void enough_for_links(Arena& arena) {
  const auto site = arena.operated();
  const auto list = measure(arena, site, "links", false);
  if (list.tag.empty()) {
    // No document grows: nothing but the pages of a list.
    note(arena, "N_max", "no limit");
    if (arena.variant().trail.kind == proposals::Trail::Kind::kField) measure_answers(arena, site);
  } else {
    EXPECT_GE(list.most, kEnough) << "entries that fit into 4 MiB";
    EXPECT_TRUE(list.steady) << "each entry takes as much as the one before";
    note(arena, "N_max", list.most);
    note(arena, "bytes of an entry", list.entry);
    note(arena, "of which", list.fields);
    EXPECT_EQ(list.computed, list.most) << "entries that fit, by the growth of the list and by the fields of an entry";
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
       .requirement = "S.limit.4mb-enough-for-links",
       .title = "Four megabytes are enough if signatures are linked and not inlined",
       .how =
           "Measures by how much the document that lists attachments grows with each, at three sizes, and computes "
           "how many fit into 4 MiB; a thousand must, and the fields of an entry must account for the number. At the "
           "scale `full` the list is filled until a write is refused, which must be there and lose nothing; where the "
           "registry lists, more are attached than one answer of that size holds.",
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
