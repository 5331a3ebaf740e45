#include "exchange_log.hpp"

#include <gtest/gtest.h>

namespace referee::conformance {
namespace {

http::Exchange exchange(std::size_t number, http::Purpose purpose = http::Purpose::kRequest) {
  http::Exchange made;
  made.number = number;
  made.purpose = purpose;
  return made;
}

TEST(ExchangeLog, NumbersFromZeroWithinACheck) {
  ExchangeLog log(true);
  log.begin(40);
  log.add(exchange(39));
  log.add(exchange(40));
  log.add(exchange(41, http::Purpose::kRetry));
  ASSERT_EQ(log.kept().size(), 2U);
  EXPECT_EQ(log.kept()[0].number, 0U);
  EXPECT_EQ(log.kept()[1].number, 1U);
  EXPECT_EQ(log.pin(41), 1U);
  EXPECT_EQ(log.pin(std::nullopt), 1U) << "the last one";
  EXPECT_EQ(log.pin(99), std::nullopt);
  log.begin(50);
  EXPECT_TRUE(log.kept().empty());
  EXPECT_EQ(log.pin(std::nullopt), std::nullopt);
}

TEST(ExchangeLog, CountsAllAndKeepsTheFirstTheLastAndThePinned) {
  ExchangeLog log(true);
  log.begin(0);
  for (std::size_t number = 0; number < 1000; ++number) {
    log.add(exchange(number));
    if (number == 500) {
      EXPECT_EQ(log.pin(500), 500U);
    }
  }
  EXPECT_EQ(log.requests(), 1000U);
  const auto kept = log.kept();
  ASSERT_EQ(kept.size(), ExchangeLog::kFirst + ExchangeLog::kLast + 1);
  EXPECT_EQ(kept[99].number, 99U);
  EXPECT_EQ(kept[100].number, 500U);
  EXPECT_EQ(kept[101].number, 950U);
  EXPECT_EQ(kept.back().number, 999U);
}

TEST(ExchangeLog, KnowsWhatWasAskedEvenIfItKeepsNothing) {
  ExchangeLog log(false);
  log.begin(10);
  auto one = exchange(10);
  one.url = "http://h/v2/";
  one.status = 404;
  one.response_body = "x";
  log.add(one);
  EXPECT_TRUE(log.kept().empty());
  const auto found = log.find(log.pin(std::nullopt));
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->url, "http://h/v2/");
  EXPECT_EQ(found->status, 404);
  EXPECT_EQ(found->response_body, "");
  EXPECT_EQ(log.find(1), std::nullopt);
  EXPECT_EQ(log.find(std::nullopt), std::nullopt);
}

TEST(ExchangeLog, CutsManyAndLongHeaders) {
  ExchangeLog log(true);
  log.begin(0);
  auto one = exchange(0);
  for (int index = 0; index < 10000; ++index) one.response_headers.add("X-Many", std::string(100, 'a'));
  one.request_headers.add("X-Long", std::string(1000000, 'a'));
  log.add(one);
  EXPECT_LT(log.kept()[0].response_headers.size(), 100U);
  EXPECT_LT(log.kept()[0].request_headers.get("X-Long").value_or("").size(), 3000U);
}

TEST(ExchangeLog, CanCountOnly) {
  ExchangeLog log(false);
  log.begin(0);
  log.add(exchange(0));
  EXPECT_EQ(log.requests(), 1U);
  EXPECT_TRUE(log.kept().empty());
}

}  // namespace
}  // namespace referee::conformance
