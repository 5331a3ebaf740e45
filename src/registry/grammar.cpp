#include "grammar.hpp"

#include <algorithm>

#include "referee/oci/digest.hpp"

namespace referee::registry {

namespace {

bool is_lower_alnum(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}
bool is_alnum(char c) {
  return is_lower_alnum(c) || (c >= 'A' && c <= 'Z');
}

/// One path component: runs of [a-z0-9] joined by `.`, `_`, `__` or any number of `-`.
bool is_component(std::string_view text) {
  std::size_t i = 0;
  while (true) {
    const auto run = i;
    while (i < text.size() && is_lower_alnum(text[i])) ++i;
    if (i == run) return false;
    if (i == text.size()) return true;
    const auto separator = i;
    while (i < text.size() && !is_lower_alnum(text[i])) ++i;
    const auto joint = text.substr(separator, i - separator);
    const bool dashes = joint.find_first_not_of('-') == std::string_view::npos;
    if (!dashes && joint != "." && joint != "_" && joint != "__") return false;
  }
}

/// algorithm ::= component ([+._-] component)*
bool is_algorithm(std::string_view text) {
  bool after_separator = true;
  for (const char c : text) {
    if (is_lower_alnum(c)) {
      after_separator = false;
    } else if (!after_separator && (c == '+' || c == '.' || c == '_' || c == '-')) {
      after_separator = true;
    } else {
      return false;
    }
  }
  return !after_separator;
}

}  // namespace

bool is_repository(std::string_view name) {
  if (name.empty() || name.size() > 255) return false;
  while (true) {
    const auto slash = name.find('/');
    if (!is_component(name.substr(0, slash))) return false;
    if (slash == std::string_view::npos) return true;
    name.remove_prefix(slash + 1);
  }
}

bool is_tag(std::string_view tag, std::size_t longest) {
  if (tag.empty() || tag.size() > longest || tag[0] == '.' || tag[0] == '-') return false;
  return std::ranges::all_of(tag, [](char c) { return is_alnum(c) || c == '_' || c == '.' || c == '-'; });
}

bool is_digest_tag(std::string_view tag) {
  static constexpr std::size_t kAlgorithm = 7;  // `sha256-`
  static constexpr std::size_t kReference = 64;
  if (tag.size() != kAlgorithm + kReference || (!tag.starts_with("sha256-") && !tag.starts_with("sha512-"))) {
    return false;
  }
  return std::ranges::all_of(tag.substr(kAlgorithm),
                             [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

DigestForm digest_form(std::string_view digest, bool sha512) {
  const auto colon = digest.find(':');
  if (colon == std::string_view::npos || digest.size() > 512) return DigestForm::kMalformed;
  const auto algorithm = digest.substr(0, colon);
  const auto encoded = digest.substr(colon + 1);
  const bool encodable = !encoded.empty() && std::ranges::all_of(encoded, [](char c) {
    return is_alnum(c) || c == '=' || c == '_' || c == '-';
  });
  if (!is_algorithm(algorithm) || !encodable) return DigestForm::kMalformed;
  if (algorithm != "sha256" && algorithm != "sha512") return DigestForm::kUnregistered;
  if (!oci::Digest::parse(digest)) return DigestForm::kMalformed;
  return algorithm == "sha512" && !sha512 ? DigestForm::kUnregistered : DigestForm::kRegistered;
}

}  // namespace referee::registry
