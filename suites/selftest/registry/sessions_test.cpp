// Upload sessions and stored content, without a server.
#include <gtest/gtest.h>

#include <set>

#include "uploads.hpp"

namespace referee::registry {
namespace {

using std::chrono::seconds;

class Sessions : public ::testing::Test {
 protected:
  std::unique_ptr<Upload> make(const std::string& repository = "a") {
    return std::make_unique<Upload>(repository, std::move(*content_->create()), oci::Algorithm::kSha256);
  }
  bool fits(std::size_t bytes) { return (*content_->create())->append(std::string(bytes, 'x')).has_value(); }

  std::unique_ptr<ContentStore> content_ = make_memory_store(10'000);
  Uploads uploads_{2, seconds(60)};
};

TEST_F(Sessions, ExpireWhenIdle) {
  const auto idle = *uploads_.open(make());
  const auto busy = *uploads_.open(make());
  {
    auto lease = uploads_.lease(idle, "a");
    ASSERT_TRUE(lease);
    ASSERT_TRUE((*lease)->append(std::string(9'000, 'x')));
  }
  const auto lease = uploads_.lease(busy, "a");
  ASSERT_TRUE(lease);
  EXPECT_FALSE(fits(2'000));
  uploads_.expire(Uploads::Clock::now() + seconds(59));
  EXPECT_EQ(uploads_.size(), 2U);
  uploads_.expire(Uploads::Clock::now() + seconds(61));
  EXPECT_EQ(uploads_.size(), 1U);
  EXPECT_FALSE(uploads_.progress(idle, "a"));
  EXPECT_TRUE(uploads_.progress(busy, "a"));
  EXPECT_TRUE(fits(10'000)) << "the bytes of the expired session are free";
}

TEST_F(Sessions, TheOldestIdleOneMakesRoom) {
  const auto first = *uploads_.open(make());
  const auto second = *uploads_.open(make());
  const auto third = *uploads_.open(make());
  EXPECT_FALSE(uploads_.progress(first, "a"));
  const auto one = uploads_.lease(second, "a");
  const auto two = uploads_.lease(third, "a");
  EXPECT_FALSE(uploads_.open(make())) << "all are in use";
}

TEST_F(Sessions, AreUsedByOneAtATime) {
  const auto id = *uploads_.open(make());
  EXPECT_EQ(uploads_.lease(id, "b").error(), Uploads::Miss::kUnknown);
  {
    const auto lease = uploads_.lease(id, "a");
    ASSERT_TRUE(lease);
    EXPECT_EQ(uploads_.lease(id, "a").error(), Uploads::Miss::kBusy);
    EXPECT_TRUE(uploads_.cancel(id, "a"));
    EXPECT_TRUE((*lease)->append("still harmless"));
  }
  EXPECT_EQ(uploads_.lease(id, "a").error(), Uploads::Miss::kUnknown);
}

TEST_F(Sessions, HashAnewAfterASetback) {
  const std::string text(3'000, 'y');
  auto upload = make();
  ASSERT_TRUE(upload->append(text.substr(0, 2'000)));
  ASSERT_TRUE(upload->append("lost"));
  ASSERT_TRUE(upload->truncate(2'000));
  ASSERT_TRUE(upload->append(text.substr(2'000)));
  upload->expect(oci::Algorithm::kSha512);
  EXPECT_EQ(*upload->digest(), oci::Digest::of(text, oci::Algorithm::kSha512));
  ASSERT_TRUE(upload->truncate(0));
  EXPECT_TRUE(fits(10'000));
}

TEST_F(Sessions, ContentOutlivesItsRemoval) {
  const std::string text(5'000, 'z');
  const auto digest = oci::Digest::of(text);
  auto writer = std::move(*content_->create());
  ASSERT_TRUE(writer->append(text));
  ASSERT_TRUE(content_->commit(std::move(writer), digest));
  auto reader = content_->open(digest.str());
  content_->remove(digest.str());
  EXPECT_EQ(content_->open(digest.str()), nullptr);
  EXPECT_EQ(*read_all(*reader, 5'000), text);
  EXPECT_FALSE(read_all(*reader, 4'999));
  EXPECT_FALSE(fits(6'000)) << "somebody still reads it";
  reader.reset();
  EXPECT_TRUE(fits(10'000));
}

TEST(Uuid, IsRandomAndWellFormed) {
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) {
    const auto uuid = make_uuid();
    EXPECT_EQ(uuid.size(), 36U);
    EXPECT_EQ(uuid[14], '4');
    seen.insert(uuid);
  }
  EXPECT_EQ(seen.size(), 100U);
}

}  // namespace
}  // namespace referee::registry
