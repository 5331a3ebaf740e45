#include "referee/bench/samples.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>

#include "referee/bench/one_line.hpp"
#include "referee/oci/json_depth.hpp"
#include "referee/oci/limits.hpp"

namespace referee::bench {
namespace {

using Failure = tl::unexpected<std::string>;

std::string text(const nlohmann::json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? one_line(found->get_ref<const std::string&>()) : std::string();
}

/// A number as it stands, a text without its quotes; nothing of lists and objects.
std::optional<std::string> plain(const nlohmann::json& value) {
  if (value.is_string()) return one_line(value.get_ref<const std::string&>());
  if (value.is_number() || value.is_boolean()) return value.dump();
  return std::nullopt;
}

std::optional<double> seconds_of(const nlohmann::json& run) {
  static const std::map<std::string, double> kUnits{{"ns", 1e-9}, {"us", 1e-6}, {"ms", 1e-3}, {"s", 1}};
  const auto unit = kUnits.find(text(run, "time_unit"));
  const auto time = run.find("real_time");
  if (unit == kUnits.end() || time == run.end() || !time->is_number()) return std::nullopt;
  return time->get<double>() * unit->second;
}

/// As `referee bench` calls it, without what Google Benchmark adds to say how it took the time.
std::string short_name(std::string name) {
  constexpr std::string_view kAdded = "/manual_time";
  if (name.size() > kAdded.size() && name.ends_with(kAdded)) name.resize(name.size() - kAdded.size());
  return name;
}

class Reading {
 public:
  tl::expected<SampleFile, std::string> google(const nlohmann::json& document) {
    if (const auto context = document.find("context"); context != document.end() && context->is_object()) {
      for (const auto& [key, value] : context->items()) {
        if (auto known = plain(value)) file_.context.emplace(key, std::move(*known));
      }
    }
    for (const auto& run : document["benchmarks"]) {
      if (!run.is_object()) return Failure("a benchmark is no object");
      if (text(run, "run_type") == "aggregate") continue;
      auto name = text(run, "run_name");
      if (name.empty()) name = text(run, "name");
      if (name.empty()) return Failure("a benchmark has no name");
      name = short_name(std::move(name));
      if (run.contains("error_occurred")) {
        wrong(name);
        continue;
      }
      const auto seconds = seconds_of(run);
      if (!seconds || !std::isfinite(*seconds) || *seconds < 0) {
        return Failure(fmt::format("the benchmark {} has no time", name));
      }
      add(name, *seconds);
    }
    return finish();
  }

  tl::expected<SampleFile, std::string> growth(const nlohmann::json& document) {
    for (const char* key : {"target", "seed", "tool_version"}) file_.context.emplace(key, text(document, key));
    if (!document.contains("endpoints") || !document["endpoints"].is_array()) return Failure("`endpoints` is no list");
    for (const auto& endpoint : document["endpoints"]) {
      if (!endpoint.is_object() || !endpoint.contains("times") || !endpoint["times"].is_array()) {
        return Failure("an endpoint has no times");
      }
      if (!text(endpoint, "unmeasured").empty()) wrong(text(endpoint, "endpoint"));
      for (const auto& times : endpoint["times"]) {
        if (!times.is_object() || !times.contains("count") || !times["count"].is_number_integer() ||
            !times.contains("seconds") || !times["seconds"].is_array()) {
          return Failure("times without a count and seconds");
        }
        const auto name = fmt::format("growth/{}/n:{}", text(endpoint, "endpoint"), times["count"].get<std::int64_t>());
        if (auto added = add_all(name, times["seconds"]); !added) return tl::unexpected(added.error());
      }
    }
    return finish();
  }

  /// A scenario: what is measured in seconds.
  tl::expected<SampleFile, std::string> scenario(const nlohmann::json& document) {
    for (const char* key : {"target", "seed", "tool_version"}) file_.context.emplace(key, text(document, key));
    if (!document.contains("samples") || !document["samples"].is_array()) return Failure("`samples` is no list");
    for (const auto& samples : document["samples"]) {
      if (!samples.is_object() || !samples.contains("values") || !samples["values"].is_array()) {
        return Failure("samples without values");
      }
      if (text(samples, "unit") != "s") continue;
      if (auto added = add_all(text(samples, "name"), samples["values"]); !added) return tl::unexpected(added.error());
    }
    return finish();
  }

 private:
  void add(const std::string& name, double seconds) {
    const auto [known, fresh] = places_.emplace(name, file_.samples.size());
    if (fresh) file_.samples.push_back({name, {}});
    file_.samples[known->second].seconds.push_back(seconds);
  }
  tl::expected<void, std::string> add_all(const std::string& name, const nlohmann::json& seconds) {
    for (const auto& one : seconds) {
      if (!one.is_number() || one.get<double>() < 0) return Failure(fmt::format("{} has a time that is none", name));
      add(name, one.get<double>());
    }
    return {};
  }
  void wrong(const std::string& name) {
    if (std::ranges::find(file_.wrong, name) == file_.wrong.end()) file_.wrong.push_back(name);
  }
  /// A benchmark of which one repetition was wrong does not count at all.
  tl::expected<SampleFile, std::string> finish() {
    std::erase_if(file_.samples, [&](const Samples& samples) {
      return std::ranges::find(file_.wrong, samples.name) != file_.wrong.end();
    });
    return std::move(file_);
  }

  SampleFile file_;
  std::map<std::string, std::size_t> places_;
};

}  // namespace

tl::expected<SampleFile, std::string> read_samples(std::string_view json) {
  if (json.size() > oci::kLargestResult) return Failure(fmt::format("it is larger than {} bytes", oci::kLargestResult));
  if (oci::is_deeper_than(json, oci::kDeepestJson)) return Failure("it is nested too deeply");
  const auto document = nlohmann::json::parse(json, nullptr, false);
  if (!document.is_object()) return Failure("it is no JSON object");
  if (document.contains("benchmarks") && document["benchmarks"].is_array()) return Reading().google(document);
  if (text(document, "schema") == "referee.growth/1") return Reading().growth(document);
  if (text(document, "schema") == "referee.benchmark/1") return Reading().scenario(document);
  return Failure("it is neither Google Benchmark's JSON nor a file of `referee bench`");
}

}  // namespace referee::bench
