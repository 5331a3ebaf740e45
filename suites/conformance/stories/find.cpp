#include <fmt/format.h>

#include <atomic>
#include <thread>

#include "conformance/registration.hpp"
#include "conformance/stories/common.hpp"
#include "referee/http/lane.hpp"

/// F.1 and F.2: getting an artifact, and finding all that refer to something.
namespace referee::suites::stories {

using namespace referee::conformance;  // NOLINT(google-build-using-namespace): stories read as sentences

namespace {

Cell get_artifact(Arena& arena) {
  auto session = arena.session();
  auto image = arena.publish(arena.home());
  const auto given = arena.attachments(1);
  attach_all(session, image.subject, given);
  const auto found = discover(session, image.subject);
  if (found.entries.size() != 1) {
    return {.measured = Measured::kNo, .why = fmt::format("{} entries where one was attached", found.entries.size())};
  }
  const auto before = session.wire->cost();
  const bool by_digest = fetched(session, found.entries) == digests_of(given);
  const auto cost = session.wire->cost() - before;
  const bool by_tag = tag_and_pull(arena.home(), found.entries.front(), "artifact-v1");
  Cell cell{.measured = by_digest && by_tag   ? Measured::kYes
                        : by_digest || by_tag ? Measured::kPartly
                                              : Measured::kNo,
            .work = Work::kRegistry,
            .why = fmt::format("by digest: {}; by a tag of its own: {}", by_digest ? "exact" : "no",
                               by_tag ? "exact" : "no")};
  return cell.number("requests by digest", cost.requests).number("bytes by digest", cost.bytes_down);
}

/// Recall and cost of one starting point.
struct View {
  Recall recall;
  proposals::Cost cost;
};

View look(Session& session, const proposals::Subject& subject, const Digests& expected) {
  const auto before = session.wire->cost();
  const auto listed = session.proposal->discover(subject, {});
  View view{.recall = {}, .cost = session.wire->cost() - before};
  view.recall = recall(session, subject, expected);
  if (!listed && listed.error().kind == proposals::FailureKind::kTransport) throw SetupFailed{listed.error().message};
  return view;
}

/// Puts many unrelated tags into the repository, from several threads: it is only set-up.
void crowd(Arena& arena, const Site& site) {
  constexpr std::size_t kThreads = 8;
  const auto unrelated = oci::image(arena.random());
  arena.context().push_at(site.registry(), site.repository(), unrelated);
  std::atomic<int> refused{0};
  std::vector<std::jthread> threads;
  for (std::size_t index = 0; index < kThreads; ++index) {
    threads.emplace_back([&, index] {
      const http::Lane lane(index + 1);
      for (std::size_t number = index; number < arena.scale().tags && refused == 0; number += kThreads) {
        const auto put =
            site.registry().put_manifest(site.repository(), fmt::format("release-{:05}", number), unrelated.manifest);
        if (!put || put->status != 201) refused = put ? put->status : -1;
      }
    });
  }
  threads.clear();
  if (refused != 0) throw SetupFailed{fmt::format("set-up: an unrelated tag answered status {}", refused.load())};
}

Cell find_all(Arena& arena) {
  const auto& home = arena.home();
  auto session = arena.session();
  auto image = arena.publish(home);
  const auto count = arena.scale().attachments;
  const auto given = arena.attachments(count);
  const auto empty = look(session, image.subject, {});
  attach_all(session, image.subject, given);

  const auto expected = digests_of(given);
  const auto by_tag = look(session, pulled(home, image.subject), expected);
  const auto from_index = look(session, by_digest(image.subject), expected);
  // A tool that verifies one platform knows that manifest's digest alone.
  auto platform = proposals::Subject{image.platforms.front().descriptor(), "", std::nullopt};
  const auto more = arena.attachments(1);
  const bool attached = session.proposal->attach(platform, more).has_value();
  const auto from_platform = look(session, platform, digests_of(more));

  crowd(arena, home);
  const auto crowded = look(session, pulled(home, image.subject), expected);

  const bool all =
      by_tag.recall.complete() && from_index.recall.complete() && attached && from_platform.recall.complete();
  const bool grows = crowded.cost.requests > by_tag.cost.requests || !crowded.recall.complete();
  Cell cell;
  cell.measured = !by_tag.recall.complete() ? Measured::kNo : all && !grows ? Measured::kYes : Measured::kPartly;
  cell.work = arena.variant().in_image || by_tag.cost.requests == 0 ? Work::kClient : Work::kRegistry;
  cell.why =
      fmt::format("from the tag {}; from the index's digest {}; from a platform's digest {}{}", by_tag.recall.str(),
                  from_index.recall.str(), attached ? from_platform.recall.str() : "nothing can be attached",
                  grows ? fmt::format("; {} unrelated tags cost {} requests instead of {}", arena.scale().tags,
                                      crowded.cost.requests, by_tag.cost.requests)
                        : "");
  return cell.number("attachments", count)
      .number("requests with none", empty.cost.requests)
      .number("requests", by_tag.cost.requests)
      .number("bytes", by_tag.cost.bytes_down)
      .number("unrelated tags", arena.scale().tags)
      .number("requests with unrelated tags", crowded.cost.requests)
      .number("bytes with unrelated tags", crowded.cost.bytes_down);
}

}  // namespace

void register_find(Catalogue& catalogue) {
  add_story(
      catalogue,
      {.id = "F.1",
       .title = "Get a stored artifact by digest and by tag",
       .how = "Attaches one, fetches its payload by digest, gives its manifest a tag and reads that back. Y: both "
              "exact; P: one of them; N: neither.",
       .body = get_artifact,
       .kills = spoilt});
  add_story(
      catalogue,
      {.id = "F.2",
       .title = "List all that refer to something",
       .how = "Discovers from the tag, from the index's digest and from a platform's digest, then with many unrelated "
              "tags beside it. Y: everything from all three at a cost that does not grow with the tags; P: complete "
              "from the tag, but blind elsewhere or dearer; N: incomplete.",
       .body = find_all,
       .kills = spoilt});
}

}  // namespace referee::suites::stories
