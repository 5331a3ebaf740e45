#include "referee/proposals/wire.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "referee/http/url.hpp"

namespace referee::proposals {
namespace {

/// Whatever a proposal stores as a manifest; OCI 1.1 types first.
constexpr std::string_view kAccept =
    "application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.index.v1+json, "
    "application/vnd.oci.artifact.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json, "
    "application/vnd.docker.distribution.manifest.list.v2+json";

bool is_fine(int status, std::initializer_list<int> fine) {
  return std::ranges::find(fine, status) != fine.end();
}

bool has_digest(std::string_view bytes, std::string_view digest) {
  const auto expected = oci::Digest::parse(digest);
  return expected && oci::Digest::of(bytes, expected->algorithm()) == *expected;
}

tl::unexpected<Failure> other_bytes(std::string_view digest) {
  return tl::unexpected(Failure{FailureKind::kBroken, fmt::format("blob {} has other bytes", digest), 200});
}

/// Below this size a 400 to a manifest is not about its size: every registry takes manifests of 4 megabytes.
constexpr std::size_t kAlwaysFits = 3'500'000;

}  // namespace

Wire::Wire(distribution::Registry& registry, std::string repository)
    : registry_(&registry), repository_(std::move(repository)) {}

Outcome<http::Response> Wire::judged(std::string_view what, http::Result result, std::size_t sent, Statuses fine) {
  ++cost_.requests;
  if (!result)
    return tl::unexpected(Failure{FailureKind::kTransport, fmt::format("{}: {}", what, result.error().message)});
  const int status = result->status;
  if (status >= 200 && status < 300) {
    cost_.bytes_up += sent;
    cost_.bytes_down += result->body.size();
  }
  if (is_fine(status, fine)) return std::move(*result);
  const bool too_large = status == 413 || (status == 400 && sent > kAlwaysFits);
  return tl::unexpected(Failure{too_large ? FailureKind::kLimit : FailureKind::kRefused,
                                too_large
                                    ? fmt::format("{} of {} bytes: the registry's limit, status {}", what, sent, status)
                                    : fmt::format("{}: status {}", what, status),
                                status});
}

void Wire::ask_in_turn(const std::function<std::optional<Ask>()>& next) {
  while (auto ask = next()) {
    if (ask->kind == Ask::Kind::kManifest) {
      ask->answered(get_manifest(ask->reference));
    } else if (ask->kind == Ask::Kind::kPath) {
      ask->answered(request("GET", ask->reference));
    } else {
      ask->answered(get_blob(ask->reference).map([](std::string bytes) {
        http::Response response;
        response.status = 200;
        response.body = std::move(bytes);
        return response;
      }));
    }
  }
}

namespace {

std::string what_is_asked(const Ask& ask) {
  switch (ask.kind) {
    case Ask::Kind::kManifest:
      return fmt::format("GET of manifest {}", ask.reference);
    case Ask::Kind::kBlob:
      return fmt::format("GET of blob {}", ask.reference);
    case Ask::Kind::kPath:
      break;
  }
  return fmt::format("GET {}", ask.reference);
}

}  // namespace

http::Flight Wire::flight(Ask ask) {
  Options options;
  http::Request request;
  switch (ask.kind) {
    case Ask::Kind::kManifest:
      options.headers.set("Accept", std::string(kAccept));
      request = registry_->manifest_request(repository_, ask.reference, options);
      break;
    case Ask::Kind::kBlob:
      request = registry_->blob_request(repository_, ask.reference);
      break;
    case Ask::Kind::kPath:
      request = registry_->get_request(ask.reference);
      break;
  }
  return {std::move(request), [this, ask = std::move(ask)](http::Result result) {
            // Words are for what fails.
            const auto what = result && result->status == 200 ? std::string() : what_is_asked(ask);
            auto answer = judged(what, std::move(result), 0, {200});
            if (answer && ask.kind == Ask::Kind::kBlob && !has_digest(answer->body, ask.reference)) {
              return ask.answered(other_bytes(ask.reference));
            }
            ask.answered(std::move(answer));
          }};
}

void Wire::ask(std::size_t most, const std::function<std::optional<Ask>()>& next) {
  if (registry_ == nullptr || most <= 1) return ask_in_turn(next);
  registry_->client().fly(most, [&]() -> std::optional<http::Flight> {
    auto ask = next();
    if (!ask) return std::nullopt;
    return flight(std::move(*ask));
  });
}

Outcome<http::Response> Wire::get_manifest(std::string_view reference, Statuses fine) {
  Options options;
  options.headers.set("Accept", std::string(kAccept));
  return judged(fmt::format("GET of manifest {}", reference), registry_->get_manifest(repository_, reference, options),
                0, fine);
}

Outcome<http::Response> Wire::put_manifest(std::string_view reference, const oci::Content& manifest,
                                           const Options& options, Statuses fine) {
  return judged(fmt::format("PUT of manifest {}", reference),
                registry_->put_manifest(repository_, reference, manifest, options), manifest.bytes().size(), fine);
}

Outcome<void> Wire::delete_manifest(std::string_view reference) {
  const auto answer = judged(fmt::format("DELETE of manifest {}", reference),
                             registry_->delete_manifest(repository_, reference), 0, {202, 200, 404});
  if (!answer) return tl::unexpected(answer.error());
  return {};
}

Outcome<void> Wire::push_blob(const oci::Content& blob) {
  const std::string digest = blob.digest().str();
  if (pushed_.contains(digest)) return {};
  const auto opened = judged("POST of an upload", registry_->start_upload(repository_), 0, {202});
  if (!opened) return tl::unexpected(opened.error());
  const auto location = opened->header("Location");
  if (!location) return tl::unexpected(Failure{FailureKind::kBroken, "POST of an upload: 202 without a Location", 202});
  const auto closed =
      judged(fmt::format("PUT of blob {}", digest),
             registry_->finish_upload(repository_, http::resolve(opened->url, *location), digest, blob.bytes()),
             blob.bytes().size(), {201});
  if (!closed) return tl::unexpected(closed.error());
  pushed_.insert(digest);
  return {};
}

Outcome<bool> Wire::mount_blob(std::string_view digest, std::string_view from) {
  const auto answer =
      judged(fmt::format("mount of blob {}", digest), registry_->mount_blob(repository_, digest, from), 0, {201, 202});
  if (!answer) return tl::unexpected(answer.error());
  if (answer->status == 201) pushed_.emplace(digest);
  return answer->status == 201;
}

Outcome<std::string> Wire::get_blob(std::string_view digest) {
  auto answer = judged(fmt::format("GET of blob {}", digest), registry_->get_blob(repository_, digest), 0, {200});
  if (!answer) return tl::unexpected(answer.error());
  if (!has_digest(answer->body, digest)) return other_bytes(digest);
  return std::move(answer->body);
}

Outcome<http::Response> Wire::list_tags(const Options& options, Statuses fine) {
  return judged("GET of the tag list", registry_->list_tags(repository_, options), 0, fine);
}

Outcome<http::Response> Wire::request(std::string method, std::string_view path, std::string_view body,
                                      const Options& options, Statuses fine) {
  const std::string what = fmt::format("{} {}", method, path);
  return judged(what, registry_->request(std::move(method), path, body, options), body.size(), fine);
}

Outcome<http::Response> Wire::follow(std::string_view url, Statuses fine) {
  return judged("GET of the next page", registry_->get(url), 0, fine);
}

Outcome<oci::Content> content_of(const http::Response& response, std::string_view expected_digest) {
  auto type = response.header("Content-Type").value_or("");
  type.resize(std::min(type.size(), type.find(';')));
  const auto expected = oci::Digest::parse(expected_digest);
  oci::Content content(std::move(type), response.body, expected ? expected->algorithm() : oci::Algorithm::kSha256);
  if (!expected_digest.empty() && (!expected || content.digest() != *expected)) {
    return tl::unexpected(
        Failure{FailureKind::kBroken, fmt::format("{} has other bytes", expected_digest), response.status});
  }
  return content;
}

}  // namespace referee::proposals
