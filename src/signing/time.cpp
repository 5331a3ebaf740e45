#include "referee/signing/time.hpp"

#include <fmt/format.h>

namespace referee::signing {
namespace {

constexpr std::size_t kLongestTime = 64;

/// Reads piece by piece; once something did not fit, the rest fails too.
class TimeReader {
 public:
  explicit TimeReader(std::string_view text) : rest_(text), good_(text.size() <= kLongestTime) {}

  int digits(std::size_t count) {
    int value = 0;
    for (std::size_t done = 0; done < count; ++done) {
      if (!at_digit()) {
        good_ = false;
        return 0;
      }
      value = value * 10 + (rest_.front() - '0');
      rest_.remove_prefix(1);
    }
    return value;
  }
  bool take(std::string_view any_of) {
    if (rest_.empty() || any_of.find(rest_.front()) == std::string_view::npos) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void expect(std::string_view any_of) { good_ = take(any_of) && good_; }
  void skip_fraction() {
    if (!take(".")) return;
    (void)digits(1);
    while (at_digit()) rest_.remove_prefix(1);
  }
  [[nodiscard]] bool done() const { return good_ && rest_.empty(); }

 private:
  [[nodiscard]] bool at_digit() const { return !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9'; }

  std::string_view rest_;
  bool good_;
};

}  // namespace

std::optional<Time> parse_time(std::string_view text) {
  using namespace std::chrono;
  TimeReader reader(text);
  const year written_year(reader.digits(4));
  reader.expect("-");
  const month written_month(static_cast<unsigned>(reader.digits(2)));
  reader.expect("-");
  const year_month_day date(written_year, written_month, day(static_cast<unsigned>(reader.digits(2))));
  reader.expect("Tt ");
  const int hour = reader.digits(2);
  reader.expect(":");
  const int minute = reader.digits(2);
  reader.expect(":");
  const int second = reader.digits(2);
  reader.skip_fraction();
  int offset_hours = 0;
  int offset_minutes = 0;
  bool west = false;
  if (!reader.take("Zz")) {
    west = reader.take("-");
    if (!west) reader.expect("+");
    offset_hours = reader.digits(2);
    reader.expect(":");
    offset_minutes = reader.digits(2);
  }
  const bool in_range =
      date.ok() && hour < 24 && minute < 60 && second <= 60 && offset_hours < 24 && offset_minutes < 60;
  if (!reader.done() || !in_range) return std::nullopt;
  const auto offset = hours(offset_hours) + minutes(offset_minutes);
  const auto local = sys_days(date) + hours(hour) + minutes(minute) + seconds(second);
  return west ? local + offset : local - offset;
}

std::string format_time(Time time) {
  using namespace std::chrono;
  const auto day_start = floor<days>(time);
  const year_month_day date(day_start);
  const hh_mm_ss clock(time - day_start);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count());
}

}  // namespace referee::signing
