#include "route.hpp"

namespace referee::registry {

namespace {

/// Cuts the last path component off.
std::string_view pop_component(std::string_view& path) {
  const auto slash = path.rfind('/');
  const auto component = slash == std::string_view::npos ? path : path.substr(slash + 1);
  path = slash == std::string_view::npos ? std::string_view{} : path.substr(0, slash);
  return component;
}

bool pop_suffix(std::string_view& path, std::string_view suffix) {
  if (!path.ends_with(suffix) || path.size() == suffix.size()) return false;
  path.remove_suffix(suffix.size());
  return true;
}

/// Proposal C has manifests and what it adds below `/v3/`; all else stays below `/v2/`.
Route v3_route_of(std::string_view path) {
  if (path == "/v3/" || path == "/v3") return {Endpoint::kBase, {}, {}};
  path.remove_prefix(4);
  const auto reference = std::string(pop_component(path));
  if (pop_suffix(path, "/manifests")) return {Endpoint::kManifest, std::string(path), reference};
  if (pop_suffix(path, "/referrers")) return {Endpoint::kReferrers, std::string(path), reference};
  if (pop_suffix(path, "/reference")) return {Endpoint::kNodeReference, std::string(path), reference};
  if (pop_suffix(path, "/objects")) return {Endpoint::kNodeObjects, std::string(path), reference};
  if (pop_suffix(path, "/description")) return {Endpoint::kNodeDescription, std::string(path), reference};
  return {};
}

Route route_of(std::string_view path, const Query& query, PathStyle& style) {
  if (path == "/v2/" || path == "/v2") return {Endpoint::kBase, {}, {}};
  if (path == "/v3" || path.starts_with("/v3/")) {
    style = PathStyle::kV3;
    return v3_route_of(path);
  }
  if (!path.starts_with("/v2/")) return {};
  path.remove_prefix(4);
  if (path == "_oci/ext/discover" || pop_suffix(path, "/_oci/ext/discover")) {
    style = PathStyle::kExtension;
    return {Endpoint::kDiscover, path == "_oci/ext/discover" ? "" : std::string(path), {}};
  }
  if (pop_suffix(path, "/_oci/artifacts/referrers")) {
    style = PathStyle::kExtension;
    return {Endpoint::kReferrers, std::string(path), std::string(query.get("digest").value_or(""))};
  }
  if (pop_suffix(path, "/tags/list")) return {Endpoint::kTags, std::string(path), {}};
  if (pop_suffix(path, "/blobs/uploads/") || pop_suffix(path, "/blobs/uploads")) {
    return {Endpoint::kUploads, std::string(path), {}};
  }
  const auto reference = std::string(pop_component(path));
  if (pop_suffix(path, "/blobs/uploads")) return {Endpoint::kUpload, std::string(path), reference};
  if (pop_suffix(path, "/blobs")) return {Endpoint::kBlob, std::string(path), reference};
  if (pop_suffix(path, "/manifests")) return {Endpoint::kManifest, std::string(path), reference};
  if (pop_suffix(path, "/referrers")) return {Endpoint::kReferrers, std::string(path), reference};
  if (reference == "references") {
    // Never a tag named `references`: that was a manifest, above.
    auto target = std::string(pop_component(path));
    if (pop_suffix(path, "/manifests")) {
      style = PathStyle::kReferences;
      return {Endpoint::kReferrers, std::string(path), std::move(target)};
    }
  }
  return {};
}

}  // namespace

Method parse_method(std::string_view text) {
  if (text == "GET") return Method::kGet;
  if (text == "HEAD") return Method::kHead;
  if (text == "POST") return Method::kPost;
  if (text == "PUT") return Method::kPut;
  if (text == "PATCH") return Method::kPatch;
  if (text == "DELETE") return Method::kDelete;
  return Method::kOther;
}

std::optional<Target> parse_target(std::string_view target) {
  // Absolute form (RFC 9112, 3.2.2): the authority does not matter here.
  if (target.starts_with("http://")) {
    const auto slash = target.find('/', 7);
    target = slash == std::string_view::npos ? std::string_view("/") : target.substr(slash);
  }
  const auto question = target.find('?');
  auto path = percent_decode(target.substr(0, question));
  auto query = Query::parse(question == std::string_view::npos ? std::string_view{} : target.substr(question + 1));
  if (!path || !query) return std::nullopt;
  Target parsed;
  parsed.route = route_of(*path, *query, parsed.style);
  parsed.query = std::move(*query);
  return parsed;
}

bool is_served(Endpoint endpoint, PathStyle style, const Features& features) {
  switch (style) {
    case PathStyle::kDistribution:
      return endpoint != Endpoint::kReferrers || features.referrers || features.refers;
    case PathStyle::kExtension:
      return features.artifact_referrers || features.refers;
    case PathStyle::kReferences:
      return features.references;
    case PathStyle::kV3:
      return features.nodes;
  }
  return false;
}

std::string_view allowed_methods(Endpoint endpoint) {
  switch (endpoint) {
    case Endpoint::kBase:
    case Endpoint::kTags:
    case Endpoint::kReferrers:
    case Endpoint::kDiscover:
    case Endpoint::kNodeReference:
    case Endpoint::kNodeObjects:
    case Endpoint::kNodeDescription:
      return "GET, HEAD";
    case Endpoint::kBlob:
      return "GET, HEAD, DELETE";
    case Endpoint::kUploads:
      return "POST";
    case Endpoint::kUpload:
      return "GET, HEAD, PATCH, PUT, DELETE";
    case Endpoint::kManifest:
      return "GET, HEAD, PUT, DELETE";
    case Endpoint::kNone:
      break;
  }
  return "";
}

bool is_allowed(Endpoint endpoint, Method method) {
  static constexpr std::string_view kNames[] = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"};
  if (method == Method::kOther) return false;
  return allowed_methods(endpoint).find(kNames[static_cast<std::size_t>(method)]) != std::string_view::npos;
}

}  // namespace referee::registry
