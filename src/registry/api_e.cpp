// Proposal E: `referrers/<digest>` and `_oci/artifacts/referrers?digest=`.
#include "grammar.hpp"
#include "handlers.hpp"
#include "problem.hpp"
#include "referee/oci/media_types.hpp"

namespace referee::registry {

namespace {

/// The next page, in the path style in which this one was asked for.
std::string next_refers(const Request& request, std::string_view filter, std::string_view last) {
  const auto& [endpoint, repository, digest] = request.route;
  std::string next = "</v2/" + repository;
  next += request.style == PathStyle::kExtension ? "/_oci/artifacts/referrers?digest=" + percent_encode(digest) + "&"
                                                 : "/referrers/" + digest + "?";
  if (!filter.empty()) next += "artifactType=" + percent_encode(filter) + "&";
  return next.append("last=").append(last).append(">; rel=\"next\"");
}

}  // namespace

Response handle_refers(const Request& request, Core& core) {
  const auto& digest = request.route.reference;
  if (digest_form(digest) == DigestForm::kMalformed) {
    return problem(400, code::kDigestInvalid, "the digest is malformed");
  }
  // Of several filters one counts.
  const auto filter = request.query.get("artifactType").value_or("");
  const std::string last(request.query.get("last").value_or(""));

  Response response;
  response.headers.add("Content-Type", std::string(oci::media_type::kIndex));
  response.body = R"({"schemaVersion":2,"mediaType":")" + std::string(oci::media_type::kIndex) + R"(","manifests":[)";
  std::string tail = "]";
  if (!filter.empty() && !core.rules().filters_applied_key.empty()) {
    tail += R"(,"annotations":{")" + std::string(core.rules().filters_applied_key) + R"(":"artifactType"})";
  }
  tail += "}\n";
  const Manifest* previous = nullptr;
  const auto found = find_referrers(request, core, digest, last);
  for (const auto& manifest : found) {
    if (!filter.empty() && manifest->artifact_type != filter) continue;
    // At least one descriptor a page, however large: otherwise the walk would not end.
    const auto size = response.body.size() + 1 + manifest->descriptor.size() + tail.size();
    if (previous != nullptr && size > core.rules().features.referrers_page) {
      response.headers.add("Link", next_refers(request, filter, previous->digest));
      break;
    }
    if (previous != nullptr) response.body.push_back(',');
    response.body += manifest->descriptor;
    previous = manifest.get();
  }
  response.body += tail;
  return response;
}

}  // namespace referee::registry
