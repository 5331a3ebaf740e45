#include <fmt/format.h>

#include <algorithm>

#include "conformance/registration.hpp"
#include "conformance/stories/common.hpp"

/// C.5, C.9, C.12 and C.13: what is alive, where it belongs, and what may go.
namespace referee::suites::stories {

using namespace referee::conformance;  // NOLINT(google-build-using-namespace): stories read as sentences

namespace {

/// An attachment in one of the situations in which a registry has to decide whether it stays.
struct Case {
  std::string name;
  bool alive = true;  ///< what is right; `judged` false: either is
  bool judged = true;
  std::optional<proposals::Entry> entry;
};

Cell liveness(Arena& arena) {
  const auto home = arena.operated();
  auto session = arena.session(home);
  std::vector<Case> cases;
  for (const auto* subject_is : {"live", "gone", "never"}) {
    const bool never = std::string_view(subject_is) == "never";
    auto image = arena.build(fmt::format("image-{}", subject_is));
    if (!never) arena.push(home, image);
    auto subject = image.subject;
    const auto attached = session.proposal->attach(subject, arena.attachments(2));
    std::vector<proposals::Entry> entries;
    if (attached)
      entries = with_digests(home, discover(session, never ? subject : pulled(home, image.subject)).entries);
    for (const bool tagged : {true, false}) {
      // Where the protocol refuses what has no subject there is nothing to decide.
      Case one{.name = fmt::format("{} {}", tagged ? "tagged" : "untagged", subject_is),
               .alive = tagged || std::string_view(subject_is) != "gone",
               .judged = attached.has_value() && (tagged || !never),
               .entry = std::nullopt};
      if (entries.size() == 2) {
        one.entry = entries[tagged ? 0 : 1];
        if (tagged && !tag_and_pull(home, *one.entry, fmt::format("kept-{}", subject_is))) one.entry.reset();
      }
      cases.push_back(std::move(one));
    }
    if (std::string_view(subject_is) != "gone") continue;
    const auto root = home.digest_of(image.subject.tag);
    take(session.wire->delete_manifest(root), "deleting the image");
    if (root != image.subject.descriptor.digest) {
      take(session.wire->delete_manifest(image.subject.descriptor.digest), "deleting the image");
    }
  }
  const auto collected = home.collect_garbage();
  std::size_t right = 0;
  std::size_t judged = 0;
  std::size_t impossible = 0;  ///< since the protocol cannot say it
  bool lost = false;
  Cell cell;
  for (const auto& one : cases) {
    const bool kept = one.entry && stored(home, *one.entry);
    cell.number(one.name, !one.entry ? "cannot be" : kept ? "kept" : "dropped");
    if (!one.judged) continue;
    ++judged;
    if (!one.entry) ++impossible;
    if (one.entry && kept == one.alive) ++right;
    lost = lost || (one.entry && one.alive && !kept);
  }
  cell.measured = lost ? Measured::kNo : right == judged ? Measured::kYes : Measured::kPartly;
  cell.work = right == judged ? Work::kRegistry : Work::kClient;
  cell.why = fmt::format("{} of {} decisions are right{} {}", right, judged,
                         impossible > 0 ? fmt::format(", {} cannot come up", impossible) : "",
                         collected ? "after collection" : "(no collection could be asked for)");
  if (!collected) without_collection(cell);
  return cell;
}

Cell elsewhere(Arena& arena) {
  const std::string key = "org.example.requires";
  const auto& home = arena.home();
  const auto away = arena.beside("attachments");
  auto image = arena.publish(home);
  auto session = arena.session(away);
  auto given = arena.attachments(1, "sbom");
  const auto location = fmt::format("oci://{}@{}", home.repository(), image.subject.descriptor.digest);
  given.front().annotations[key] = location;
  // The image is in another repository: here it is known by its digest, and under no tag of ours.
  auto subject = by_digest(image.subject);
  subject.root = image.subject.root;
  const auto attached = session.proposal->attach(subject, given);
  if (!attached) {
    if (attached.error().kind == proposals::FailureKind::kTransport) throw SetupFailed{attached.error().message};
    return {.measured = Measured::kNo, .work = Work::kNobody, .why = attached.error().message};
  }
  const auto found = discover(session, subject).entries;
  const auto listed = std::ranges::any_of(found, [&](const auto& entry) {
    const auto value = entry.annotations.find(key);
    return value != entry.annotations.end() && value->second == location;
  });
  const bool digest = recall(session, subject, digests_of(given)).complete();
  auto there = arena.session(home);
  const auto from_home = recall(there, pulled(home, image.subject), digests_of(given)).found;
  Cell cell;
  cell.measured = digest ? Measured::kPartly : Measured::kNo;
  cell.work = Work::kClient;
  cell.why =
      fmt::format("{}; no field tells the location: it is free text, {}; {} found from the image's own repository",
                  digest ? "found by the digest where it was put" : "not found where it was put",
                  listed ? "which the listing shows" : "which the listing does not show", from_home);
  return cell.number("location in the listing", listed ? "yes" : "no").number("found from the image", from_home);
}

Cell retention(Arena& arena) {
  const auto home = arena.operated();
  auto session = arena.session(home);
  // Rule of the operator: what no tag leads to may go, with all that belongs to it.
  auto kept = arena.publish(home, "kept");
  const auto kept_given = arena.attachments(2);
  attach_all(session, kept.subject, kept_given);
  auto gone = arena.publish(home, "gone");
  attach_all(session, gone.subject, arena.attachments(2));
  const auto gone_entries = with_digests(home, discover(session, pulled(home, gone.subject)).entries);
  const auto kept_entries = with_digests(home, discover(session, pulled(home, kept.subject)).entries);
  const auto untagged = home.registry().delete_manifest(home.repository(), "gone").value().status;
  const auto collected = home.collect_garbage();
  const auto wrongly_kept = std::ranges::count_if(gone_entries, [&](const auto& entry) { return stored(home, entry); });
  const auto wrongly_dropped =
      std::ranges::count_if(kept_entries, [&](const auto& entry) { return !stored(home, entry); });

  // Rule of the owner: the last two of a type stay. A client applies it; a new one, since what the old one knows to be
  // there may have been collected.
  session = arena.session(home);
  auto image = arena.publish(home, "rotating");
  const auto given = arena.attachments(5);
  attach_all(session, image.subject, given);
  std::size_t detached = 0;
  for (int step = 0; step < 3; ++step) {
    auto subject = pulled(home, image.subject);
    const auto entries = discover(session, subject, Arena::filter("sig")).entries;
    const auto oldest = std::ranges::find_if(entries, [&](const auto& entry) {
      return fetched(session, {entry}) == Digests{given[static_cast<std::size_t>(step)].payload.digest().str()};
    });
    if (oldest == entries.end() || !session.proposal->detach(subject, *oldest)) break;
    ++detached;
  }
  const auto rest = recall(session, pulled(home, image.subject), digests_of(std::span(given).last(2)));
  const bool by_client = detached == 3 && rest.complete();
  const bool by_server = collected && untagged == 202 && wrongly_kept == 0 && wrongly_dropped == 0;
  Cell cell;
  cell.measured = by_server ? Measured::kYes : by_client && wrongly_dropped == 0 ? Measured::kPartly : Measured::kNo;
  cell.work = by_server ? Work::kRegistry : Work::kClient;
  cell.why = fmt::format(
      "an image without a tag {}: {} attachments wrongly kept, {} wrongly dropped; the last two by a client: {}",
      collected ? "after collection" : "(no collection could be asked for)", wrongly_kept, wrongly_dropped, rest.str());
  if (!collected) without_collection(cell);
  return cell.number("wrongly kept", static_cast<std::uint64_t>(wrongly_kept))
      .number("wrongly dropped", static_cast<std::uint64_t>(wrongly_dropped))
      .number("detached by the client", detached);
}

Cell ranges(Arena& arena) {
  auto session = arena.session();
  const auto& home = arena.home();
  auto image = arena.publish(home);
  const auto nothing = discover(session, image.subject, Arena::filter("sig"));
  const auto count = std::min<std::size_t>(arena.scale().attachments, 50);
  const auto given = arena.attachments(count);
  attach_all(session, image.subject, given);
  // Seconds count up: the boundary is the date of the middle one.
  const auto boundary = proposals::created(given[count / 2].annotations);
  const auto listed = discover(session, pulled(home, image.subject), Arena::filter("sig"));
  std::uint64_t opened = listed.cost.requests - nothing.cost.requests;
  std::vector<proposals::Entry> older;
  for (const auto& entry : listed.entries) {
    auto date = proposals::created(entry.annotations);
    if (date.empty()) {
      const auto manifest = entry.manifest ? entry.manifest->bytes() : [&] {
        ++opened;
        const auto& known = entry.descriptor.digest.empty() ? entry.tag : entry.descriptor.digest;
        const auto answer = session.wire->get_manifest(known, {200, 404});
        return answer ? answer->body : std::string();
      }();
      date = proposals::created(proposals::manifest_annotations(manifest));
    }
    if (!date.empty() && date < boundary) older.push_back(entry);
  }
  const bool right = fetched(session, older) == digests_of(std::span(given).first(count / 2));
  Cell cell;
  cell.measured = !right ? Measured::kNo : opened == 0 ? Measured::kYes : Measured::kPartly;
  cell.work = Work::kClient;
  cell.why = fmt::format("{}; {} manifests opened for {} attachments", right ? "the right ones" : "not the right ones",
                         opened, count);
  return cell.number("attachments", count).number("manifests opened", opened);
}

}  // namespace

void register_upkeep(Catalogue& catalogue) {
  add_story(catalogue,
            {.id = "C.5",
             .title = "Know which are alive",
             .how = "Attaches to an image that stays, one that is deleted and one that never comes, tags half of "
                    "them, and asks the registry to collect garbage. Y: every decision is right (untagged ones "
                    "of an image that never came may go either way); P: what should go stays; N: something "
                    "alive is dropped.",
             .body = liveness,
             .kills = collected});
  add_story(catalogue,
            {.id = "C.9",
             .title = "Document what is required from elsewhere",
             .how = "Attaches, in one repository, to an image that is in another. Y: a field tells where the "
                    "image is; P: it is found by the digest, and the place is free text; N: refused.",
             .body = elsewhere,
             .kills = absent_subject});
  add_story(catalogue,
            {.id = "C.12",
             .title = "Apply retention policies",
             .how = "Removes an image's tag and collects garbage; then a client keeps the last two of five. Y: "
                    "the registry alone drops the image's attachments and nobody else's; P: a client can; N: "
                    "neither.",
             .body = retention,
             .kills = spoilt_or_collected});
  add_story(catalogue,
            {.id = "C.13",
             .title = "Select by ranges of time",
             .how = "Attaches up to fifty with dates and selects those before one of them. Y: the listing tells; "
                    "P: manifests have to be opened; N: wrong.",
             .body = ranges,
             .kills = spoilt});
}

}  // namespace referee::suites::stories
