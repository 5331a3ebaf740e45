#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

#include "referee/bench/one_line.hpp"
#include "referee/load/report.hpp"
#include "referee/oci/json_depth.hpp"
#include "referee/oci/limits.hpp"

namespace referee::load {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMostKinds = 16;
constexpr std::size_t kMostParts = 10'000;
constexpr std::size_t kMostLimits = 1000;
constexpr std::size_t kLongestText = 4096;
constexpr double kLargestNumber = 1e15;

/// Reads fields; the first that is not what it has to be is remembered, and what is read after it means nothing.
class Reader {
 public:
  [[nodiscard]] const std::string& wrong() const { return wrong_; }
  void fail(std::string_view key) {
    if (wrong_.empty()) wrong_ = fmt::format("the field {} is missing or not what it has to be", key);
  }

  const Json& field(const Json& object, const char* key) {
    static const Json kNone;
    if (object.is_object()) {
      if (const auto found = object.find(key); found != object.end()) return *found;
    }
    fail(key);
    return kNone;
  }
  double number(const Json& object, const char* key) {
    const auto& value = field(object, key);
    if (!value.is_number() || !std::isfinite(value.get<double>()) || value.get<double>() < 0 ||
        value.get<double>() > kLargestNumber) {
      fail(key);
      return 0;
    }
    return value.get<double>();
  }
  std::uint64_t count(const Json& object, const char* key) {
    const auto& value = field(object, key);
    // So that sums of thousands of them fit.
    if (!value.is_number_unsigned() || value.get<std::uint64_t>() > (std::uint64_t{1} << 50U)) {
      fail(key);
      return 0;
    }
    return value.get<std::uint64_t>();
  }
  std::string text(const Json& object, const char* key) {
    const auto& value = field(object, key);
    if (!value.is_string() || value.get_ref<const std::string&>().size() > kLongestText) {
      fail(key);
      return "";
    }
    return bench::one_line(value.get_ref<const std::string&>());
  }
  const Json& list(const Json& object, const char* key, std::size_t most) {
    static const Json kEmpty = Json::array();
    const auto& value = field(object, key);
    if (value.is_array() && value.size() <= most) return value;
    fail(key);
    return kEmpty;
  }
  bench::Histogram histogram(const Json& object, const char* key) {
    auto read = bench::Histogram::from_json(field(field(object, key), "histogram").dump());
    if (!read) {
      fail(key);
      return {};
    }
    return std::move(*read);
  }

 private:
  std::string wrong_;
};

Tally read_tally(Reader& reader, const Json& json) {
  Tally tally;
  tally.planned = reader.count(json, "planned");
  tally.right = reader.count(json, "right");
  tally.finished = reader.count(json, "finished");
  const auto& errors = reader.field(json, "errors");
  for (std::size_t cause = 0; cause < kCauses; ++cause) {
    tally.errors.at(cause) = reader.count(errors, std::string(name(static_cast<Cause>(cause))).c_str());
  }
  std::uint64_t sum = 0;
  const auto& statuses = reader.field(json, "statuses");
  if (!statuses.is_object() || statuses.size() > 1000) reader.fail("statuses");
  for (const auto& [text, unused] : statuses.items()) {
    int status = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), status);
    if (error != std::errc() || end != text.data() + text.size() || status < 100 || status > 999) {
      reader.fail("statuses");
      break;
    }
    tally.statuses[status] = reader.count(statuses, text.c_str());
    sum += tally.statuses[status];
  }
  tally.requests = reader.count(json, "requests");
  tally.bytes_received = reader.count(json, "bytes_received");
  tally.bytes_sent = reader.count(json, "bytes_sent");
  tally.corrected = reader.histogram(json, "corrected");
  tally.uncorrected = reader.histogram(json, "uncorrected");
  const auto of = [&](Cause cause) { return tally.errors.at(static_cast<std::size_t>(cause)); };
  const auto timed = tally.right + of(Cause::kTimeout);
  if (tally.planned != tally.right + tally.wrong()) reader.fail("planned");
  if (sum != of(Cause::kStatus)) reader.fail("statuses");
  if (tally.corrected.count() != timed + of(Cause::kUnsent)) reader.fail("corrected");
  if (tally.uncorrected.count() != timed) reader.fail("uncorrected");
  return tally;
}

Part read_part(Reader& reader, const Json& json) {
  Part part;
  part.id = reader.text(json, "id");
  if (part.id.size() != 32 || part.id.find_first_not_of("0123456789abcdef") != std::string::npos) reader.fail("id");
  part.started = reader.number(json, "started");
  part.seconds = reader.number(json, "seconds");
  const auto seed = reader.text(json, "seed");
  const auto [end, error] = std::from_chars(seed.data(), seed.data() + seed.size(), part.seed);
  if (error != std::errc() || end != seed.data() + seed.size()) reader.fail("seed");
  part.host = reader.text(json, "host");
  if (json.is_object() && json.contains("machine")) {
    const auto& machine = json.at("machine");
    part.machine = {reader.text(machine, "cpu"),
                    reader.text(machine, "governor"),
                    reader.text(machine, "virtualized"),
                    reader.text(machine, "kernel"),
                    static_cast<int>(std::min<std::uint64_t>(reader.count(machine, "cpus"), 1'000'000)),
                    reader.number(machine, "load")};
  }
  return part;
}

Knee read_knee(Reader& reader, const Json& json) {
  Knee knee;
  knee.rate = reader.number(json, "rate");
  knee.beyond = reader.number(json, "beyond");
  for (const auto& one : reader.list(json, "steps", 1000)) {
    KneeStep step;
    step.rate = reader.number(one, "rate");
    step.achieved = reader.number(one, "achieved");
    step.p99_ms = reader.number(one, "p99_ms");
    step.errors = reader.count(one, "errors");
    step.why = reader.text(one, "why");
    step.held = step.why.empty();
    knee.steps.push_back(std::move(step));
  }
  return knee;
}

void read_client(Reader& reader, const Json& json, Report& report) {
  report.lag = reader.histogram(json, "lag");
  report.waited = reader.count(json, "waited");
  report.reconnects = reader.count(json, "reconnects");
  report.cpu_seconds = reader.number(json, "cpu_seconds");
  report.thread_seconds = reader.number(json, "thread_seconds");
  if (const auto& calibration = reader.field(json, "calibration"); !calibration.is_null()) {
    report.calibration = Calibration{reader.number(calibration, "requests_per_second"),
                                     reader.number(calibration, "cpu_seconds_per_request")};
  }
  for (const auto& limit : reader.list(json, "limits", kMostLimits)) {
    if (!limit.is_string() || limit.get_ref<const std::string&>().size() > kLongestText) return reader.fail("limits");
    report.limits.push_back(bench::one_line(limit.get_ref<const std::string&>()));
  }
}

void read_plan(Reader& reader, const Json& json, Report& report) {
  report.rate = reader.number(json, "rate");
  report.duration = reader.number(json, "duration");
  report.warm_up = reader.number(json, "warm_up");
  report.time_limit = reader.number(json, "time_limit");
  report.blob_size = reader.count(json, "blob_size");
  report.connections = static_cast<unsigned>(std::min<std::uint64_t>(reader.count(json, "connections"), 1'000'000));
  report.threads = static_cast<unsigned>(std::min<std::uint64_t>(reader.count(json, "threads"), 1'000'000));
}

}  // namespace

tl::expected<Report, std::string> read_report(std::string_view json) {
  const auto broken = [](std::string_view why) { return tl::unexpected(fmt::format("no load.json of ours: {}", why)); };
  if (json.size() > oci::kLargestResult) return broken("it is too large");
  if (oci::is_deeper_than(json, oci::kDeepestJson)) return broken("it is too deep");
  const auto document = Json::parse(json, nullptr, false);
  if (!document.is_object()) return broken("not a JSON object");
  if (document.value("schema", Json()) != "referee.load/1") return broken("its schema is not referee.load/1");
  Reader reader;
  Report report;
  report.tool_version = reader.text(document, "tool_version");
  report.target = reader.text(document, "target");
  for (const auto& share : reader.list(document, "mix", kMostKinds)) {
    report.mix.emplace_back(reader.text(share, "kind"), static_cast<unsigned>(reader.count(share, "weight") & 0xffffU));
    if (report.mix.back().second == 0) reader.fail("weight");
  }
  read_plan(reader, reader.field(document, "plan"), report);
  for (const auto& part : reader.list(document, "parts", kMostParts)) report.parts.push_back(read_part(reader, part));
  report.seconds = reader.number(document, "seconds");
  for (const auto& one : reader.list(document, "operations", kMostKinds)) {
    const auto at = report.kinds.size();
    if (at >= report.mix.size() || reader.text(one, "kind") != report.mix[at].first) {
      reader.fail("operations");
      break;
    }
    report.kinds.push_back(read_tally(reader, one));
  }
  if (report.kinds.size() != report.mix.size() || report.mix.empty()) reader.fail("operations");
  if (report.parts.empty()) reader.fail("parts");
  read_client(reader, reader.field(document, "client"), report);
  if (const auto& knee = reader.field(document, "knee"); !knee.is_null()) report.knee = read_knee(reader, knee);
  if (!reader.wrong().empty()) return broken(reader.wrong());
  return report;
}

}  // namespace referee::load
