#include "rebuild_report.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "referee/bench/statistics.hpp"

namespace referee::suites::benchmarks {
namespace {

/// Of a manifest, in most registries (claims: hard limits).
constexpr double kManifestLimit = 4.0 * 1024 * 1024;

bench::Chart chart_of(const RebuildSizes& sizes, const char* what, const char* unit) {
  return {what, "builds", unit, true, true, {}, fmt::format("{} images", sizes.images)};
}

}  // namespace

RebuildReport::RebuildReport(Account& account, const RebuildSizes& sizes)
    : account_(account),
      sizes_(sizes),
      found_(chart_of(sizes, "Signatures on the image that never changes", "signatures")),
      tags_(chart_of(sizes, "Tags in the repository", "tags")),
      stored_(chart_of(sizes, "Stored for attachments and lists", "bytes")),
      list_(chart_of(sizes, "One discovery on the image that never changes", "bytes")),
      newest_(chart_of(sizes, "Verification of its newest signature", "median, seconds")),
      all_(chart_of(sizes, "Verification of all its signatures", "median, seconds")) {}

RebuildReport::Row& RebuildReport::row(const Contender& contender) {
  auto found = std::ranges::find_if(rows_, [&](const Row& one) { return one.contender.name == contender.name; });
  if (found == rows_.end()) found = rows_.insert(found, Row{contender, {}, {}, ""});
  return *found;
}

void RebuildReport::add(const Contender& contender, const RebuildPoint& point) {
  auto& of = row(contender);
  if (of.first.builds == 0) of.first = point;
  of.last = point;
  const auto builds = static_cast<double>(point.builds);
  const auto& name = contender.name;
  Account::point(found_, name, builds, static_cast<double>(point.found));
  Account::point(tags_, name, builds, static_cast<double>(point.tags));
  Account::point(stored_, name, builds, static_cast<double>(point.stored));
  Account::point(list_, name, builds, static_cast<double>(point.list_bytes));
  Account::point(newest_, name, builds, bench::median(point.newest));
  Account::point(all_, name, builds, bench::median(point.all));
  const auto prefix = fmt::format("rebuild/{}/images:{}/builds:{}/", name, sizes_.images, point.builds);
  account_.sample(prefix + "tags", "1", {static_cast<double>(point.tags)});
  account_.sample(prefix + "stored", "B", {static_cast<double>(point.stored)});
  account_.sample(prefix + "list", "B", {static_cast<double>(point.list_bytes)});
  account_.sample(prefix + "verify-newest", "s", point.newest);
  account_.sample(prefix + "verify-all", "s", point.all);
}

void RebuildReport::limit(const Contender& contender, std::size_t build, const std::string& message) {
  row(contender).limit = fmt::format("build {}: {}", build, message);
}

void RebuildReport::close() {
  bench::Table table{fmt::format("{} images, one changes in each build, all are signed again; the image that never "
                                 "changes; times in ms",
                                 sizes_.images),
                     {"variant", "builds", "signatures", "tags", "stored bytes", "superseded", "list bytes",
                      "newest: requests", "newest: time", "all: requests", "all: time", "limit"},
                     {}};
  bench::Table laws{fmt::format("Growth with the number of builds, {} images; bytes and seconds", sizes_.images),
                    {"variant", "tags", "stored bytes", "list bytes", "time, newest", "time, all"},
                    {}};
  for (const auto& one : rows_) {
    const auto& last = one.last;
    const auto& name = one.contender.name;
    table.rows.push_back({name, std::to_string(last.builds), std::to_string(last.found), std::to_string(last.tags),
                          std::to_string(last.stored), std::to_string(last.superseded), std::to_string(last.list_bytes),
                          std::to_string(last.newest_requests), in_milliseconds(last.newest, 0.5),
                          std::to_string(last.all_requests), in_milliseconds(last.all, 0.5),
                          one.limit.empty() ? "none met" : one.limit});
    laws.rows.push_back({name, law_of(tags_, name), law_of(stored_, name), law_of(list_, name), law_of(newest_, name),
                         law_of(all_, name)});
  }
  find();
  account_.result.tables.push_back(std::move(table));
  account_.result.tables.push_back(std::move(laws));
  for (auto* chart : {&stored_, &list_, &found_, &all_, &newest_, &tags_})
    account_.result.charts.push_back(std::move(*chart));
}

void RebuildReport::find() {
  auto& findings = account_.result.findings;
  const auto last = static_cast<double>(sizes_.builds);
  const auto compare = [&](const bench::Chart& chart, std::string_view what) {
    const auto found = extremes(chart, last);
    if (found.low == found.high) return;
    findings.push_back(fmt::format("{} images, {} builds: {} takes {} ms with {} and {} ms with {}, medians.",
                                   sizes_.images, last, what, in_milliseconds(found.low_value), found.low,
                                   in_milliseconds(found.high_value), found.high));
  };
  compare(all_, fmt::format("to verify all {} signatures of the image that never changed", last));
  compare(newest_, "to verify its newest signature alone");
  std::string dead;
  std::string tags;
  std::string limits;
  const auto add = [](std::string& list, const std::string& text) { list += (list.empty() ? "" : ", ") + text; };
  for (const auto& one : rows_) {
    const auto& at = one.last;
    if (at.superseded > 0)
      add(dead, fmt::format("{} {:.0f} %", one.contender.name,
                            static_cast<double>(at.superseded) * 100 / static_cast<double>(at.stored)));
    if (at.tags > sizes_.images) add(tags, fmt::format("{} {}", one.contender.name, at.tags - sizes_.images));
    if (!one.limit.empty()) {
      findings.push_back(
          fmt::format("{} met a limit with {} images, {}.", one.contender.name, sizes_.images, one.limit));
    } else if (shares_document(*one.contender.variant) && at.builds > one.first.builds) {
      const auto each =
          static_cast<double>(at.document - one.first.document) / static_cast<double>(at.builds - one.first.builds);
      if (each > 0) {
        const double room = kManifestLimit - static_cast<double>(at.document);
        add(limits, fmt::format("{} {:.0f} ({:.0f} bytes each)", one.contender.name,
                                static_cast<double>(at.builds) + room / each, each));
      }
    }
  }
  if (!dead.empty())
    findings.push_back(fmt::format("Of what {} builds stored, lists that are read no more make up: {}.", last, dead));
  if (!tags.empty()) findings.push_back(fmt::format("Tags beside those of the {} images: {}.", sizes_.images, tags));
  if (!limits.empty()) {
    findings.push_back(
        "If lists go on to grow as they did, a manifest of 4 MiB is full at build (extrapolated): " + limits + ".");
  }
}

}  // namespace referee::suites::benchmarks
