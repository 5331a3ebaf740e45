#include <fmt/format.h>

#include <barrier>
#include <thread>

#include "conformance/registration.hpp"
#include "conformance/stories/common.hpp"
#include "referee/http/lane.hpp"

/// C.8: several writers at the same time.
namespace referee::suites::stories {

using namespace referee::conformance;  // NOLINT(google-build-using-namespace): stories read as sentences

namespace {

const std::string kConditional = "conditional";

struct Race {
  std::size_t lost = 0;    ///< told that it was attached, and not found
  std::size_t most = 0;    ///< lost in one round
  std::size_t failed = 0;  ///< told that it was not attached
  std::size_t total = 0;
  std::uint64_t requests = 0;
};

/// One round: each writer is a client of its own and attaches one, all at once.
void run_round(Arena& arena, const Site& site, std::size_t writers, bool conditions, const std::string& tag,
               Race& race) {
  auto image = arena.publish(site, tag);
  const auto given = arena.attachments(writers);
  std::vector<Session> sessions;
  for (std::size_t index = 0; index < writers; ++index) {
    // In each turn one of them wins: whoever is last loses once to every other.
    sessions.push_back(arena.session(site, {.conditions = conditions, .retries = static_cast<int>(2 * writers + 8)}));
  }
  std::vector<char> told(writers, 0);
  std::barrier start(static_cast<std::ptrdiff_t>(writers));
  {
    std::vector<std::jthread> threads;
    for (std::size_t index = 0; index < writers; ++index) {
      threads.emplace_back([&, index] {
        const http::Lane lane(index + 1);
        auto subject = image.subject;
        start.arrive_and_wait();
        const auto done = sessions[index].proposal->attach(subject, std::span(given).subspan(index, 1));
        told[index] = done ? 1 : 0;
      });
    }
  }
  const auto seen = fetched(sessions.front(), discover(sessions.front(), pulled(site, image.subject)).entries);
  std::size_t lost = 0;
  for (std::size_t index = 0; index < writers; ++index) {
    const bool found = seen.contains(given[index].payload.digest().str());
    if (told[index] != 0 && !found) ++lost;
    if (told[index] == 0) ++race.failed;
    race.requests += sessions[index].wire->cost().requests;
  }
  race.lost += lost;
  race.most = std::max(race.most, lost);
  race.total += writers;
}

Race run_race(Arena& arena, const Site& site, std::size_t writers, bool conditions) {
  Race race;
  for (std::size_t round = 0; round < arena.scale().rounds; ++round) {
    run_round(arena, site, writers, conditions, fmt::format("k{}-{}-{}", writers, conditions ? "if" : "no", round),
              race);
  }
  return race;
}

Cell concurrent(Arena& arena) {
  const auto& home = arena.home();
  // Where the profile has no conditional requests, the same registry with them shows what they would save.
  const auto* embedded = arena.context().fresh_registries() ? nullptr : arena.context().embedded();
  const bool has_them = embedded != nullptr && embedded->profile == kConditional;
  const bool old = home.controlled() && arena.variant().profile == "oci-1.0" && !has_them;
  const auto conditional = old ? arena.peer(kConditional) : home;
  Cell cell;
  Race without;
  Race with;
  for (const std::size_t writers : {2UL, 8UL, 32UL, 128UL}) {
    if (writers > arena.scale().writers) break;
    for (const bool conditions : {false, true}) {
      const auto race = run_race(arena, conditions ? conditional : home, writers, conditions);
      auto& sum = conditions ? with : without;
      sum.lost += race.lost;
      sum.failed += race.failed;
      sum.total += race.total;
      sum.most = std::max(sum.most, race.most);
      cell.varying.push_back(
          {fmt::format("lost, {} writers{}", writers, conditions ? ", with conditions" : ""),
           fmt::format("{} of {}, at most {} of {}; {} failed; {:.1f} requests each", race.lost, race.total, race.most,
                       writers, race.failed, static_cast<double>(race.requests) / static_cast<double>(race.total))});
    }
  }
  const bool safe = without.lost == 0 && without.failed == 0;
  const bool safe_with = with.lost == 0 && with.failed == 0;
  cell.measured = safe ? Measured::kYes : safe_with ? Measured::kPartly : Measured::kNo;
  cell.work = safe ? Work::kRegistry : Work::kClient;
  cell.why = safe        ? "nothing is lost"
             : safe_with ? "attachments are lost without conditional requests, none with them"
                         : "attachments are lost";
  cell.varying.push_back({"lost without conditions", fmt::format("{} of {}", without.lost, without.total)});
  cell.varying.push_back({"lost with conditions", fmt::format("{} of {}", with.lost, with.total)});
  return cell;
}

}  // namespace

void register_race(Catalogue& catalogue) {
  add_story(catalogue,
            {.id = "C.8",
             .title = "Attach at the same time",
             .how = "Several clients attach one each to the same image, all at once, over several rounds, with "
                    "and without conditional requests. Y: none is lost without them; P: none with them; N: "
                    "some are lost.",
             .body = concurrent,
             .kills =
                 [](const proposals::Variant& variant) {
                   auto faults = spoilt(variant);
                   // Those that keep a list are safe by conditional requests alone.
                   if (variant.profile == "oci-1.0" && variant.id != "D/digest-tag") {
                     faults.emplace_back("r.put.ignore-if-match");
                   }
                   return faults;
                 },
             .cites = {"S.race.index"},
             .profile =
                 [](const proposals::Variant& variant) {
                   return variant.profile == "oci-1.0" ? kConditional : variant.profile;
                 }});
}

}  // namespace referee::suites::stories
