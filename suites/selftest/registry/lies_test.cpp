// What clients are put in front of.
#include "referee/oci/media_types.hpp"
#include "referee/registry/profile.hpp"
#include "registry_fixture.hpp"

namespace referee::selftest {
namespace {

class Lies : public RegistryTest {
 protected:
  void lie(const std::string& name) {
    start_with({name});
    ASSERT_THAT(push("a", "v1", image_), HasStatus(201));
  }
  Reply get_at(const std::string& host, const std::string& target) {
    RawConnection connection(server_->port());
    connection.send("GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
    return connection.receive();
  }
  [[nodiscard]] std::string blob_path(const oci::Content& blob) const { return "/v2/a/blobs/" + blob.digest().str(); }

  oci::Package image_ = oci::image(random_);
  const oci::Content& config_ = image_.blobs.front();
  const oci::Content& layer_ = image_.blobs.back();
  std::string by_digest_ = "/v2/a/manifests/" + image_.digest().str();
  std::string list_ = "/v2/a/referrers/" + image_.digest().str();
};

TEST_F(Lies, AnotherOfTheSameSize) {
  lie("l.exchanged");
  EXPECT_EQ(get(by_digest_).body, image_.manifest.bytes()) << "there is no other";
  const auto other = oci::image(random_);
  ASSERT_EQ(other.manifest.size(), image_.manifest.size());
  ASSERT_THAT(push("a", "v2", other), HasStatus(201));
  EXPECT_EQ(get(by_digest_).body, other.manifest.bytes());
  EXPECT_EQ(get(by_digest_).header("Docker-Content-Digest"), image_.digest().str());
  EXPECT_EQ(get("/v2/a/manifests/v1").body, image_.manifest.bytes()) << "by tag the truth is told";
  EXPECT_EQ(get(blob_path(layer_)).body, other.blobs.back().bytes());
  EXPECT_EQ(get(blob_path(config_)).body, other.blobs.front().bytes());
}

TEST_F(Lies, LongerShorterAndEndless) {
  lie("l.manifest.padded");
  EXPECT_EQ(get(by_digest_).body, image_.manifest.bytes() + "\n");
  lie("l.manifest.truncated");
  EXPECT_EQ(get(by_digest_).body + "}", image_.manifest.bytes());
  lie("l.config.padded");
  EXPECT_EQ(get(blob_path(config_)).body, config_.bytes() + "\n");
  EXPECT_EQ(get(blob_path(layer_)).body, layer_.bytes());
  lie("l.layer.padded");
  EXPECT_EQ(get(blob_path(layer_)).body, layer_.bytes() + std::string(512, '\0'));
  EXPECT_EQ(get(blob_path(config_)).body, config_.bytes());
  lie("l.layer.truncated");
  EXPECT_EQ(get(blob_path(layer_)).body.size(), layer_.bytes().size() - 512);
  lie("l.layer.endless");
  const auto endless = get(blob_path(layer_));
  EXPECT_GT(endless.body.size(), 32U << 20U);
  EXPECT_FALSE(endless.has("Content-Length"));
}

TEST_F(Lies, TheConnectionEndsWithinALayer) {
  const auto half = layer_.bytes().substr(0, layer_.bytes().size() / 2);
  lie("l.layer.cut-once");
  EXPECT_EQ(get_at("r", blob_path(layer_)).body, half);
  EXPECT_EQ(get(blob_path(layer_)).body, layer_.bytes());
  EXPECT_EQ(get(blob_path(layer_), {{"Range", "bytes=10-"}}).body, layer_.bytes().substr(10));
  lie("l.layer.rest-short");
  EXPECT_EQ(get(blob_path(layer_), {{"Range", "bytes=10-"}}).body,
            layer_.bytes().substr(10, layer_.bytes().size() - 11));
  EXPECT_EQ(get(blob_path(layer_)).body, layer_.bytes());
  lie("l.layer.cut");
  for (int time = 0; time < 3; ++time) EXPECT_EQ(get_at("r", blob_path(layer_)).body, half);
  EXPECT_THAT(get_at("r", blob_path(config_)), HasStatus(200));
}

TEST_F(Lies, TypesAndPatience) {
  lie("l.manifest.docker-type");
  EXPECT_EQ(get(by_digest_).header("Content-Type"), oci::media_type::kDockerManifest);
  EXPECT_EQ(head(by_digest_).header("Content-Type"), oci::media_type::kDockerManifest);
  lie("l.manifest.429-once");
  const auto throttled = get(by_digest_);
  EXPECT_THAT(throttled, HasStatus(429));
  EXPECT_EQ(throttled.header("Retry-After"), "2");
  EXPECT_THAT(get(by_digest_), HasStatus(200));
}

TEST_F(Lies, TheListCannotBeHad) {
  for (const auto& [name, status] : {std::pair("l.ref.status-500", 500), std::pair("l.ref.status-401", 401),
                                     std::pair("l.ref.status-403", 403), std::pair("l.ref.status-429", 429)}) {
    lie(name);
    EXPECT_THAT(get(list_), HasStatus(status));
    EXPECT_THAT(get(by_digest_), HasStatus(200));
  }
}

TEST_F(Lies, PagesWithoutEndAndElsewhere) {
  lie("l.ref.link-endless");
  EXPECT_EQ(get(list_).header("Link"), "<" + list_ + "?page=1>; rel=\"next\"");
  EXPECT_EQ(get(list_ + "?page=7").header("Link"), "<" + list_ + "?page=8>; rel=\"next\"");
  lie("l.tags.link-endless");
  EXPECT_EQ(get("/v2/a/tags/list?n=1").header("Link"), "</v2/a/tags/list?n=1&page=1>; rel=\"next\"");
  start_with({"v.early-paging", "l.tags.link-elsewhere"});
  for (const auto* tag : {"v1", "v2", "v3"}) ASSERT_THAT(push("a", tag, image_), HasStatus(201));
  EXPECT_EQ(get_at("127.0.0.1:7", "/v2/a/tags/list").header("Link"),
            "<http://localhost:7/v2/a/tags/list?last=v2>; rel=\"next\"");
}

TEST_F(Lies, Redirects) {
  lie("l.blob.elsewhere");
  const auto away = get_at("127.0.0.1:7", blob_path(layer_));
  EXPECT_THAT(away, HasStatus(307));
  EXPECT_EQ(away.header("Location"), "http://localhost:7" + blob_path(layer_));
  EXPECT_EQ(get_at("localhost:7", blob_path(layer_)).body, layer_.bytes());
  EXPECT_THAT(get("/v2/a/blobs/" + digest_of("nothing")), HasStatus(404));
  lie("l.blob.redirect-endless");
  EXPECT_EQ(get(blob_path(layer_) + "?turn=4").header("Location"), blob_path(layer_) + "?turn=5");
}

}  // namespace
}  // namespace referee::selftest
