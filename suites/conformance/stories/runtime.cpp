#include <fmt/format.h>

#include "conformance/registration.hpp"
#include "conformance/stories/pull.hpp"
#include "conformance/stories/scratch.hpp"
#include "referee/proposals/archive.hpp"

/// B.1 and B.7: what runtimes make of it, and what an image layout keeps.
namespace referee::suites::stories {

using namespace referee::conformance;  // NOLINT(google-build-using-namespace): stories read as sentences

namespace {

const oci::Platform kHost{"arm64", "linux", "", ""};

Cell runtimes(Arena& arena) {
  const auto& home = arena.home();
  auto session = arena.session();
  auto image = arena.publish(home);
  std::vector<const oci::Selector*> correct;
  for (const auto& selector : oci::selectors()) {
    if (selector.defect == oci::Selector::Defect::kNone) correct.push_back(&selector);
  }
  std::vector<Pull> before;
  for (const auto* selector : correct) before.push_back(pull(home, image.subject.tag, *selector, kHost));
  const auto given = arena.attachments(std::min<std::size_t>(arena.scale().attachments, 10));
  attach_all(session, image.subject, given);

  Cell cell;
  std::vector<std::string> failing;
  std::vector<std::string> dearer;
  bool wrong = false;
  const auto want = image.platforms.back().digest().str();
  for (std::size_t index = 0; index < correct.size(); ++index) {
    const auto after = pull(home, image.subject.tag, *correct[index], kHost);
    if (after.selected != want) {
      failing.push_back(correct[index]->id);
      // An error is a clean refusal; another manifest is the wrong image.
      wrong = wrong || after.selected.starts_with("sha256:");
    } else if (!(after == before[index])) {
      dearer.push_back(fmt::format("{} (+{} requests, +{} bytes)", correct[index]->id,
                                   after.requests - before[index].requests, after.bytes - before[index].bytes));
    }
    cell.number(correct[index]->id, after.selected == want
                                        ? fmt::format("the image, {} requests, {} bytes", after.requests, after.bytes)
                                        : after.selected);
  }
  const bool found = recall(session, pulled(home, image.subject), digests_of(given)).complete();
  cell.measured = wrong || !found                     ? Measured::kNo
                  : failing.empty() && dearer.empty() ? Measured::kYes
                                                      : Measured::kPartly;
  cell.work = Work::kNobody;
  cell.why = !found             ? "the attachments are not found"
             : !failing.empty() ? fmt::format("not the image with the readings {}", fmt::join(failing, ", "))
             : dearer.empty()   ? "every reading selects the same image at the same cost"
                                : fmt::format("the same image, but the pull is dearer with {} of {} readings: {}",
                                              dearer.size(), correct.size(), dearer.front());
  return cell.number("readings of image-spec", correct.size()).number("attachments", given.size());
}

Cell layout(Arena& arena) {
  namespace archive = proposals::archive;
  const auto& home = arena.home();
  auto session = arena.session();
  auto image = arena.publish(home);
  const auto given = arena.attachments(std::min<std::size_t>(arena.scale().attachments, 10));
  attach_all(session, image.subject, given);
  const auto expected = digests_of(given);

  const Scratch scratch;
  const auto made = oci::Layout::create(scratch.file("layout"));
  if (!made) throw SetupFailed{made.error().message};
  take(archive::save(arena.variant(), *session.proposal, pulled(home, image.subject), *made), "saving to a layout");
  const auto found =
      take(archive::find(*made, arena.variant(), oci::Digest::parse(image.subject.descriptor.digest).value()),
           "finding in the layout");
  Digests offline;
  for (const auto& entry : found.entries) {
    if (const auto payload = archive::fetch(*made, arena.variant(), entry))
      offline.insert(oci::Digest::of(*payload).str());
  }
  const auto peer = arena.peer();
  auto there = arena.session(peer);
  take(archive::load(*made, arena.variant(), *there.proposal), "loading into another registry");
  const auto again = recall(there, pulled(peer, image.subject), expected);
  const bool looked_up = offline == expected;
  Cell cell;
  cell.measured = !again.complete()               ? Measured::kNo
                  : looked_up && found.files <= 2 ? Measured::kYes
                                                  : Measured::kPartly;
  cell.work = Work::kClient;
  cell.why = fmt::format("{} found after the layout; in the layout {} after opening {} files", again.str(),
                         looked_up ? "all" : fmt::format("{} of {}", offline.size(), expected.size()), found.files);
  return cell.number("attachments", given.size()).number("files opened", found.files);
}

}  // namespace

void register_runtime(Catalogue& catalogue) {
  add_story(catalogue,
            {.id = "B.1",
             .title = "Leave container runtimes alone",
             .how = "Pulls the tag before and after attaching, as a runtime does, with every reading of "
                    "image-spec's rules for indexes. Y: always the same image at the same cost; P: some refuse, "
                    "or the pull gets dearer; N: another manifest is selected.",
             .body = runtimes,
             .kills = spoilt});
  add_story(catalogue,
            {.id = "B.7",
             .title = "Keep references in an image layout",
             .how = "Saves an image with its attachments to a layout, finds them there, and loads the layout "
                    "into a fresh registry. Y: all arrive, and the layout tells them from index.json and one "
                    "more file; P: more files have to be opened; N: some are missing.",
             .body = layout,
             .kills = spoilt});
}

}  // namespace referee::suites::stories
