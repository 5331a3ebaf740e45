#include "referee/oci/descriptor.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace referee::oci {
namespace {

using Json = nlohmann::json;
using ::testing::HasSubstr;

Descriptor full() {
  Descriptor descriptor;
  descriptor.media_type = "application/x";
  descriptor.digest = "sha256:" + std::string(64, '0');
  descriptor.size = 3;
  descriptor.artifact_type = "application/y";
  descriptor.annotations = {{"a", "1"}, {"b", "2"}};
  descriptor.platform = Platform{"arm64", "linux", "6.1", "v8"};
  descriptor.data = std::string("\x00\xff{", 3);
  descriptor.urls = {"https://example.com/x"};
  return descriptor;
}

TEST(DescriptorTest, WritesKeysInTheSpecificationsOrder) {
  EXPECT_EQ(to_json(full()).dump(),
            R"({"mediaType":"application/x","digest":"sha256:)" + std::string(64, '0') +
                R"(","size":3,"urls":["https://example.com/x"],"annotations":{"a":"1","b":"2"},"data":"AP97",)"
                R"("artifactType":"application/y","platform":{"architecture":"arm64","os":"linux","os.version":"6.1",)"
                R"("variant":"v8"}})");
}

TEST(DescriptorTest, LeavesOutWhatIsEmpty) {
  EXPECT_EQ(to_json(Descriptor{}).dump(), R"({"mediaType":"","digest":"","size":0})");
  Descriptor descriptor;
  descriptor.platform = Platform{};
  descriptor.data = "";
  descriptor.extra = {{"org.example.new", "x"}};
  EXPECT_EQ(to_json(descriptor).dump(),
            R"({"mediaType":"","digest":"","size":0,"data":"","platform":{},"org.example.new":"x"})");
}

TEST(DescriptorTest, ReadsWhatItWrites) {
  const auto read = descriptor_from_json(Json::parse(to_json(full()).dump()));
  ASSERT_TRUE(read) << read.error();
  EXPECT_EQ(*read, full());
}

TEST(DescriptorTest, IgnoresUnknownProperties) {
  const auto read = descriptor_from_json(Json::parse(R"({"mediaType":"m","digest":"d","size":0,"new":{"deep":[1]}})"));
  ASSERT_TRUE(read) << read.error();
  EXPECT_EQ(read->media_type, "m");
}

struct Hostile {
  const char* text;
  const char* reason;
};

class HostileDescriptorTest : public ::testing::TestWithParam<Hostile> {};

TEST_P(HostileDescriptorTest, IsRefusedWithTheFieldsName) {
  const auto read = descriptor_from_json(Json::parse(GetParam().text));
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error(), HasSubstr(GetParam().reason));
}

INSTANTIATE_TEST_SUITE_P(
    All, HostileDescriptorTest,
    ::testing::Values(
        Hostile{"null", "a descriptor is an object, not null"}, Hostile{"[]", "not array"},
        Hostile{R"("sha256:x")", "not string"}, Hostile{"{}", "mediaType is missing"},
        Hostile{R"({"mediaType":1})", "mediaType is number"}, Hostile{R"({"mediaType":null})", "mediaType is null"},
        Hostile{R"({"mediaType":"m"})", "digest is missing"}, Hostile{R"({"mediaType":"m","digest":[]})", "digest is"},
        Hostile{R"({"mediaType":"m","digest":"d"})", "size is missing"},
        Hostile{R"({"mediaType":"m","digest":"d","size":"7"})", "size is not an integer (string)"},
        Hostile{R"({"mediaType":"m","digest":"d","size":1.5})", "size is not an integer"},
        Hostile{R"({"mediaType":"m","digest":"d","size":1e300})", "size is not an integer"},
        Hostile{R"({"mediaType":"m","digest":"d","size":true})", "size is not an integer (boolean)"},
        Hostile{R"({"mediaType":"m","digest":"d","size":-1})", "size is negative"},
        Hostile{R"({"mediaType":"m","digest":"d","size":9223372036854775808})", "size does not fit"},
        Hostile{R"({"mediaType":"m","digest":"d","size":99999999999999999999999})", "size is not an integer"},
        Hostile{R"({"mediaType":"m","digest":"d","size":0,"artifactType":{}})", "artifactType is object"},
        Hostile{R"({"mediaType":"m","digest":"d","size":0,"annotations":[]})", "annotations is array"},
        Hostile{R"({"mediaType":"m","digest":"d","size":0,"annotations":null})", "annotations is null"},
        Hostile{R"({"mediaType":"m","digest":"d","size":0,"annotations":{"a":1}})", "annotations: a value is number"},
        Hostile{R"({"mediaType":"m","digest":"d","size":0,"platform":"linux"})", "platform is string"},
        Hostile{R"({"mediaType":"m","digest":"d","size":0,"platform":{"os":7}})", "platform: os is number"},
        Hostile{R"({"mediaType":"m","digest":"d","size":0,"data":7})", "data is number"},
        Hostile{R"({"mediaType":"m","digest":"d","size":0,"data":"a"})", "data is not base64"},
        Hostile{R"({"mediaType":"m","digest":"d","size":0,"data":"===="})", "data is not base64"},
        Hostile{R"({"mediaType":"m","digest":"d","size":0,"data":"YQ\n="})", "data is not base64"},
        Hostile{R"({"mediaType":"m","digest":"d","size":0,"data":"Y=Q="})", "data is not base64"},
        Hostile{R"({"mediaType":"m","digest":"d","size":0,"urls":"u"})", "urls is string"},
        Hostile{R"({"mediaType":"m","digest":"d","size":0,"urls":["u",1]})", "urls: an entry is number"}));

TEST(DescriptorTest, TakesTheLargestSize) {
  const auto read = descriptor_from_json(Json::parse(R"({"mediaType":"m","digest":"d","size":9223372036854775807})"));
  ASSERT_TRUE(read) << read.error();
  EXPECT_EQ(read->size, 9223372036854775807);
}

TEST(DescriptorTest, Base64RoundTripsEveryLength) {
  for (std::size_t size = 0; size < 20; ++size) {
    Descriptor descriptor;
    descriptor.data = std::string(size, '\xfe');
    const auto read = descriptor_from_json(Json::parse(to_json(descriptor).dump()));
    ASSERT_TRUE(read) << read.error();
    EXPECT_EQ(read->data, descriptor.data);
  }
}

TEST(DescriptorTest, SurvivesADeeplyNestedUnknownProperty) {
  std::string text = R"({"mediaType":"m","digest":"d","size":0,"x":)";
  text += std::string(100'000, '[') + std::string(100'000, ']') + "}";
  const Json json = Json::parse(text, nullptr, false);
  EXPECT_TRUE(descriptor_from_json(json));
}

}  // namespace
}  // namespace referee::oci
