#include "connection.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "referee/oci/json_depth.hpp"
#include "referee/oci/media_types.hpp"

namespace referee::imitation {
namespace {

/// Without parameters.
std::string content_type(const http::Response& response) {
  const auto value = response.headers.get("Content-Type").value_or("");
  return std::string(value.substr(0, value.find(';')));
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

}  // namespace

Done<Reference> parse_reference(const std::string& text) {
  const auto slash = text.find('/');
  const auto at = text.find('@');
  const auto colon = at == std::string::npos ? text.rfind(':') : std::string::npos;
  const auto end = at != std::string::npos ? at : colon;
  if (slash == std::string::npos || end == std::string::npos || end < slash + 2 || end + 1 == text.size()) {
    return tl::unexpected(fmt::format("'{}' is no reference: give HOST:PORT/REPOSITORY:TAG or ...@DIGEST", text));
  }
  return Reference{text.substr(0, slash), text.substr(slash + 1, end - slash - 1), text.substr(end + 1)};
}

distribution::Registry connect(const std::string& host) {
  return {std::make_shared<http::Client>(http::ClientOptions{}), "http://" + host};
}

Done<oci::Content> get_manifest(distribution::Registry& registry, const std::string& repository,
                                const std::string& reference) {
  const auto fail = [&](std::string_view why) {
    return tl::unexpected(fmt::format("{}/{}: {}", repository, reference, why));
  };
  const auto answer = registry.get_manifest(repository, reference);
  if (!answer) return fail(answer.error().message);
  if (answer->status != 200) return fail(fmt::format("the registry answered {}", answer->status));
  const auto asked = oci::Digest::parse(reference);
  const auto algorithm = asked ? asked->algorithm() : oci::Algorithm::kSha256;
  oci::Content content(content_type(*answer), answer->body, algorithm);
  if (asked && content.digest() != *asked) return fail("what came has another digest");
  const auto header = oci::Digest::parse(answer->headers.get("Docker-Content-Digest").value_or(""));
  if (header && oci::Digest::of(answer->body, header->algorithm()) != *header) {
    return fail("Docker-Content-Digest names other content");
  }
  const auto named = named_type(answer->body);
  if (!named) return fail(named.error());
  if (!named->empty() && *named != content.media_type()) {
    return fail(fmt::format("it says that it is {}, and came as {}", *named, content.media_type()));
  }
  return content;
}

Done<oci::Content> get_blob(distribution::Registry& registry, const std::string& repository,
                            const oci::Descriptor& descriptor) {
  const auto fail = [&](std::string_view why) {
    return tl::unexpected(fmt::format("{}@{}: {}", repository, descriptor.digest, why));
  };
  const auto asked = oci::Digest::parse(descriptor.digest);
  if (!asked) return fail("that is no digest");
  const auto answer = registry.get_blob(repository, descriptor.digest);
  if (!answer) return fail(answer.error().message);
  if (answer->status != 200) return fail(fmt::format("the registry answered {}", answer->status));
  if (static_cast<std::int64_t>(answer->body.size()) != descriptor.size) return fail("what came has another size");
  oci::Content content(descriptor.media_type, answer->body, asked->algorithm());
  if (content.digest() != *asked) return fail("what came has another digest");
  return content;
}

}  // namespace referee::imitation
