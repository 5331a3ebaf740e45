#include "stage.hpp"

#include <fmt/format.h>

#include "referee/distribution/registry.hpp"

namespace referee::suites::matrix {
namespace {

constexpr std::string_view kTag = "v1";

std::string repository_of(const Shape& shape) {
  return "referee/" + shape.id;
}

tl::expected<void, std::string> push(distribution::Registry& registry, const Shape& shape) {
  const auto repository = repository_of(shape);
  for (const auto& part : shape.parts) {
    if (!part.pushed) continue;
    const auto digest = part.content.digest().str();
    const auto result = part.is_blob ? distribution::push_blob(registry, repository, part.content)
                                     : registry.put_manifest(repository, digest, part.content);
    if (!result) return tl::unexpected(fmt::format("{}: {}", shape.id, result.error().message));
    if (result->status != 201) return tl::unexpected(fmt::format("{}: {} for {}", shape.id, result->status, digest));
  }
  const auto tagged = registry.put_manifest(repository, kTag, shape.root());
  if (!tagged || tagged->status != 201) return tl::unexpected(shape.id + ": the tag cannot be set");
  return {};
}

}  // namespace

tl::expected<void, std::string> push_shapes(const std::string& url, const std::vector<Shape>& shapes) {
  distribution::Registry registry(std::make_shared<http::Client>(http::ClientOptions{}), url);
  for (const auto& shape : shapes) {
    if (const auto pushed = push(registry, shape); !pushed) return tl::unexpected(pushed.error());
  }
  return {};
}

tl::expected<std::unique_ptr<Stage>, std::string> Stage::set(const std::vector<Shape>& shapes) {
  std::unique_ptr<Stage> stage(new Stage);
  registry::ServerOptions options;
  options.manifest_limit = kContentLimit;
  options.access_log = [raw = stage.get()](const registry::AccessRecord& record) {
    const std::scoped_lock lock(raw->mutex_);
    raw->records_.push_back(record);
  };
  auto server = registry::Server::start(options);
  if (!server) return tl::unexpected(server.error());
  stage->server_ = std::move(*server);
  if (const auto pushed = push_shapes(stage->server_->url(), shapes); !pushed) return tl::unexpected(pushed.error());
  stage->take();
  return stage;
}

std::string Stage::registry() const {
  return fmt::format("127.0.0.1:{}", server_->port());
}

std::string Stage::reference(const Shape& shape) const {
  const auto repository = registry() + "/" + repository_of(shape);
  return shape.by_digest ? repository + "@" + shape.root().digest().str() : fmt::format("{}:{}", repository, kTag);
}

Traffic Stage::take() {
  const std::scoped_lock lock(mutex_);
  Traffic traffic;
  traffic.requests.swap(records_);
  for (const auto& record : traffic.requests) traffic.bytes += record.response_bytes;
  return traffic;
}

}  // namespace referee::suites::matrix
