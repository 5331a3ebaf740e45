// The line that asks the same registry the same things again.
#include <gtest/gtest.h>

#include "referee/conformance/result.hpp"

namespace referee::conformance {
namespace {

RunInfo info() {
  RunInfo made;
  made.target = "https://registry.example";
  made.url = "https://registry.example";
  made.name_space = "my/prefix";
  made.seed = 3;
  return made;
}

TEST(CheckCommand, NamesThePrefixAndTheSeed) {
  EXPECT_EQ(check_command(info()), "referee check https://registry.example --namespace my/prefix --seed 3");
}

TEST(CheckCommand, NamesFixedRepositoriesInstead) {
  auto made = info();
  made.repositories = {"my/one", "my/two"};
  made.spec = Spec::kMain;
  EXPECT_EQ(check_command(made),
            "referee check https://registry.example --repository my/one --repository my/two --spec main --seed 3");
}

TEST(CheckCommand, NeedsNoOptionForPlainHttp) {
  auto made = info();
  made.target = "registry.example:5000";
  made.url = "http://registry.example:5000";
  EXPECT_EQ(check_command(made), "referee check http://registry.example:5000 --namespace my/prefix --seed 3");
  made.target = "embedded:oci-1.1";
  made.url = "http://127.0.0.1:4711";
  EXPECT_EQ(check_command(made), "referee check embedded:oci-1.1 --namespace my/prefix --seed 3");
}

TEST(CheckCommand, IsOneLineOfPlainWords) {
  auto made = info();
  made.name_space = "a'; rm -rf \n$HOME";
  EXPECT_EQ(check_command(made), "referee check https://registry.example --namespace 'a'\\''; rm -rf $HOME' --seed 3");
}

}  // namespace
}  // namespace referee::conformance
