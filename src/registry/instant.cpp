#include "instant.hpp"

#include <chrono>

namespace referee::registry {

namespace {

/// Reads RFC 3339, 5.6, piece by piece; once something did not fit, all the rest fails too.
class DateTimeReader {
 public:
  explicit DateTimeReader(std::string_view text) : rest_(text) {}

  int digits(std::size_t count) {
    int value = 0;
    if (rest_.size() < count) good_ = false;
    for (std::size_t i = 0; good_ && i < count; ++i) {
      const char c = rest_[i];
      if (c < '0' || c > '9') good_ = false;
      value = value * 10 + (c - '0');
    }
    if (good_) rest_.remove_prefix(count);
    return good_ ? value : 0;
  }
  bool take(std::string_view any_of) {
    if (rest_.empty() || any_of.find(rest_.front()) == std::string_view::npos) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void expect(std::string_view any_of) { good_ = take(any_of) && good_; }
  std::uint32_t fraction() {
    std::uint32_t value = 0;
    std::uint32_t unit = 100'000'000;
    if (rest_.empty() || rest_.front() < '0' || rest_.front() > '9') good_ = false;
    for (; !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9'; rest_.remove_prefix(1), unit /= 10) {
      value += static_cast<std::uint32_t>(rest_.front() - '0') * unit;
    }
    return value;
  }
  [[nodiscard]] bool done() const { return good_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool good_ = true;
};

}  // namespace

std::optional<Instant> parse_date_time(std::string_view text) {
  using namespace std::chrono;
  DateTimeReader reader(text);
  const year_month_day date = [&] {
    const auto y = year(reader.digits(4));
    reader.expect("-");
    const auto m = month(static_cast<unsigned>(reader.digits(2)));
    reader.expect("-");
    return y / m / day(static_cast<unsigned>(reader.digits(2)));
  }();
  reader.expect("Tt ");
  const int hour = reader.digits(2);
  reader.expect(":");
  const int minute = reader.digits(2);
  reader.expect(":");
  const int second = reader.digits(2);
  const auto nanoseconds = reader.take(".") ? reader.fraction() : 0;
  int offset = 0;  // minutes
  int offset_hours = 0;
  int offset_minutes = 0;
  if (!reader.take("Zz")) {
    const bool west = reader.take("-");
    if (!west) reader.expect("+");
    offset_hours = reader.digits(2);
    reader.expect(":");
    offset_minutes = reader.digits(2);
    offset = (offset_hours * 60 + offset_minutes) * (west ? -1 : 1);
  }
  const bool in_range =
      date.ok() && hour < 24 && minute < 60 && second <= 60 && offset_hours < 24 && offset_minutes < 60;
  if (!reader.done() || !in_range) return std::nullopt;
  const auto since_epoch =
      seconds(sys_days(date).time_since_epoch()) + hours(hour) + minutes(minute - offset) + seconds(second);
  return Instant{since_epoch.count(), nanoseconds};
}

}  // namespace referee::registry
