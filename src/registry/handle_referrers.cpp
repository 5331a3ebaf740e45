#include <algorithm>
#include <chrono>

#include "grammar.hpp"
#include "handlers.hpp"
#include "problem.hpp"
#include "referee/oci/media_types.hpp"

namespace referee::registry {

namespace {

constexpr std::string_view kHead =
    R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[)";
constexpr std::string_view kTail = "]}\n";

std::string link_after(const Request& request, const std::vector<std::string>& filters, std::string_view last) {
  std::string link = "<" + path_to(request.route.repository, "referrers", request.route.reference) + "?";
  for (const auto& filter : filters) link += "artifactType=" + percent_encode(filter) + "&";
  return link + "last=" + std::string(last) + ">; rel=\"next\"";
}

}  // namespace

std::vector<ManifestPtr> find_referrers(const Request& request, Core& core, const std::string& digest,
                                        const std::string& last) {
  const auto& repository = request.route.repository;
  const auto& rules = core.rules();
  auto found = core.store().referrers(repository, digest, last);
  if (rules.referrers_across_repositories) {
    for (const auto& other : core.store().repositories()) {
      if (other == repository) continue;
      for (auto& manifest : core.store().referrers(other, digest, last)) found.push_back(std::move(manifest));
    }
    std::ranges::sort(found, {}, &Manifest::digest);
  }
  if (const auto lag = rules.referrers_lag; lag.count() > 0) {
    const auto newest = std::chrono::steady_clock::now() - lag;
    std::erase_if(found, [&](const ManifestPtr& manifest) { return manifest->pushed > newest; });
  }
  // Another profile may have read the same manifests by another field.
  const auto link = parse_options(rules).link;
  std::erase_if(found, [&](const ManifestPtr& manifest) { return manifest->link != link; });
  return found;
}

Response handle_referrers(const Request& request, Core& core) {
  const auto& features = core.rules().features;
  if (request.style == PathStyle::kReferences) return handle_references(request, core);
  if (request.style == PathStyle::kV3) return handle_node_referrers(request, core);
  if (features.artifact_referrers) return handle_artifact_referrers(request, core);
  if (features.refers) return handle_refers(request, core);
  if (digest_form(request.route.reference) == DigestForm::kMalformed) {
    return problem(400, code::kDigestInvalid, "the digest is malformed");
  }
  auto filters = request.query.all("artifactType");
  std::erase(filters, "");

  Response response;
  response.headers.add("Content-Type", std::string(oci::media_type::kIndex));
  if (!filters.empty()) response.headers.add("OCI-Filters-Applied", "artifactType");
  response.body = kHead;
  const auto limit = core.rules().features.referrers_page;
  const Manifest* previous = nullptr;
  const std::string last(request.query.get("last").value_or(""));
  const auto found = find_referrers(request, core, request.route.reference, last);
  for (const auto& manifest : found) {
    if (!filters.empty() && std::ranges::find(filters, manifest->artifact_type) == filters.end()) continue;
    // At least one descriptor a page, however large: otherwise the walk would not end.
    if (previous != nullptr && response.body.size() + 1 + manifest->descriptor.size() + kTail.size() > limit) {
      response.headers.add("Link", link_after(request, filters, previous->digest));
      break;
    }
    if (previous != nullptr) response.body.push_back(',');
    response.body += manifest->descriptor;
    previous = manifest.get();
  }
  response.body += kTail;
  return response;
}

}  // namespace referee::registry
