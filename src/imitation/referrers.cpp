#include "referrers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>

#include "pages.hpp"

namespace referee::imitation {
namespace {

using Descriptors = std::vector<oci::Descriptor>;

Done<Descriptors> listed_in(const http::Response& page) {
  if (page.status != 200) {
    return tl::unexpected(fmt::format("a page of the referrers: the registry answered {}", page.status));
  }
  const auto document = read_document(oci::Content("", page.body));
  if (!document) return tl::unexpected("a page of the referrers: " + document.error());
  return document->manifests;
}

/// Nothing if the tag leads nowhere or to something else than an index.
Done<Descriptors> listed_under_tag(Session& session, const std::string& digest) {
  const auto tag = oci::referrers_tag(digest);
  const auto answer = session.registry().head_manifest(session.repository(), tag);
  if (answer && answer->status == 404) return Descriptors();
  const auto content = get_manifest(session, tag);
  if (!content) return tl::unexpected(content.error());
  const auto document = read_document(*content);
  return is_index(*content) && document ? document->manifests : Descriptors();
}

ApiSign sign_of(const http::Result& answer) {
  if (!answer) return ApiSign::kTrouble;
  if (answer->status == 404) return ApiSign::kAbsent;
  return answer->status == 200 ? ApiSign::kPresent : ApiSign::kTrouble;
}

Done<Descriptors> listed_by_api(Session& session, http::Result first) {
  const auto pages = read_pages(session, std::move(first));
  if (!pages) return tl::unexpected(pages.error());
  Descriptors all;
  for (const auto& page : *pages) {
    auto some = listed_in(page);
    if (!some) return some;
    std::ranges::move(*some, std::back_inserter(all));
  }
  return all;
}

}  // namespace

bool uses_tag(const Session& session, ApiSign sign, bool to_write) {
  if (session.has(Defect::kNoFallback)) return false;
  if (session.has(Defect::kFallbackOnAnyError)) return sign != ApiSign::kPresent;
  if (session.has(Defect::kFallbackWhenApiPresent) && to_write) return true;
  return sign == ApiSign::kAbsent;
}

Done<Descriptors> find_referrers(Session& session, const std::string& digest, const std::string& type) {
  auto answer = session.registry().referrers(session.repository(), digest, type);
  const auto sign = sign_of(answer);
  auto found = Done<Descriptors>(tl::unexpect, refusal("the referrers of " + digest, answer));
  if (sign == ApiSign::kPresent) found = listed_by_api(session, std::move(answer));
  if (uses_tag(session, sign, false)) found = listed_under_tag(session, digest);
  if (!found) return found;
  std::set<std::string> known;
  const bool filtered = session.has(Defect::kTrustsServerFilter) && sign == ApiSign::kPresent;
  std::erase_if(*found, [&](const oci::Descriptor& entry) {
    if (!type.empty() && !filtered && entry.artifact_type != type) return true;
    return !known.insert(entry.digest).second;
  });
  return found;
}

Done<bool> lacks_api(Session& session, const std::string& digest) {
  const auto answer = session.registry().referrers(session.repository(), digest);
  const auto sign = sign_of(answer);
  if (sign == ApiSign::kTrouble) return tl::unexpected(refusal("the referrers of " + digest, answer));
  return sign == ApiSign::kAbsent;
}

}  // namespace referee::imitation
