// Descriptions: what is read, what is refused and with which words, and how words are filled in.
#include "referee/runtimes/description.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <nlohmann/json.hpp>

namespace referee::runtimes {
namespace {

using Json = nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Json smallest() {
  return Json::parse(R"json({
    "name": "toy", "about": "a toy", "install": "it is there",
    "programs": {"toy": ["/bin/toy", "${lab}/toy"]},
    "pull": ["${toy}", "pull", "${reference}"],
    "selected": [{"command": ["${toy}", "show"], "match": "(sha256:.*)"}]
  })json");
}

std::string refusal(const Json& json) {
  const auto made = parse_description(json.dump());
  return made ? "accepted" : made.error();
}

TEST(Descriptions, ReadTheSmallest) {
  const auto made = parse_description(smallest().dump());
  ASSERT_TRUE(made) << made.error();
  EXPECT_EQ(made->name, "toy");
  EXPECT_EQ(made->role, Role::kRuntime);
  EXPECT_FALSE(made->needs_root);
  EXPECT_THAT(made->programs.at("toy"), ElementsAre("/bin/toy", "${lab}/toy"));
  EXPECT_THAT(made->pull.words, ElementsAre("${toy}", "pull", "${reference}"));
  EXPECT_FALSE(made->pull.limit);
  EXPECT_THAT(made->daemons, IsEmpty());
}

TEST(Descriptions, ReadEverything) {
  auto json = smallest();
  json["role"] = "copier";
  json["needs_root"] = true;
  json["files"] = {{"etc/toy.conf", "root = ${dir}\n"}};
  json["environment"] = {{"TOY", "${dir}"}};
  json["versions"] = {{"client", {{"command", {"${toy}", "-v"}}, {"match", "([0-9.]+)"}}}};
  json["daemons"] = Json::array(
      {{{"name", "toyd"}, {"command", {"${toy}", "daemon"}}, {"ready", {"${toy}", "ping"}}, {"seconds", 7}}});
  json["pull"] = {{"command", {"${toy}", "pull"}}, {"seconds", 90}};
  json["create"] = {"${toy}", "create", "${id}"};
  json["remove"] = Json::array({{"${toy}", "rm"}, {"${toy}", "rmi"}});
  json["operations"] = {{"attach", {"${toy}", "attach", "${file}", "${type}"}}};
  json["selected"].push_back({{"layout", "${dir}/out"}});
  const auto made = parse_description(json.dump());
  ASSERT_TRUE(made) << made.error();
  EXPECT_EQ(made->role, Role::kCopier);
  EXPECT_TRUE(made->needs_root);
  ASSERT_EQ(made->daemons.size(), 1);
  EXPECT_EQ(made->daemons[0].limit, std::chrono::seconds(7));
  EXPECT_EQ(made->pull.limit, std::chrono::seconds(90));
  EXPECT_EQ(made->selected[1].layout, "${dir}/out");
  EXPECT_EQ(made->remove.size(), 2);
  EXPECT_TRUE(made->create);
  EXPECT_TRUE(made->operations.contains(Operation::kAttach));
}

TEST(Descriptions, NameTheFieldThatIsWrong) {
  const auto with = [](const char* path, Json value) {
    auto json = smallest();
    json[Json::json_pointer(path)] = std::move(value);
    return refusal(json);
  };
  EXPECT_THAT(with("/shell", "sh"), HasSubstr("`shell` is no field here"));
  EXPECT_THAT(with("/name", "A Toy"), HasSubstr("`name` may have"));
  EXPECT_THAT(with("/name", 3), HasSubstr("`name` must be a text"));
  EXPECT_THAT(with("/role", "boss"), HasSubstr("`role` must be"));
  EXPECT_THAT(with("/needs_root", "yes"), HasSubstr("`needs_root` must be true or false"));
  EXPECT_THAT(with("/programs/toy", Json::array({"toy"})), HasSubstr("not absolute"));
  EXPECT_THAT(with("/programs/dir", Json::array({"/bin/toy"})), HasSubstr("no name for a program"));
  EXPECT_THAT(with("/pull", Json::array({"toy", "pull"})), HasSubstr("`pull` begins with `toy`"));
  EXPECT_THAT(with("/pull", Json::array({"${toy}", "${file}"})), HasSubstr("variable ${file}, which nobody sets"));
  EXPECT_THAT(with("/pull", "toy pull"), HasSubstr("`pull` must be a list of words"));
  EXPECT_THAT(with("/pull", Json({{"command", {"${toy}"}}, {"seconds", 0}})), HasSubstr("`pull.seconds`"));
  EXPECT_THAT(with("/pull", Json({{"command", {"${toy}"}}, {"minutes", 1}})), HasSubstr("`pull.minutes`"));
  EXPECT_THAT(with("/selected/0/match", "sha256"), HasSubstr("`selected[0].match` needs a group"));
  EXPECT_THAT(with("/selected/0/match", "(sha256"), HasSubstr("`selected[0].match` is no regular expression"));
  EXPECT_THAT(with("/selected", Json::array()), HasSubstr("`selected` is missing"));
  EXPECT_THAT(with("/files", Json({{"../etc/passwd", "x"}})), HasSubstr("not below the folder"));
  EXPECT_THAT(with("/files", Json({{"/etc/passwd", "x"}})), HasSubstr("not below the folder"));
  EXPECT_THAT(with("/daemons", Json::array({{{"name", "d"}}})), HasSubstr("`daemons[0].command` is missing"));
  EXPECT_THAT(with("/operations", Json({{"dance", {"${toy}"}}})), HasSubstr("`operations.dance`"));
  for (const char* field : {"name", "about", "install", "programs", "pull", "selected"}) {
    auto json = smallest();
    json.erase(field);
    EXPECT_THAT(refusal(json), HasSubstr(std::string("`") + field + "`"));
  }
}

TEST(Descriptions, RefuseWhatIsNoDescription) {
  EXPECT_EQ(parse_description("").error(), "is no JSON");
  EXPECT_EQ(parse_description("[]").error(), "the file must be an object");
  EXPECT_THAT(parse_description(std::string(100'000, '[')).error(), HasSubstr("nested"));
  EXPECT_THAT(parse_description(std::string((1U << 20U) + 1, ' ')).error(), HasSubstr("1 MiB"));
  EXPECT_THAT(read_description("/nonexistent.json").error(), HasSubstr("/nonexistent.json cannot be read"));
}

TEST(Descriptions, ThatAreBuiltInAreAllSoundAndNamedAfterTheirFiles) {
  const auto& all = builtin_descriptions();
  ASSERT_FALSE(all.empty());
  for (const auto& description : all) {
    EXPECT_EQ(find_description(description.name), &description);
    const auto path = std::string(REFEREE_SOURCE_DIR) + "/fixtures/runtimes/" + description.name + ".json";
    EXPECT_TRUE(std::ifstream(path).is_open()) << path;
  }
  EXPECT_EQ(find_description("nobody"), nullptr);
}

TEST(Descriptions, FillInVariables) {
  const Variables variables{{"dir", "/d"}, {"tag", ""}, {"toy", "/bin/toy"}};
  EXPECT_EQ(expand("${dir}/x{{.Id}}${dir}", variables), "/d/x{{.Id}}/d");
  EXPECT_EQ(expand("${unknown} ${dir", variables), "${unknown} ${dir");
  // A word that is one empty variable goes; one that holds an empty variable stays.
  EXPECT_THAT(expand(CommandLine{{"${toy}", "${tag}", "--tag=${tag}", ""}, {}}, variables),
              ElementsAre("/bin/toy", "--tag=", ""));
}

}  // namespace
}  // namespace referee::runtimes
