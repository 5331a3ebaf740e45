#include "validity.hpp"

#include <fmt/format.h>

#include "json_text.hpp"

namespace referee::signing {
namespace {

using Outdated = tl::unexpected<std::string>;

/// Through objects only; nullptr if something on the way is missing. The JSON library's own way throws.
const nlohmann::json* member_at(const nlohmann::json& document, std::string_view pointer) {
  const auto* value = &document;
  while (!pointer.empty()) {
    pointer.remove_prefix(1);
    const auto token = pointer.substr(0, pointer.find('/'));
    pointer.remove_prefix(token.size());
    std::string key;
    for (std::size_t at = 0; at < token.size(); ++at) {
      const bool escaped = token[at] == '~' && at + 1 < token.size();
      if (!escaped) {
        key.push_back(token[at]);
      } else {
        key.push_back(token[++at] == '1' ? '/' : '~');
      }
    }
    if (!value->is_object()) return nullptr;
    const auto found = value->find(key);
    if (found == value->end()) return nullptr;
    value = &*found;
  }
  return value;
}

tl::expected<Time, std::string> time_at(const TimeSource& source, const oci::Annotations& annotations,
                                        const Claim& claim) {
  const auto where = source.annotation.empty() ? source.pointer : source.annotation;
  std::string text;
  if (!source.annotation.empty()) {
    const auto found = annotations.find(source.annotation);
    if (found == annotations.end()) return Outdated(fmt::format("the annotation {} is missing", where));
    text = found->second;
  } else {
    const auto document = parse_object(claim.document, "the signed document", kLargestPayload);
    if (!document) return Outdated(document.error());
    const auto* value = member_at(*document, source.pointer);
    if (value == nullptr) return Outdated(fmt::format("the signed document has no {}", where));
    if (!value->is_string()) return Outdated(fmt::format("{} of the signed document is not a text", where));
    text = value->get<std::string>();
  }
  const auto time = parse_time(text);
  if (!time) return Outdated(fmt::format("{} is not a time of RFC 3339: {}", where, printable_text(text)));
  return *time;
}

}  // namespace

tl::expected<void, std::string> check_times(const Policy& policy, const oci::Annotations& annotations,
                                            const Claim& claim, Time now) {
  if (policy.maximal_age) {
    const auto created = time_at(policy.maximal_age->created, annotations, claim);
    if (!created) return Outdated(created.error());
    if (*created > now + kClockSkew) return Outdated("it was made in the future: " + format_time(*created));
    if (now - *created > policy.maximal_age->seconds) return Outdated("it is too old: " + format_time(*created));
  }
  if (policy.expires) {
    const auto expires = time_at(*policy.expires, annotations, claim);
    if (!expires) return Outdated(expires.error());
    if (*expires <= now) return Outdated("it has expired: " + format_time(*expires));
  }
  return {};
}

}  // namespace referee::signing
