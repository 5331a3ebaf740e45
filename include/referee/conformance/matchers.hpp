#pragma once

#include <gmock/gmock.h>

#include <iosfwd>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "referee/http/message.hpp"
#include "referee/oci/content.hpp"
#include "referee/oci/descriptor.hpp"

namespace referee::http {
/// "status 200 (Content-Type application/json, 17 bytes)", with a mark, which readers of reports never see, of the
/// exchange that brought the response.
void PrintTo(const Response& response, std::ostream* out);
}  // namespace referee::http

namespace referee::oci {
/// The descriptor's JSON.
void PrintTo(const Descriptor& descriptor, std::ostream* out);
}  // namespace referee::oci

/// Matchers for registry answers. Messages say Expected and Actual in the words of the specification, e.g.
/// "status 404" against "status 200 (Content-Type application/json, 17 bytes)".
namespace referee::conformance {

using ResponseMatcher = testing::Matcher<const http::Response&>;

ResponseMatcher HasStatus(int status);
ResponseMatcher HasStatusIn(std::vector<int> statuses);
/// 400 to 499.
ResponseMatcher IsClientError();
/// The header is present and equals `value`.
ResponseMatcher HasHeader(std::string name, std::string value);
ResponseMatcher HasHeader(std::string name, testing::Matcher<const std::string&> value);
inline ResponseMatcher HasHeader(std::string name, const char* value) {
  return HasHeader(std::move(name), std::string(value));
}
ResponseMatcher HasNoHeader(std::string name);
/// Body equals these bytes; the message names sizes and the first difference, not the bytes.
ResponseMatcher HasBody(std::string bytes);
/// Media type of Content-Type, parameters ignored.
ResponseMatcher HasMediaType(std::string media_type);
/// Status 200 with exactly this manifest: bytes, and Docker-Content-Digest if sent.
ResponseMatcher ServesContent(const oci::Content& content);
/// Body is the specification's error document and one of its codes is `code`.
ResponseMatcher HasErrorCode(std::string code);
/// If the body is JSON it has the error document's form, and every code is one of the fourteen.
ResponseMatcher HasWellFormedError();

/// The body as JSON with bounded depth (64), or nullopt. Never throws; invalid UTF-8 is nullopt.
std::optional<nlohmann::json> parse_json(std::string_view body);

/// A referrers list or index: its descriptors in order. nullopt if the body is not an index with an array `manifests`,
/// or an entry is not a descriptor.
std::optional<std::vector<oci::Descriptor>> index_entries(const http::Response& response);
/// The digests of index_entries(); empty if there are none. Fails the running test (EXPECT) if the body is no index.
std::vector<std::string> listed_digests(const http::Response& response);
/// The tags of a tag list. Fails the running test (EXPECT) if the body is not a tag list.
std::vector<std::string> listed_tags(const http::Response& response);

}  // namespace referee::conformance
