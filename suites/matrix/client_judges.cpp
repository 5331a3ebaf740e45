#include "client_judges.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "referee/oci/json_depth.hpp"

namespace referee::suites::clients {
namespace {

using conformance::Standing;
using runtimes::Operation;

constexpr std::size_t kMostEntries = 10'000;
constexpr std::size_t kSha256Length = 71;
constexpr std::size_t kSha512Length = 135;

bool is_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

nlohmann::json parsed(const std::optional<oci::Content>& content) {
  if (!content || oci::is_deeper_than(content->bytes(), oci::kDeepestJson)) return {};
  return nlohmann::json::parse(content->bytes(), nullptr, false);
}

std::string without_query(const std::string& target) {
  return target.substr(0, target.find('?'));
}

/// Output of a fetch: a final newline more or less is the terminal's, not the content's.
bool same_bytes(std::string_view have, std::string_view want) {
  const auto trimmed = [](std::string_view text) {
    while (text.ends_with('\n')) text.remove_suffix(1);
    return text;
  };
  return trimmed(have) == trimmed(want);
}

std::string what_it_took(const Evidence& seen) {
  if (seen.output)
    return fmt::format("a file of {} bytes, {}", seen.output->size(), oci::Digest::of(*seen.output).str());
  if (!seen.digests.empty()) return fmt::format("{}", fmt::join(seen.digests, " "));
  return "success";
}

}  // namespace

Finding right(std::string note) {
  Finding finding{Standing::kRight, "", {}};
  if (!note.empty()) finding.notes.push_back(std::move(note));
  return finding;
}
Finding allowed(std::string why) {
  return {Standing::kAllowed, std::move(why), {}};
}
Finding wrong(std::string why) {
  return {Standing::kWrong, std::move(why), {}};
}
Finding failed(std::string why) {
  return {Standing::kFailed, std::move(why), {}};
}
Finding unclear(std::string why) {
  return {Standing::kUnclear, std::move(why), {}};
}

Finding must_refuse(const Evidence& seen) {
  if (!seen.succeeded()) return right();
  return wrong(fmt::format("it reports success ({}) with what it should have refused", what_it_took(seen)));
}

Finding must_succeed(const Evidence& seen) {
  if (!seen.succeeded()) return failed("it failed, although everything was in order");
  if (!seen.operation) {
    return has_image(seen) ? right() : wrong(fmt::format("it took {}, which is not the image", what_it_took(seen)));
  }
  if (*seen.operation == Operation::kBlob) {
    const bool whole = seen.output && *seen.output == seen.scenery.part("image.layer").bytes();
    return whole ? right() : wrong("the blob that it wrote is not the one that was pushed");
  }
  if (*seen.operation == Operation::kManifest) {
    return same_bytes(seen.step.out, seen.scenery.part("image").bytes())
               ? right()
               : wrong("what it printed is not the manifest that was pushed");
  }
  return right();
}

bool has_image(const Evidence& seen) {
  return std::ranges::any_of(seen.digests, [&](const std::string& digest) {
    for (const auto* label : {"image", "image.config", "index"}) {
      if (seen.scenery.parts.contains(label) && seen.scenery.digest(label) == digest) return true;
    }
    return false;
  });
}

std::vector<std::string> printed_digests(const Evidence& seen) {
  std::set<std::string> digests;
  const std::string_view text = seen.step.out;
  for (auto at = text.find("sha"); at != std::string_view::npos; at = text.find("sha", at + 1)) {
    const auto most = text.substr(at, 7) == "sha256:" ? kSha256Length : kSha512Length;
    auto end = std::min(at + 7, text.size());
    while (end < text.size() && end - at < most && is_hex(text[end])) ++end;
    if (oci::Digest::parse(text.substr(at, end - at))) digests.emplace(text.substr(at, end - at));
    if (digests.size() >= kMostEntries) break;
  }
  return {digests.begin(), digests.end()};
}

bool printed(const Evidence& seen, std::string_view label) {
  const auto digests = printed_digests(seen);
  return std::ranges::find(digests, seen.scenery.digest(label)) != digests.end();
}

bool printed_word(const Evidence& seen, std::string_view word) {
  const std::string_view text = seen.step.out;
  const auto ends = [](char c) { return c == ' ' || c == '\n' || c == '"' || c == ',' || c == '\t' || c == '\r'; };
  for (auto at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    const auto end = at + word.size();
    if ((at == 0 || ends(text[at - 1])) && (end == text.size() || ends(text[end]))) return true;
  }
  return false;
}

const registry::AccessRecord* find_request(const Evidence& seen, bool (*matches)(const registry::AccessRecord&)) {
  const auto found = std::ranges::find_if(seen.traffic, matches);
  return found == seen.traffic.end() ? nullptr : &*found;
}

int count_requests(const Evidence& seen, bool (*matches)(const registry::AccessRecord&)) {
  return static_cast<int>(std::ranges::count_if(seen.traffic, matches));
}

bool is_pull_of_manifest(const registry::AccessRecord& record) {
  return record.method == "GET" && record.target.find("/manifests/") != std::string::npos;
}
bool is_push_of_manifest(const registry::AccessRecord& record) {
  return record.method == "PUT" && record.target.find("/manifests/") != std::string::npos;
}
bool is_referrers_list(const registry::AccessRecord& record) {
  return record.method == "GET" && record.target.find("/referrers/sha") != std::string::npos;
}
bool is_read_of_fallback(const registry::AccessRecord& record) {
  return record.method != "PUT" && record.target.find("/manifests/sha256-") != std::string::npos;
}
bool is_elsewhere(const registry::AccessRecord& record) {
  return record.host.starts_with("localhost");
}

std::string reference_of(const registry::AccessRecord& record) {
  const auto path = without_query(record.target);
  auto reference = path.substr(path.rfind('/') + 1);
  // Some escape the colon of a digest.
  for (const std::string_view escaped : {"%3A", "%3a"}) {
    if (const auto at = reference.find(escaped); at != std::string::npos) reference.replace(at, escaped.size(), ":");
  }
  return reference;
}

std::optional<std::vector<oci::Descriptor>> fallback_entries(const Evidence& seen, const std::string& repository) {
  const auto json = parsed(seen.ground.manifest(oci::referrers_tag(seen.scenery.digest("image")), repository));
  if (!json.is_object() || !json.contains("manifests") || !json["manifests"].is_array()) return std::nullopt;
  std::vector<oci::Descriptor> entries;
  for (const auto& entry : json["manifests"]) {
    auto descriptor = oci::descriptor_from_json(entry);
    if (descriptor) entries.push_back(std::move(*descriptor));
    if (entries.size() >= kMostEntries) break;
  }
  return entries;
}

const oci::Descriptor* entry_of(const std::vector<oci::Descriptor>& entries, std::string_view digest) {
  const auto found = std::ranges::find(entries, digest, &oci::Descriptor::digest);
  return found == entries.end() ? nullptr : &*found;
}

std::vector<std::string> pushed_referrers(const Evidence& seen) {
  std::vector<std::string> digests;
  for (const auto& record : seen.traffic) {
    if (!is_push_of_manifest(record) || record.status >= 300) continue;
    const auto content = seen.ground.manifest(reference_of(record));
    const auto json = parsed(content);
    if (!content || !json.is_object() || !json.contains("subject")) continue;
    const auto subject = oci::descriptor_from_json(json["subject"]);
    auto digest = content->digest().str();
    if (!subject || subject->digest != seen.scenery.digest("image")) continue;
    if (std::ranges::find(digests, digest) == digests.end()) digests.push_back(std::move(digest));
  }
  return digests;
}

}  // namespace referee::suites::clients
