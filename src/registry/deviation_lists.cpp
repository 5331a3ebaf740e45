// Tools of deviations that read pushed manifests and rewrite lists.
#include <nlohmann/json.hpp>
#include <sstream>

#include "deviation_tools.hpp"
#include "manifest_document.hpp"

namespace referee::registry {

using Json = nlohmann::ordered_json;

std::vector<std::string> note_lines(Core& core, const std::string& key) {
  std::vector<std::string> lines;
  std::istringstream text(core.recall(key).value_or(""));
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  return lines;
}

void add_note(Core& core, const std::string& key, const std::string& value) {
  core.remember(key, core.recall(key).value_or("") + value + "\n");
}

nlohmann::json pushed_manifest(const Request& request) {
  if (!on(request, Method::kPut, Endpoint::kManifest) || is_deeper_than(request.body, kDeepestJson)) {
    // NOLINTNEXTLINE(modernize-return-braced-init-list): braces would make an array of it
    return nlohmann::json(nlohmann::json::value_t::discarded);
  }
  return nlohmann::json::parse(request.body, nullptr, false);
}

bool pushes_index(const Request& request) {
  const auto type = request.headers.value("Content-Type");
  return on(request, Method::kPut, Endpoint::kManifest) &&
         (type.find("image.index") != std::string_view::npos || type.find("manifest.list") != std::string_view::npos);
}

void force_store(const Request& request, Core& core, const std::string& digest) {
  const auto type = request.headers.value("Content-Type");
  auto options = parse_options(core.rules());
  options.check_media_type = false;
  auto document = parse_manifest(request.body, type, options);
  if (!document) {
    document = ManifestDocument{};
    document->media_type = type;
  }
  (void)core.store().put_manifest(request.route.repository, describe(*document, digest, request.body.size()),
                                  request.body, {}, {});
}

std::vector<std::string> all_tags(Core& core, const std::string& repository) {
  auto page = core.store().tags(repository, "", UINT64_MAX);
  return page ? std::move(page->tags) : std::vector<std::string>{};
}

bool is_tagged(Core& core, const std::string& repository, const std::string& digest) {
  const auto tags = all_tags(core, repository);
  return std::ranges::any_of(tags, [&](const std::string& tag) {
    const auto manifest = core.store().find_manifest(repository, tag);
    return manifest && manifest->digest == digest;
  });
}

namespace {

/// Proposals A and C have `referrers` where an index has `manifests`.
const char* list_key(Endpoint endpoint, const Json& root) {
  if (endpoint == Endpoint::kTags) return "tags";
  return root.contains("referrers") ? "referrers" : "manifests";
}

}  // namespace

std::optional<Json> list_of(const Request& request, const Response& response, Endpoint endpoint) {
  if (!lists(request, response, endpoint)) return std::nullopt;
  const auto root = Json::parse(response.body, nullptr, false);
  if (!root.is_object() || !root.contains(list_key(endpoint, root))) return std::nullopt;
  return root[list_key(endpoint, root)];
}

void set_list(Response& response, Endpoint endpoint, Json list) {
  auto root = Json::parse(response.body, nullptr, false);
  root[list_key(endpoint, root)] = std::move(list);
  response.body = root.dump();
}

std::string link_target(const Response& response) {
  const auto link = response.headers.value("Link");
  const auto end = link.find('>');
  return link.starts_with('<') && end != std::string_view::npos ? std::string(link.substr(1, end - 1)) : std::string{};
}

void set_link(Response& response, const std::string& target) {
  response.headers.set("Link", "<" + target + ">; rel=\"next\"");
}

std::string without_parameter(const std::string& target, std::string_view name) {
  const auto question = target.find('?');
  if (question == std::string::npos) return target;
  std::string kept;
  std::istringstream query(target.substr(question + 1));
  for (std::string part; std::getline(query, part, '&');) {
    if (!part.starts_with(std::string(name) + "=")) kept += (kept.empty() ? "" : "&") + part;
  }
  return target.substr(0, question) + (kept.empty() ? "" : "?" + kept);
}

}  // namespace referee::registry
