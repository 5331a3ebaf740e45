#include "connection.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>

#include "referee/oci/json_depth.hpp"
#include "referee/oci/media_types.hpp"

namespace referee::imitation {
namespace {

constexpr std::chrono::minutes kLongestSession{10};

/// Anonymous, unless docker's config.json of the user's home knows the host.
http::ClientOptions client_options(const std::string& host) {
  http::ClientOptions options;
  http::CredentialSources sources;
  sources.host = host;
  if (auto credentials = http::load_credentials(sources)) options.credentials = std::move(*credentials);
  return options;
}

/// Without parameters.
std::string content_type(const http::Response& response) {
  const auto value = response.headers.get("Content-Type").value_or("");
  return value.substr(0, value.find(';'));
}

/// The mediaType field, if there is one.
Done<std::string> named_type(const std::string& bytes) {
  if (oci::is_deeper_than(bytes, oci::kDeepestJson)) return tl::unexpected(std::string("it is nested too deeply"));
  const auto json = nlohmann::json::parse(bytes, nullptr, false);
  if (!json.is_object()) return tl::unexpected(std::string("it is no JSON object"));
  const auto found = json.find("mediaType");
  if (found == json.end()) return std::string();
  if (!found->is_string()) return tl::unexpected(std::string("its mediaType is no text"));
  return found->get<std::string>();
}

/// Why a manifest that came is not what was asked for; empty if it is.
std::string doubt(const http::Response& answer, const oci::Content& content, const std::string& reference) {
  const auto asked = oci::Digest::parse(reference);
  if (asked && content.digest() != *asked) return "what came has another digest";
  const auto header = oci::Digest::parse(answer.headers.get("Docker-Content-Digest").value_or(""));
  if (header && oci::Digest::of(answer.body, header->algorithm()) != *header) {
    return "Docker-Content-Digest names other content";
  }
  const auto named = named_type(answer.body);
  if (!named) return named.error();
  if (named->empty() || *named == content.media_type()) return "";
  return fmt::format("it says that it is {}, and came as {}", *named, content.media_type());
}

oci::Algorithm algorithm_of(const std::string& digest) {
  const auto parsed = oci::Digest::parse(digest);
  return parsed ? parsed->algorithm() : oci::Algorithm::kSha256;
}

bool fits(const oci::Descriptor& descriptor, const oci::Content& content) {
  return content.size() == descriptor.size && content.digest().str() == descriptor.digest;
}

/// The content that a descriptor carries itself.
std::optional<oci::Content> carried(const Session& session, const oci::Descriptor& descriptor) {
  if (!descriptor.data) return std::nullopt;
  oci::Content content(descriptor.media_type, *descriptor.data, algorithm_of(descriptor.digest));
  if (!session.has(Defect::kTrustsData) && !fits(descriptor, content)) return std::nullopt;
  return content;
}

/// How much of a body is read: nobody has to swallow more than was promised.
std::optional<std::uint64_t> bound(const Session& session, std::optional<std::int64_t> size) {
  if (!size || session.has(Defect::kNoSizeCheck)) return std::nullopt;
  return static_cast<std::uint64_t>(*size);
}

Done<void> check_size(const Session& session, const oci::Descriptor& descriptor, std::int64_t size) {
  if (session.has(Defect::kNoSizeCheck) || size == descriptor.size) return {};
  return tl::unexpected(
      fmt::format("{}: {} bytes came, where its descriptor says {}", descriptor.digest, size, descriptor.size));
}

Done<Reference> parse(const std::string& text, bool repository_will_do) {
  const auto slash = text.find('/');
  const auto at = text.find('@');
  const auto colon = at == std::string::npos ? text.rfind(':') : std::string::npos;
  auto end = at != std::string::npos ? at : colon;
  if (slash != std::string::npos && end != std::string::npos && end < slash) end = std::string::npos;
  const bool bare = end == std::string::npos;
  if (slash == std::string::npos || slash == 0 || slash + 1 == text.size() || (bare && !repository_will_do) ||
      (!bare && (end < slash + 2 || end + 1 == text.size()))) {
    return tl::unexpected(fmt::format("'{}' is no reference: give HOST:PORT/REPOSITORY{}", text,
                                      repository_will_do ? "" : ":TAG or ...@DIGEST"));
  }
  if (bare) return Reference{text.substr(0, slash), text.substr(slash + 1), ""};
  return Reference{text.substr(0, slash), text.substr(slash + 1, end - slash - 1), text.substr(end + 1)};
}

}  // namespace

Done<Reference> parse_reference(const std::string& text) {
  return parse(text, false);
}

Done<Reference> parse_repository(const std::string& text) {
  return parse(text, true);
}

Session::Session(const Imitation& imitation, const Order& order, const Reference& reference)
    : defect_(defect_of(imitation.name)),
      order_(order),
      repository_(reference.repository),
      registry_(std::make_shared<http::Client>(client_options(reference.host)), "http://" + reference.host) {
  registry_.client().set_deadline(std::chrono::steady_clock::now() + kLongestSession);
}

std::string one_line(std::string text) {
  std::ranges::replace_if(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }, ' ');
  return text;
}

std::string refusal(std::string_view what, const http::Result& answer) {
  if (!answer) return fmt::format("{}: {}", what, answer.error().message);
  return fmt::format("{}: the registry answered {}", what, answer->status);
}

Done<oci::Content> get_manifest(Session& session, const std::string& reference, std::optional<std::int64_t> most) {
  distribution::Options options;
  options.max_body = bound(session, most);
  const auto what = fmt::format("{}/{}", session.repository(), reference);
  const auto answer = session.registry().get_manifest(session.repository(), reference, options);
  if (!answer || answer->status != 200) return tl::unexpected(refusal(what, answer));
  oci::Content content(content_type(*answer), answer->body, algorithm_of(reference));
  const auto why = session.has(Defect::kNoDigestCheck) ? "" : doubt(*answer, content, reference);
  if (!why.empty()) return tl::unexpected(fmt::format("{}: {}", what, why));
  return content;
}

Done<oci::Content> get_manifest(Session& session, const oci::Descriptor& descriptor) {
  if (auto content = carried(session, descriptor)) return std::move(*content);
  auto content = get_manifest(session, descriptor.digest, descriptor.size);
  if (!content) return content;
  if (const auto fine = check_size(session, descriptor, content->size()); !fine) return tl::unexpected(fine.error());
  return content;
}

Done<oci::Content> get_blob(Session& session, const oci::Descriptor& descriptor) {
  if (auto content = carried(session, descriptor)) return std::move(*content);
  const auto asked = oci::Digest::parse(descriptor.digest);
  if (!asked) return tl::unexpected(fmt::format("{} is no digest", descriptor.digest));
  distribution::Options options;
  options.max_body = bound(session, descriptor.size == kUnknownSize ? std::nullopt : std::optional(descriptor.size));
  const auto answer = session.registry().get_blob(session.repository(), descriptor.digest, options);
  if (!answer || answer->status != 200) return tl::unexpected(refusal(descriptor.digest, answer));
  const auto size = static_cast<std::int64_t>(answer->body.size());
  if (descriptor.size != kUnknownSize) {
    if (const auto fine = check_size(session, descriptor, size); !fine) return tl::unexpected(fine.error());
  }
  oci::Content content(descriptor.media_type, answer->body, asked->algorithm());
  if (!session.has(Defect::kNoDigestCheck) && content.digest() != *asked) {
    return tl::unexpected(fmt::format("{}: what came has another digest", descriptor.digest));
  }
  return content;
}

}  // namespace referee::imitation
