#include <fmt/format.h>

#include "json_fields.hpp"
#include "referee/bench/growth.hpp"
#include "referee/bench/statistics.hpp"

/// growth.json as a result: a line for each kind of request, its law, and what grows faster than it should.
namespace referee::bench {
namespace {

struct GrowthParts {
  Chart chart{"Time of a request", "images, tags and referrers", "median, seconds", true, true, {}, ""};
  Table laws{"How requests grow with the number of images, tags and referrers; base in ms",
             {"request", "law", "base", "off by", "exponent", ""},
             {}};
  Table missing{"Not measured", {"request", "why"}, {}};
  std::string worse;
};

tl::expected<void, std::string> add_endpoint(const nlohmann::json& endpoint, GrowthParts& parts) {
  if (!endpoint.is_object()) return tl::unexpected(std::string("an endpoint is no object"));
  const auto name = fields::text(endpoint, "endpoint");
  if (name.empty()) return tl::unexpected(std::string("an endpoint has no name"));
  if (const auto why = fields::text(endpoint, "unmeasured"); !why.empty()) {
    parts.missing.rows.push_back({name, why});
    return {};
  }
  Series series{name, {}, ""};
  for (const auto& times : fields::list(endpoint, "times")) {
    if (!times.is_object()) return tl::unexpected(std::string("times are no object"));
    std::vector<double> seconds;
    for (const auto& one : fields::list(times, "seconds")) {
      if (!one.is_number()) return tl::unexpected(fmt::format("{} has a time that is none", name));
      seconds.push_back(one.get<double>());
    }
    if (!seconds.empty()) series.points.emplace_back(fields::number(times, "count"), median(seconds));
  }
  const auto flag = [&](const char* key) {
    const auto found = endpoint.find(key);
    return found != endpoint.end() && found->is_boolean() && found->get<bool>();
  };
  const auto& law = fields::object(endpoint, "law");
  if (const auto law_name = fields::text(law, "name"); !law_name.empty()) {
    const double exponent = fields::number(law, "exponent");
    series.note = fmt::format("n^{:.2f}", exponent);
    parts.laws.rows.push_back({name, law_name, fmt::format("{:.2f}", fields::number(law, "base") * 1000),
                               fmt::format("{:.0f} %", fields::number(law, "error") * 100),
                               fmt::format("{:.2f}", exponent), flag("answer_grows") ? "the answer grows, too" : ""});
    if (flag("worse_than_logarithmic")) {
      parts.worse +=
          fmt::format("{}{} ({}, exponent {:.2f})", parts.worse.empty() ? "" : ", ", name, law_name, exponent);
    }
  }
  parts.chart.series.push_back(std::move(series));
  return {};
}

}  // namespace

tl::expected<std::vector<Result>, std::string> fields::read_growth(const nlohmann::json& document) {
  const auto& endpoints = list(document, "endpoints");
  if (!endpoints.is_array()) return tl::unexpected(std::string("`endpoints` is no list"));
  GrowthParts parts;
  for (const auto& endpoint : endpoints) {
    if (auto added = add_endpoint(endpoint, parts); !added) return tl::unexpected(added.error());
  }
  Result result;
  result.scenario = "growth";
  result.about =
      "What one request costs as a repository fills with images, tags and referrers. Beside each name stands by which "
      "power "
      "of their number n the time grows between the largest of them: n^1 doubles with it, n^0 stays the same.";
  result.target = text(document, "target");
  result.tool_version = text(document, "tool_version");
  result.seed = seed(text(document, "seed"));
  result.started = number(document, "started");
  result.seconds = number(document, "seconds");
  result.incomplete = text(document, "incomplete");
  result.host = host(object(document, "host"));
  if (!parts.worse.empty()) {
    result.findings.push_back(
        fmt::format("Worse than logarithmic, though the answer stays the same: {}.", parts.worse));
  } else {
    result.findings.emplace_back(parts.laws.rows.empty()
                                     ? "Too little was measured to tell how costs grow."
                                     : "Nothing whose answer stays the same grows worse than logarithmically.");
  }
  if (!parts.laws.rows.empty()) result.tables.push_back(std::move(parts.laws));
  if (!parts.missing.rows.empty()) result.tables.push_back(std::move(parts.missing));
  if (!parts.chart.series.empty()) result.charts.push_back(std::move(parts.chart));
  return std::vector<Result>{std::move(result)};
}

}  // namespace referee::bench
