// Proposal A: `GET /v2/<name>/_oci/artifacts/referrers?digest=`.
#include <algorithm>
#include <limits>

#include "byte_range.hpp"
#include "grammar.hpp"
#include "handlers.hpp"
#include "instant.hpp"
#include "problem.hpp"

namespace referee::registry {

namespace {

/// Where an artifact stands in the list: everything that the order looks at, so that a walk can go on behind an
/// artifact that was deleted meanwhile.
struct Place {
  std::string created;  ///< as it was written; empty if undated
  std::optional<Instant> instant;
  std::string digest;
};

Place place_of(std::string created, std::string digest) {
  auto instant = parse_date_time(created);
  if (!instant) created.clear();
  return {std::move(created), instant, std::move(digest)};
}

bool comes_before(const Place& left, const Place& right, ArtifactOrder order) {
  if (order != ArtifactOrder::kDigest && left.instant.has_value() != right.instant.has_value()) {
    return left.instant.has_value() != (order == ArtifactOrder::kUndatedFirst);
  }
  if (order == ArtifactOrder::kOldestFirst && left.instant != right.instant) return left.instant < right.instant;
  if (order == ArtifactOrder::kLexical && left.created != right.created) return left.created > right.created;
  const bool dated = order == ArtifactOrder::kNewestFirst || order == ArtifactOrder::kUndatedFirst;
  if (dated && left.instant != right.instant) return left.instant > right.instant;
  return left.digest < right.digest;
}

/// What an artifact page was asked for.
struct ArtifactQuery {
  std::string digest;
  std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
  std::string filter;
  std::optional<Place> after;
};

tl::expected<ArtifactQuery, Response> read_artifact_query(const Request& request) {
  ArtifactQuery query;
  query.digest = request.route.reference;
  if (digest_form(query.digest) == DigestForm::kMalformed) {
    return tl::unexpected(problem(400, code::kDigestInvalid, "the digest parameter is missing or malformed"));
  }
  // A page of nothing could not lead to the next.
  const auto n = request.query.get("n");
  if (n && (!parse_number(*n, query.most) || query.most == 0)) {
    return tl::unexpected(problem(400, code::kUnsupported, "n is not a positive number"));
  }
  query.filter = request.query.get("artifactType").value_or("");
  if (const auto after = request.query.get("after")) {
    query.after = place_of(std::string(request.query.get("created").value_or("")), std::string(*after));
  }
  return query;
}

std::string next_artifacts(const Request& request, const ArtifactQuery& query, const Place& last) {
  std::string next = "</v2/" + request.route.repository + "/_oci/artifacts/referrers?digest=" + query.digest;
  if (const auto n = request.query.get("n")) next += "&n=" + percent_encode(*n);
  if (!query.filter.empty()) next += "&artifactType=" + percent_encode(query.filter);
  if (!last.created.empty()) next += "&created=" + percent_encode(last.created);
  return next + "&after=" + last.digest + ">; rel=\"next\"";
}

}  // namespace

Response handle_artifact_referrers(const Request& request, Core& core) {
  const auto query = read_artifact_query(request);
  if (!query) return query.error();
  const auto order = core.rules().artifact_order;
  const auto& after = query->after;
  struct Entry {
    Place place;
    ManifestPtr manifest;
  };
  std::vector<Entry> entries;
  for (auto& manifest : find_referrers(request, core, query->digest)) {
    if (!query->filter.empty() && manifest->artifact_type != query->filter) continue;
    auto place = place_of(manifest->created, manifest->digest);
    if (after && !comes_before(*after, place, order)) continue;
    entries.push_back({std::move(place), std::move(manifest)});
  }
  std::ranges::sort(
      entries, [&](const Entry& left, const Entry& right) { return comes_before(left.place, right.place, order); });

  Response response;
  response.headers.add("Content-Type", "application/json");
  response.body = R"({"referrers":[)";
  const auto limit = core.rules().features.referrers_page;
  std::uint64_t listed = 0;
  for (const auto& [place, manifest] : entries) {
    const bool full = listed >= query->most || response.body.size() + manifest->descriptor.size() + 4 > limit;
    if (listed > 0 && full) {
      response.headers.add("Link", next_artifacts(request, *query, entries[listed - 1].place));
      break;
    }
    if (listed > 0) response.body.push_back(',');
    response.body += manifest->descriptor;
    ++listed;
  }
  response.body += "]}\n";
  return response;
}

}  // namespace referee::registry
