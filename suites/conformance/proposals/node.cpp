#include "conformance/proposals/node.hpp"

#include <fmt/format.h>

namespace referee::suites::proposal_checks {

Json node_fields(Context& t, const std::string& text) {
  return {{"schemaVersion", 3}, {"description", text + " " + t.random().hex(16)}, {"objects", Json::array()}};
}

oci::Content node(const Json& fields) {
  return document(oci::media_type::kNode, fields);
}

http::Response put_node(Context& t, const oci::Content& content, std::string_view reference) {
  Options options;
  options.headers.set("Content-Type", content.media_type());
  const auto path = fmt::format("/v3/{}/manifests/{}", t.repository(),
                                reference.empty() ? content.digest().str() : std::string(reference));
  return t.registry().request("PUT", path, content.bytes(), options).value();
}

oci::Content pushed_node(Context& t, const Json& fields, std::string_view reference) {
  auto content = node(fields);
  const auto answer = put_node(t, content, reference);
  if (answer.status != 201) {
    throw conformance::SetupFailed{fmt::format("set-up: pushing a node answered {}", answer.status)};
  }
  return content;
}

http::Response ask_v3(Context& t, std::string_view what, std::string_view reference) {
  return t.registry().request("GET", fmt::format("/v3/{}/{}/{}", t.repository(), what, reference)).value();
}

List nodes_for(Context& t, std::string_view reference, std::size_t count) {
  return read_list(
      t, [&] { return t.registry().request("GET", fmt::format("/v3/{}/referrers/{}", t.repository(), reference)); },
      "referrers", count);
}

}  // namespace referee::suites::proposal_checks
