#include "conformance/stories/pull.hpp"

#include <fmt/format.h>

namespace referee::suites::stories {

Pull pull(const Site& site, const std::string& reference, const oci::Selector& selector, const oci::Platform& host,
          const oci::SelectionLimits& limits) {
  Pull pull;
  const auto get = [&](std::string_view which) -> tl::expected<oci::Content, std::string> {
    const auto answer = site.registry().get_manifest(site.repository(), which).value();
    ++pull.requests;
    pull.bytes += answer.body.size();
    if (answer.status != 200) return tl::unexpected(fmt::format("status {}", answer.status));
    return oci::Content(answer.header("Content-Type").value_or(""), answer.body);
  };
  const auto root = get(reference);
  if (!root) {
    pull.selected = root.error();
    return pull;
  }
  const auto selection =
      oci::select(selector, *root, host, [&](const oci::Descriptor& nested) { return get(nested.digest); }, limits);
  if (!selection.chosen) {
    pull.selected = fmt::format("{}: {}", oci::name(selection.outcome), selection.reason);
    return pull;
  }
  pull.selected = selection.chosen->digest;
  if (const auto manifest = get(pull.selected); !manifest) pull.selected += " " + manifest.error();
  return pull;
}

}  // namespace referee::suites::stories
