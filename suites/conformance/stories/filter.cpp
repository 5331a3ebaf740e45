#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "conformance/registration.hpp"
#include "conformance/stories/common.hpp"
#include "referee/conformance/matchers.hpp"

/// F.3 to F.6: finding by type, by annotation, the newest, and how many tags that takes.
namespace referee::suites::stories {

using namespace referee::conformance;  // NOLINT(google-build-using-namespace): stories read as sentences

namespace {

constexpr std::size_t kDated = 50;

Cell find_type(Arena& arena) {
  auto session = arena.session();
  auto image = arena.publish(arena.home());
  const auto count = std::max<std::size_t>(arena.scale().attachments / 3, 2);
  const auto wanted = arena.attachments(count, "sig");
  attach_all(session, image.subject, wanted);
  const auto seen = [&] { return pulled(arena.home(), image.subject); };
  const auto alone = discover(session, seen(), Arena::filter("sig"));
  for (const auto* other : {"sbom", "att"}) attach_all(session, image.subject, arena.attachments(count, other));
  const auto mixed = discover(session, seen(), Arena::filter("sig"));
  const auto found = recall(session, seen(), digests_of(wanted), Arena::filter("sig"));

  const auto requests = mixed.cost.requests - alone.cost.requests;
  const auto bytes = mixed.cost.bytes_down - alone.cost.bytes_down;
  Cell cell;
  cell.measured = !found.complete() ? Measured::kNo : requests == 0 ? Measured::kYes : Measured::kPartly;
  cell.work = bytes == 0 && requests == 0 && mixed.cost.requests > 0 ? Work::kRegistry : Work::kClient;
  cell.why = fmt::format("{} found; {} others cost {} more requests and {} more bytes", found.str(), 2 * count,
                         requests, bytes);
  return cell.number("of each type", count)
      .number("requests", mixed.cost.requests)
      .number("requests for others", requests)
      .number("bytes for others", bytes);
}

/// Whether an entry has the annotation, and how many manifests had to be read for it.
std::optional<std::string> annotation(Session& session, const proposals::Entry& entry, const std::string& key,
                                      std::size_t& opened) {
  if (const auto found = entry.annotations.find(key); found != entry.annotations.end()) return found->second;
  std::optional<oci::Content> manifest = entry.manifest;
  if (!manifest) {
    ++opened;
    const auto& known = entry.descriptor.digest.empty() ? entry.tag : entry.descriptor.digest;
    const auto answer = session.wire->get_manifest(known, {200, 404});
    if (!answer || answer->status != 200) return std::nullopt;
    manifest = oci::Content("", answer->body);
  }
  const auto json = parse_json(manifest->bytes());
  if (!json || !json->is_object() || !json->contains("annotations")) return std::nullopt;
  const auto& annotations = (*json)["annotations"];
  if (!annotations.is_object() || !annotations.contains(key) || !annotations[key].is_string()) return std::nullopt;
  return annotations[key].get<std::string>();
}

Cell find_annotation(Arena& arena) {
  const std::string key = "org.example.fingerprint";
  auto session = arena.session();
  auto image = arena.publish(arena.home());
  const auto nothing = discover(session, image.subject, Arena::filter("sig"));
  const auto count = arena.scale().attachments;
  auto given = arena.attachments(count, "sig");
  for (std::size_t index = 0; index < count; ++index) given[index].annotations[key] = fmt::format("f{}", index);
  attach_all(session, image.subject, given);

  const auto sought = fmt::format("f{}", count / 2);
  const auto listed = discover(session, pulled(arena.home(), image.subject), Arena::filter("sig"));
  std::size_t opened = 0;
  std::vector<proposals::Entry> hits;
  for (const auto& entry : listed.entries) {
    if (annotation(session, entry, key, opened) == sought) hits.push_back(entry);
  }
  const bool exact = fetched(session, hits) == Digests{given[count / 2].payload.digest().str()} && hits.size() == 1;
  // Manifests that the discovery itself had to read count as well.
  const auto read = opened + (listed.cost.requests - nothing.cost.requests);
  Cell cell;
  cell.measured = !exact ? Measured::kNo : read == 0 ? Measured::kYes : Measured::kPartly;
  cell.work = Work::kClient;
  cell.why = fmt::format("{} among {}; {} manifests read to tell", exact ? "found" : "not found", count, read);
  return cell.number("attachments", count)
      .number("manifests read", read)
      .number("bytes listed", listed.cost.bytes_down);
}

Cell find_newest(Arena& arena) {
  auto session = arena.session();
  auto image = arena.publish(arena.home());
  auto given = arena.attachments(std::min<std::size_t>(kDated, arena.scale().attachments), "sig");
  // Shuffled by a step that is prime to the count, so that the newest is neither first nor last.
  std::vector<proposals::Attachment> shuffled;
  for (std::size_t index = 0; index < given.size(); ++index) shuffled.push_back(given[(index * 7 + 3) % given.size()]);
  attach_all(session, image.subject, shuffled);

  const auto before = session.wire->cost();
  const auto newest = take(session.proposal->newest(pulled(arena.home(), image.subject), Arena::filter("sig")),
                           "asking for the newest");
  const auto cost = session.wire->cost() - before;
  const bool right = newest.entry && fetched(session, {*newest.entry}) == Digests{given.back().payload.digest().str()};
  Cell cell;
  cell.measured = !right ? Measured::kNo : newest.read <= 1 ? Measured::kYes : Measured::kPartly;
  cell.work = newest.read <= 1 ? Work::kRegistry : Work::kClient;
  cell.why = fmt::format("{}; {} entries and manifests read of {}", right ? "the newest" : "not the newest",
                         newest.read, given.size());
  return cell.number("attachments", given.size())
      .number("read", newest.read)
      .number("requests", cost.requests)
      .number("bytes", cost.bytes_down);
}

Cell few_tags(Arena& arena) {
  auto session = arena.session();
  const auto& home = arena.home();
  std::vector<Published> images{arena.publish(home, "v1"), arena.publish(home, "v2")};
  const auto before = home.tags().size();
  const auto count = std::max<std::size_t>(arena.scale().attachments / 10, 3);
  std::vector<std::size_t> added;
  bool complete = true;
  for (auto& image : images) {
    const auto given = arena.attachments(count);
    attach_each(session, image.subject, given);
    added.push_back(home.tags().size() - before);
    complete = complete && recall(session, pulled(home, image.subject), digests_of(given)).complete();
  }
  const auto total = added.back();
  Cell cell;
  cell.measured = !complete || total > images.size() ? Measured::kNo : total == 0 ? Measured::kYes : Measured::kPartly;
  cell.work = total == 0 ? Work::kNobody : Work::kClient;
  cell.why = fmt::format("{} attachments to each of two images add {} tags{}", count, total,
                         complete ? "" : ", and not all are found");
  return cell.number("attachments to each", count)
      .number("tags after one image", added.front())
      .number("tags after two", total);
}

}  // namespace

void register_filter(Catalogue& catalogue) {
  add_story(catalogue, {.id = "F.3",
                        .title = "List those of one type",
                        .how = "Attaches signatures, asks for them, attaches as many SBOMs and attestations, and asks "
                               "again. Y: exact, and the others cost no further request; P: exact, with further "
                               "requests; N: not exact.",
                        .body = find_type,
                        .kills = spoilt});
  add_story(catalogue, {.id = "F.4",
                        .title = "List those with a certain annotation",
                        .how = "Attaches many of one type, each with its own fingerprint, and looks for one. Y: the "
                               "listing tells; P: manifests have to be read; N: not found.",
                        .body = find_annotation,
                        .kills = spoilt});
  add_story(catalogue, {.id = "F.5",
                        .title = "Get the newest",
                        .how = "Attaches up to fifty with dates in mixed order and asks for the newest. Y: right after "
                               "reading one entry; P: right after reading all; N: wrong.",
                        .body = find_newest,
                        .kills = spoilt});
  add_story(catalogue,
            {.id = "F.6",
             .title = "Add few tags",
             .how = "Counts the tags before and after attaching to two images. Y: none are added; P: at most "
                    "one for each image; N: more.",
             .body = few_tags,
             .kills = spoilt});
}

}  // namespace referee::suites::stories
