// The fast reader of lists gives what the careful one gives, or nothing.
#include "referee/oci/listing.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "referee/oci/digest.hpp"
#include "referee/oci/random.hpp"

namespace referee::oci {
namespace {

using nlohmann::json;

/// As nlohmann's parser and descriptor_from_json() have it.
std::optional<std::vector<Descriptor>> careful(const std::string& text, const std::string& wanted) {
  const auto document = json::parse(text, nullptr, false);
  if (!document.is_object() || !document.contains("manifests") || !document["manifests"].is_array())
    return std::nullopt;
  std::vector<Descriptor> found;
  for (const auto& item : document["manifests"]) {
    auto descriptor = descriptor_from_json(item);
    if (!descriptor) return std::nullopt;
    if (wanted.empty() || descriptor->artifact_type.empty() || descriptor->artifact_type == wanted) {
      found.push_back(std::move(*descriptor));
    }
  }
  return found;
}

json random_entry(Random& random) {
  json entry{{"mediaType", "application/vnd.oci.image.manifest.v1+json"},
             {"digest", Digest::of(random.hex(4)).str()},
             {"size", random.below(100'000)}};
  if (random.below(4) > 0) entry["artifactType"] = random.below(2) == 0 ? "application/a" : "application/b";
  for (auto left = random.below(3); left > 0; --left)
    entry["annotations"][random.hex(3)] = "caf\u00e9 \"" + random.hex(5);
  if (random.below(4) == 0) entry["platform"] = {{"architecture", "arm64"}, {"os", "linux"}, {"variant", "v8"}};
  if (random.below(4) == 0) entry["data"] = "aGVsbG8=";
  if (random.below(6) == 0) entry["urls"] = {"https://example.org/1", "https://example.org/2"};
  if (random.below(6) == 0) entry["unknown"] = {{"deep", {1, 2.5, nullptr, {{"er", true}}}}};
  return entry;
}

TEST(PlainList, IsReadAsTheCarefulReaderReadsIt) {
  Random random(3, "lists");
  for (int round = 0; round < 200; ++round) {
    json document{{"schemaVersion", 2}, {"manifests", json::array()}};
    for (auto left = random.below(12); left > 0; --left) document["manifests"].push_back(random_entry(random));
    if (random.below(2) == 0) document["annotations"] = {{"after", "the list"}};
    const auto text = document.dump(random.below(2) == 0 ? 2 : -1);
    for (const std::string wanted : {"", "application/a"}) {
      const auto fast = read_plain_list(text, "manifests", wanted);
      ASSERT_TRUE(fast) << text;
      EXPECT_EQ(*fast, careful(text, wanted)) << text;
    }
  }
}

TEST(PlainList, LeavesWhatIsOddToTheCarefulReader) {
  const std::string good = R"({"mediaType":"m","digest":"d","size":1})";
  const auto list = [](const std::string& entries) { return R"({"manifests":[)" + entries + "]}"; };
  ASSERT_TRUE(read_plain_list(list(good), "manifests"));
  std::string deep = R"({"mediaType":"m","digest":"d","size":1,"x":)";
  for (int level = 0; level < 40; ++level) deep += "[";
  for (int level = 0; level < 40; ++level) deep += "]";
  for (const auto& odd : {
           std::string(),
           std::string("[]"),
           std::string("null"),
           std::string(R"({"manifests":null})"),
           std::string(R"({"manifests":{}})"),
           std::string(R"({"other":[]})"),
           list(good) + "x",
           list(good) + "{}",
           list(good).substr(0, list(good).size() - 1),
           list(good + ","),
           list("1"),
           list("null"),
           list(R"({"digest":"d","size":1})"),
           list(R"({"mediaType":"m","size":1})"),
           list(R"({"mediaType":"m","digest":"d"})"),
           list(R"({"mediaType":"m","digest":"d","size":-1})"),
           list(R"({"mediaType":"m","digest":"d","size":1.0})"),
           list(R"({"mediaType":"m","digest":"d","size":"1"})"),
           list(R"({"mediaType":"m","digest":"d","size":99999999999999999999})"),
           list(R"({"mediaType":1,"digest":"d","size":1})"),
           list(R"({"mediaType":"m","digest":"d","size":1,"data":"!"})"),
           list(R"({"mediaType":"m","digest":"d","size":1,"annotations":{"a":1}})"),
           list(R"({"mediaType":"m","digest":"d","size":1,"annotations":[]})"),
           list(R"({"mediaType":"m","digest":"d","size":1,"platform":"linux"})"),
           list(R"({"mediaType":"m","digest":"d","size":1,"urls":"x"})"),
           list(deep + "}"),
           std::string(R"({"manifests":[],"manifests":[]})"),
           list("{\"mediaType\":\"m\xff\",\"digest\":\"d\",\"size\":1}"),
       }) {
    EXPECT_FALSE(read_plain_list(odd, "manifests")) << odd;
  }
}

TEST(PlainList, NeverReadsWhatTheCarefulReaderRefuses) {
  Random random(4, "damage");
  json document{{"schemaVersion", 2}, {"manifests", json::array()}};
  for (int left = 0; left < 4; ++left) document["manifests"].push_back(random_entry(random));
  const auto good = document.dump();
  int read = 0;
  for (int round = 0; round < 3000; ++round) {
    auto text = good;
    for (auto left = 1 + random.below(3); left > 0; --left) {
      text[random.below(text.size())] = static_cast<char>("{}[]\",:0 \\x\n"[random.below(12)]);
    }
    const auto fast = read_plain_list(text, "manifests");
    if (!fast) continue;
    ++read;
    EXPECT_EQ(*fast, careful(text, "")) << text;
  }
  EXPECT_GT(read, 50) << "most damage stays inside of texts";
}

TEST(PlainList, CutsOffNowhere) {
  json document{{"manifests", json::array()}};
  Random random(5, "cut");
  for (int left = 0; left < 3; ++left) document["manifests"].push_back(random_entry(random));
  const auto text = document.dump();
  for (std::size_t length = 0; length < text.size(); ++length) {
    EXPECT_FALSE(read_plain_list(text.substr(0, length), "manifests")) << length;
  }
}

}  // namespace
}  // namespace referee::oci
