// Every defect of a client shows in a scenario that the sound client passes.
#include "imitation/scenarios.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <set>

#include "referee/imitation/imitation.hpp"

namespace referee::imitation {
namespace {

class Scenarios : public testing::TestWithParam<Scenario> {};

TEST_P(Scenarios, ShowTheDefect) {
  const auto& scenario = GetParam();
  ASSERT_NE(scenario.sound, scenario.wrong);
  EXPECT_EQ(scenario.play("sound"), scenario.sound) << scenario.about;
  EXPECT_EQ(scenario.play(scenario.mutant), scenario.wrong) << scenario.about;
}

INSTANTIATE_TEST_SUITE_P(Clients, Scenarios, testing::ValuesIn(scenarios()), [](const auto& scenario) {
  auto name = scenario.param.mutant.substr(2);
  std::ranges::replace(name, '-', '_');
  return name;
});

TEST(ClientImitations, HaveAScenarioEach) {
  std::set<std::string> shown;
  for (const auto& scenario : scenarios()) EXPECT_TRUE(shown.insert(scenario.mutant).second) << scenario.mutant;
  std::set<std::string> named;
  for (const auto& imitation : imitations()) {
    if (imitation.name.starts_with("c.")) named.insert(imitation.name);
  }
  EXPECT_EQ(named.size(), 28U);
  EXPECT_EQ(shown, named);
}

TEST(ClientImitations, HaveNamesOfTheirOwnAndSayWhatTheyAre) {
  std::set<std::string> names;
  for (const auto& imitation : imitations()) {
    EXPECT_TRUE(names.insert(imitation.name).second) << imitation.name;
    EXPECT_TRUE(imitation.about.ends_with('.')) << imitation.name;
    EXPECT_EQ(find_imitation(imitation.name), &imitation);
  }
  EXPECT_EQ(imitations().front().name, "sound");
  EXPECT_EQ(find_imitation("c.nothing"), nullptr);
}

}  // namespace
}  // namespace referee::imitation
