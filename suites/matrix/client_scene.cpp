#include "client_scene.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <thread>

#include "referee/oci/json_depth.hpp"

namespace referee::suites::clients {
namespace {

/// What is asked of the reference registry itself: never more than this.
constexpr int kMostPages = 64;
/// An answer that nobody reads any more, because the client was ended, may take until its connection is noticed lost.
constexpr std::chrono::seconds kMostSettling{5};
constexpr std::chrono::milliseconds kSettlePause{1};

nlohmann::json parsed_answer(const http::Result& answer) {
  if (!answer || answer->status != 200 || oci::is_deeper_than(answer->body, oci::kDeepestJson)) return {};
  return nlohmann::json::parse(answer->body, nullptr, false);
}

std::shared_ptr<const http::CredentialStore> credentials_for(const Scene& scene, std::uint16_t port) {
  if (!scene.auth || scene.auth->username.empty()) return nullptr;
  return http::fixed_credential(fmt::format("127.0.0.1:{}", port), {scene.auth->username, scene.auth->password, ""});
}

}  // namespace

const oci::Content& Scenery::part(std::string_view label) const {
  static const oci::Content kNothing("", "");
  const auto found = parts.find(std::string(label));
  return found == parts.end() ? kNothing : found->second;
}

tl::expected<std::unique_ptr<Ground>, std::string> Ground::make(const Scene& scene, const Scenery& scenery,
                                                                std::uint16_t port) {
  std::unique_ptr<Ground> ground(new Ground);
  ground->repository_ = scenery.repository;
  registry::ServerOptions options;
  options.port = port;
  options.profile = scene.profile;
  options.deviations = scene.deviations;
  options.auth = scene.auth;
  options.access_log = [raw = ground.get()](const registry::AccessRecord& record) {
    const std::scoped_lock lock(raw->mutex_);
    if (!raw->closed_) raw->records_.push_back(record);
  };
  auto server = registry::Server::start(options);
  if (!server) return tl::unexpected(server.error());
  ground->server_ = std::move(*server);
  http::ClientOptions eye;
  eye.credentials = credentials_for(scene, ground->port());
  ground->eye_ =
      std::make_unique<distribution::Registry>(std::make_shared<http::Client>(std::move(eye)), ground->server_->url());
  if (const auto pushed = ground->push(scenery); !pushed) return tl::unexpected(pushed.error());
  ground->settle();
  const std::scoped_lock lock(ground->mutex_);
  ground->records_.clear();
  return ground;
}

tl::expected<void, std::string> Ground::push(const Scenery& scenery) {
  for (const auto& item : scenery.items) {
    const auto result = item.is_blob ? distribution::push_blob(*eye_, repository_, item.content)
                                     : eye_->put_manifest(repository_, item.reference, item.content);
    const auto what = item.is_blob ? item.content.digest().str() : item.reference;
    if (!result) return tl::unexpected(fmt::format("{} cannot be pushed: {}", what, result.error().message));
    if (result->status != 201) {
      return tl::unexpected(fmt::format("{} cannot be pushed: the answer is {}", what, result->status));
    }
  }
  return {};
}

std::size_t Ground::requests() {
  const std::scoped_lock lock(mutex_);
  return records_.size();
}

void Ground::settle() const {
  const auto end = std::chrono::steady_clock::now() + kMostSettling;
  while (server_->pending() > 0 && std::chrono::steady_clock::now() < end) std::this_thread::sleep_for(kSettlePause);
}

std::vector<registry::AccessRecord> Ground::traffic() {
  settle();
  const std::scoped_lock lock(mutex_);
  closed_ = true;
  // A record is written once its answer was sent: a short answer may overtake a long one.
  std::ranges::stable_sort(records_, {}, &registry::AccessRecord::started);
  return records_;
}

std::optional<oci::Content> Ground::manifest(const std::string& reference, const std::string& repository) {
  const auto answer = eye_->get_manifest(repository.empty() ? repository_ : repository, reference);
  if (!answer || answer->status != 200) return std::nullopt;
  return oci::Content(answer->header("Content-Type").value_or(""), answer->body);
}

std::vector<std::string> Ground::tags() {
  std::vector<std::string> names;
  const auto walk = distribution::walk_pages(*eye_, eye_->list_tags(repository_), {}, kMostPages);
  if (!walk) return names;
  for (const auto& page : walk->pages) {
    const auto json = parsed_answer(page.response);
    if (!json.is_object() || !json.contains("tags") || !json["tags"].is_array()) continue;
    for (const auto& tag : json["tags"]) names.push_back(tag.is_string() ? tag.get<std::string>() : std::string());
  }
  return names;
}

std::vector<std::string> Ground::referrers(const std::string& digest, const std::string& repository) {
  std::vector<std::string> digests;
  const auto& where = repository.empty() ? repository_ : repository;
  const auto walk = distribution::walk_pages(*eye_, eye_->referrers(where, digest), {}, kMostPages);
  if (!walk) return digests;
  for (const auto& page : walk->pages) {
    const auto json = parsed_answer(page.response);
    if (!json.is_object() || !json.contains("manifests") || !json["manifests"].is_array()) continue;
    for (const auto& entry : json["manifests"]) {
      const auto descriptor = oci::descriptor_from_json(entry);
      if (descriptor) digests.push_back(descriptor->digest);
    }
  }
  return digests;
}

}  // namespace referee::suites::clients
