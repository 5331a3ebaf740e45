#include "digest_tags.hpp"

#include <algorithm>

#include "pages.hpp"

namespace referee::imitation {
namespace {

constexpr std::size_t kShortHash = 16;

/// `<hash>` of `<alg>-<ref>.<hash>.<type>`; empty if the tag has another form.
std::string hash_in(const std::string& tag) {
  const auto first = tag.find('.');
  const auto second = first == std::string::npos ? first : tag.find('.', first + 1);
  if (second == std::string::npos || second + 1 == tag.size()) return "";
  return tag.substr(first + 1, second - first - 1);
}

}  // namespace

bool is_about(const Session& session, const std::string& tag, const std::string& digest) {
  const auto list = oci::referrers_tag(digest);
  if (!tag.starts_with(list)) return false;
  return session.has(Defect::kTagPrefixOvermatch) || tag.size() == list.size() || tag[list.size()] == '.';
}

std::optional<std::string> subject_of(const std::string& tag) {
  const auto end = tag.find('.');
  const auto head = tag.substr(0, end);
  if (!head.starts_with("sha256-")) return std::nullopt;
  const auto digest = oci::Digest::parse("sha256:" + head.substr(7));
  return digest ? std::optional(digest->str()) : std::nullopt;
}

Done<std::vector<TaggedArtifact>> find_tagged(Session& session, const std::string& digest) {
  auto tags = read_tags(session);
  if (!tags) return tl::unexpected(tags.error());
  std::ranges::sort(*tags);
  std::vector<TaggedArtifact> found;
  for (const auto& tag : *tags) {
    const auto hash = hash_in(tag);
    if (hash.size() != kShortHash || !is_about(session, tag, digest)) continue;
    auto manifest = get_manifest(session, tag);
    const bool fits =
        manifest && (session.has(Defect::kHashNotChecked) || manifest->digest().encoded().starts_with(hash));
    TaggedArtifact artifact{tag, std::nullopt};
    if (fits) artifact.manifest = std::move(*manifest);
    found.push_back(std::move(artifact));
  }
  return found;
}

}  // namespace referee::imitation
