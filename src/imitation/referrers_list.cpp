// The list of referrers under a tag, which clients keep where the registry has no API.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "referee/oci/media_types.hpp"
#include "referrers.hpp"

namespace referee::imitation {
namespace {

using List = nlohmann::ordered_json;

constexpr int kMostAttempts = 32;

List empty_list() {
  return {{"schemaVersion", 2}, {"mediaType", oci::media_type::kIndex}, {"manifests", List::array()}};
}

/// The list as it is now, and the condition under which it may be replaced.
struct Current {
  List list = empty_list();
  distribution::Options condition = {};
};

Done<List> open_list(const Session& session, const oci::Content& content, const std::string& tag) {
  const auto document = read_document(content);
  auto list = document ? List::parse(content.bytes(), nullptr, false) : List();
  if (is_index(content) && list.contains("manifests") && list["manifests"].is_array()) return list;
  if (session.has(Defect::kOverwritesNonIndex)) return empty_list();
  return tl::unexpected(
      fmt::format("{} leads to {}, which is no list of referrers; it stays", tag, content.media_type()));
}

Done<Current> read_list(Session& session, const std::string& tag) {
  Current current;
  if (session.has(Defect::kBlindFallbackPut)) return current;
  const auto answer = session.registry().get_manifest(session.repository(), tag);
  if (answer && answer->status == 404) {
    current.condition.headers.set("If-None-Match", "*");
  } else if (!answer || answer->status != 200) {
    return tl::unexpected(refusal(tag, answer));
  } else {
    const auto type = answer->header("Content-Type").value_or("");
    auto list = open_list(session, {type.substr(0, type.find(';')), answer->body}, tag);
    if (!list) return tl::unexpected(list.error());
    current.list = std::move(*list);
    if (const auto etag = answer->header("ETag")) current.condition.headers.set("If-Match", *etag);
  }
  if (session.has(Defect::kNoIfMatch)) current.condition = {};
  return current;
}

bool is_entry(const List& entry, const std::string& digest) {
  return entry.is_object() && entry.contains("digest") && entry["digest"] == digest;
}

}  // namespace

Done<void> rewrite_list(Session& session, const std::string& digest, const EditList& edit) {
  const auto tag = oci::referrers_tag(digest);
  for (int attempt = 0; attempt < kMostAttempts; ++attempt) {
    auto current = read_list(session, tag);
    if (!current) return tl::unexpected(current.error());
    if (!edit(current->list["manifests"])) return {};
    if (session.order().window) session.order().window();
    const oci::Content written(std::string(oci::media_type::kIndex),
                               current->list.dump(-1, ' ', false, List::error_handler_t::replace));
    const auto answer = session.registry().put_manifest(session.repository(), tag, written, current->condition);
    if (answer && answer->status == 201) return {};
    if (!answer || answer->status != 412) return tl::unexpected(refusal(tag, answer));
  }
  return tl::unexpected(fmt::format("{} was written by others {} times in a row", tag, kMostAttempts));
}

Done<void> list_referrer(Session& session, const oci::Content& manifest, const Document& document) {
  auto entry = manifest.descriptor();
  if (!session.has(Defect::kNoArtifactTypeCopy)) entry.artifact_type = document.artifact_type;
  if (!session.has(Defect::kNoAnnotationCopy)) entry.annotations = document.annotations;
  return rewrite_list(session, document.subject, [&](List& entries) {
    const auto same = [&](const List& other) { return is_entry(other, entry.digest); };
    if (!session.has(Defect::kDupAppend) && std::ranges::any_of(entries, same)) return false;
    entries.push_back(oci::to_json(entry));
    return true;
  });
}

}  // namespace referee::imitation
