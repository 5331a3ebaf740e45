#include "referee/signing/time.hpp"

#include <gtest/gtest.h>

namespace referee::signing {
namespace {

std::int64_t seconds_of(std::string_view text) {
  const auto time = parse_time(text);
  return time ? time->time_since_epoch().count() : -1;
}

TEST(Time, ReadsRfc3339) {
  EXPECT_EQ(seconds_of("1970-01-01T00:00:01Z"), 1);
  EXPECT_EQ(seconds_of("2026-11-28T12:00:00Z"), 1'795'867'200);
  EXPECT_EQ(seconds_of("2026-11-28t12:00:00.999999999z"), 1'795'867'200);
  EXPECT_EQ(seconds_of("2026-11-28T13:30:00+01:30"), 1'795'867'200);
  EXPECT_EQ(seconds_of("2026-11-28 04:00:00-08:00"), 1'795'867'200);
  EXPECT_EQ(seconds_of("2024-02-29T00:00:00Z"), 1'709'164'800);
  EXPECT_EQ(seconds_of("2016-12-31T23:59:60Z"), 1'483'228'800);
}

TEST(Time, RefusesTheRest) {
  for (const std::string_view text :
       {"", "2026", "2026-11-28", "2026-11-28T12:00:00", "2026-11-28T12:00Z", "2026-13-01T00:00:00Z",
        "2026-02-29T00:00:00Z", "2026-11-28T24:00:00Z", "2026-11-28T12:60:00Z", "2026-11-28T12:00:61Z",
        "2026-11-28T12:00:00.Z", "2026-11-28T12:00:00Z ", " 2026-11-28T12:00:00Z", "2026-11-28T12:00:00+25:00",
        "2026-11-28T12:00:00+0100", "26-11-28T12:00:00Z", "-026-11-28T12:00:00Z", "2026/11/28T12:00:00Z",
        "1795867200"}) {
    EXPECT_FALSE(parse_time(text)) << text;
  }
  EXPECT_FALSE(parse_time("2026-11-28T12:00:00." + std::string(1000, '0') + "Z"));
}

TEST(Time, WritesWhatItReads) {
  for (const auto* text :
       {"1970-01-01T00:00:00Z", "2026-11-28T12:34:56Z", "1969-12-31T23:59:59Z", "9999-12-31T23:59:59Z"}) {
    const auto time = parse_time(text);
    ASSERT_TRUE(time) << text;
    EXPECT_EQ(format_time(*time), text);
  }
}

}  // namespace
}  // namespace referee::signing
