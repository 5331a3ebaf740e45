#include "growth.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <optional>

#include "growth_ground.hpp"

namespace referee::suites::benchmarks {
namespace {

using distribution::Options;
using http::Result;
using Clock = std::chrono::steady_clock;

/// What is asked once. Content is made before any clock starts.
struct Turn {
  const GrowthGround& ground;
  int count;              ///< images that are there
  std::string tag;        ///< of one of them
  oci::Package image;     ///< that one
  int serial;             ///< another number each time
  oci::Package extra;     ///< pushed and deleted: never one of those that are counted
  oci::Content blob;      ///< pushed, too
  oci::Package attached;  ///< a referrer to be pushed

  [[nodiscard]] distribution::Registry& registry() const { return ground.registry(); }
  [[nodiscard]] const std::string& repository() const { return ground.repository(); }
};

Turn turn_of(const GrowthGround& ground, int count, int at, int serial) {
  auto bytes = ground.random("extra blob", serial);
  return {ground, count, GrowthGround::tag(at), ground.image(at), serial,
          oci::ManifestBuilder()
              .config(ground.subject().blobs.front())
              .layer(ground.subject().blobs.back())
              .annotation("org.referee.serial", std::to_string(serial))
              .build(),
          oci::Content(std::string(oci::media_type::kOctetStream), bytes.bytes(256)),
          // Above the numbers of those that are counted.
          ground.referrer(10'000'000 + serial)};
}

/// Why the answer is not the right one; empty if it is.
using Verify = std::string;

struct Endpoint {
  const char* name;
  bool answer_grows;
  Result (*ask)(const Turn&);
  Verify (*verify)(const Turn&, const http::Response&);
};

Verify expect_status(const http::Response& answer, int status) {
  return answer.status == status ? "" : fmt::format("answered {} instead of {}", answer.status, status);
}
Verify expect_bytes(const http::Response& answer, const oci::Content& content) {
  if (auto wrong = expect_status(answer, 200); !wrong.empty()) return wrong;
  return answer.body == content.bytes() ? "" : "answered other bytes than were pushed";
}
Verify expect_head(const http::Response& answer, const oci::Content& content) {
  if (auto wrong = expect_status(answer, 200); !wrong.empty()) return wrong;
  return answer.header("Content-Length") == std::to_string(content.size()) ? ""
                                                                           : "named another length than was pushed";
}

/// How many entries the array of a JSON document has; nullopt if it has none.
std::optional<std::size_t> entries(const http::Response& answer, const char* array) {
  const auto document = nlohmann::json::parse(answer.body, nullptr, false);
  if (!document.is_object() || !document.contains(array) || !document[array].is_array()) return {};
  return document[array].size();
}
Verify expect_entries(const http::Response& answer, const char* array, std::size_t least, std::size_t most) {
  if (auto wrong = expect_status(answer, 200); !wrong.empty()) return wrong;
  const auto found = entries(answer, array);
  if (!found) return fmt::format("answered no list of {}", array);
  if (*found >= least && *found <= most) return "";
  return fmt::format("listed {} of {}", *found, least);
}

constexpr std::size_t kTagPage = 10;
Options tag_page(std::string last) {
  Options options;
  options.query.emplace_back("n", std::to_string(kTagPage));
  if (!last.empty()) options.query.emplace_back("last", std::move(last));
  return options;
}

const std::vector<Endpoint> kEndpoints{
    {"manifest by digest", false,
     [](const Turn& t) { return t.registry().get_manifest(t.repository(), t.image.digest().str()); },
     [](const Turn& t, const http::Response& answer) { return expect_bytes(answer, t.image.manifest); }},
    {"manifest by tag", false, [](const Turn& t) { return t.registry().get_manifest(t.repository(), t.tag); },
     [](const Turn& t, const http::Response& answer) { return expect_bytes(answer, t.image.manifest); }},
    {"HEAD of a manifest", false, [](const Turn& t) { return t.registry().head_manifest(t.repository(), t.tag); },
     [](const Turn& t, const http::Response& answer) { return expect_head(answer, t.image.manifest); }},
    {"blob", false,
     [](const Turn& t) { return t.registry().get_blob(t.repository(), t.image.blobs.back().digest().str()); },
     [](const Turn& t, const http::Response& answer) { return expect_bytes(answer, t.image.blobs.back()); }},
    {"HEAD of a blob", false,
     [](const Turn& t) { return t.registry().head_blob(t.repository(), t.image.blobs.back().digest().str()); },
     [](const Turn& t, const http::Response& answer) { return expect_head(answer, t.image.blobs.back()); }},
    {"referrers of another image", false,
     [](const Turn& t) { return t.registry().referrers(t.repository(), t.ground.lonely().digest().str()); },
     [](const Turn& /*t*/, const http::Response& answer) { return expect_entries(answer, "manifests", 1, 1); }},
    {"referrers, first page", true,
     [](const Turn& t) { return t.registry().referrers(t.repository(), t.ground.subject().digest().str()); },
     [](const Turn& t, const http::Response& answer) {
       const auto whole = static_cast<std::size_t>(t.count);
       // A page may hold fewer when there is another one.
       return expect_entries(answer, "manifests", answer.header("Link") ? 1 : whole,
                             whole + static_cast<std::size_t>(t.serial) + 1);
     }},
    {"first tags", false, [](const Turn& t) { return t.registry().list_tags(t.repository(), tag_page("")); },
     [](const Turn& /*t*/, const http::Response& answer) {
       return expect_entries(answer, "tags", kTagPage, kTagPage);
     }},
    {"tags from the middle", false,
     [](const Turn& t) { return t.registry().list_tags(t.repository(), tag_page(GrowthGround::tag(t.count / 2 - 1))); },
     [](const Turn& t, const http::Response& answer) {
       const auto rest = static_cast<std::size_t>(t.count - (t.count / 2));
       return expect_entries(answer, "tags", std::min(kTagPage, rest), kTagPage);
     }},
    {"push of a blob", false,
     [](const Turn& t) { return distribution::push_blob(t.registry(), t.repository(), t.blob); },
     [](const Turn& /*t*/, const http::Response& answer) { return expect_status(answer, 201); }},
    {"push of a manifest", false,
     [](const Turn& t) { return t.registry().put_manifest(t.repository(), t.extra.digest().str(), t.extra.manifest); },
     [](const Turn& /*t*/, const http::Response& answer) { return expect_status(answer, 201); }},
    {"delete of a manifest", false,
     [](const Turn& t) { return t.registry().delete_manifest(t.repository(), t.extra.digest().str()); },
     [](const Turn& /*t*/, const http::Response& answer) { return expect_status(answer, 202); }},
    {"push of a referrer", false,
     [](const Turn& t) {
       return t.registry().put_manifest(t.repository(), t.attached.digest().str(), t.attached.manifest);
     },
     [](const Turn& /*t*/, const http::Response& answer) { return expect_status(answer, 201); }},
};

/// Asks everything once; answers are compared after the clock has stopped.
void take_turn(const Turn& turn, GrowthReport& report, bool counted) {
  for (std::size_t at = 0; at < kEndpoints.size(); ++at) {
    auto& costs = report.endpoints[at];
    if (!costs.unmeasured.empty()) continue;
    const auto started = Clock::now();
    const auto answer = kEndpoints[at].ask(turn);
    const double seconds = std::chrono::duration<double>(Clock::now() - started).count();
    costs.unmeasured = answer ? kEndpoints[at].verify(turn, *answer) : answer.error().message;
    if (counted && costs.unmeasured.empty()) costs.seconds.back().push_back(seconds);
  }
}

void fit(GrowthReport& report) {
  for (auto& costs : report.endpoints) {
    std::vector<bench::Point> points;
    for (std::size_t at = 0; at < report.counts.size(); ++at) {
      for (const double seconds : costs.seconds[at])
        points.push_back({static_cast<double>(report.counts[at]), seconds});
    }
    costs.growth = bench::fit_growth(points);
  }
}

}  // namespace

tl::expected<GrowthReport, std::string> run_growth(distribution::Registry& registry, const GrowthOptions& options) {
  GrowthReport report;
  report.repository = options.repository;
  report.repetitions = options.repetitions;
  double load = 0;
  if (::getloadavg(&load, 1) == 1) report.load = load;
  for (const auto& endpoint : kEndpoints)
    report.endpoints.push_back({endpoint.name, "", endpoint.answer_grows, {}, {}});
  GrowthGround ground(registry, options.repository, options.seed);
  if (auto prepared = ground.prepare(); !prepared) return tl::unexpected(std::move(prepared.error()));
  const auto interrupted = [&] { return options.interrupted && options.interrupted(); };
  int there = 0;
  int serial = 0;
  for (const int count : options.counts) {
    const auto filled = ground.fill(there, count, options.writers, options.interrupted);
    if (!filled || interrupted()) {
      report.incomplete = filled ? "interrupted" : fmt::format("at most {} images: {}", count, filled.error());
      break;
    }
    there = count;
    if (options.progress) options.progress(fmt::format("{} images, tags and referrers", count));
    for (auto& costs : report.endpoints) costs.seconds.emplace_back();
    auto chance = ground.random("turns", count);
    // The first turn warms up.
    for (int turn = 0; turn <= options.repetitions && !interrupted(); ++turn, ++serial) {
      const auto at = static_cast<int>(chance.below(static_cast<std::uint64_t>(count)));
      take_turn(turn_of(ground, count, at, serial), report, turn > 0);
    }
    if (interrupted()) {
      for (auto& costs : report.endpoints) costs.seconds.pop_back();
      report.incomplete = "interrupted";
      break;
    }
    report.counts.push_back(count);
  }
  fit(report);
  return report;
}

bool GrowthReport::whole() const {
  return incomplete.empty() &&
         std::ranges::all_of(endpoints, [](const EndpointCosts& costs) { return costs.unmeasured.empty(); });
}

}  // namespace referee::suites::benchmarks
