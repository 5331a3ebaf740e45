#include "referee/signing/policy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "json_text.hpp"
#include "referee/signing/bundle.hpp"
#include "referee/signing/simple_signing.hpp"

namespace referee::signing {
namespace {

using nlohmann::json;
using Status = tl::expected<void, std::string>;
using Invalid = tl::unexpected<std::string>;

constexpr std::size_t kLargestPolicy = std::size_t{1024} * 1024;
constexpr std::size_t kMostKeys = 64;
constexpr std::size_t kMostTypes = 16;
constexpr std::size_t kMostAnnotations = 64;
constexpr std::size_t kMostSignatures = 1000;
constexpr std::size_t kMostExamined = 1'000'000;
constexpr std::size_t kLongestAge = 3'155'760'000;  // a hundred years
constexpr std::string_view kPolicySchema = "referee.policy/1";

Status only_keys(const json& object, const std::set<std::string_view>& known) {
  for (const auto& [key, value] : object.items()) {
    if (!known.contains(key)) return Invalid(fmt::format("unknown field {}", printable_text(key)));
  }
  return {};
}

Status read_count(const json& object, const char* key, std::size_t least, std::size_t most, std::size_t& target) {
  const auto found = object.find(key);
  if (found == object.end()) return {};
  const auto count = found->is_number_unsigned() ? found->get<std::size_t>() : 0;
  if (count < least || count > most) {
    return Invalid(fmt::format("`{}` is not a whole number from {} to {}", key, least, most));
  }
  target = count;
  return {};
}

/// A list of 1 to `most` different texts that are not empty.
Status read_texts(const json& object, const char* key, std::size_t most, std::vector<std::string>& target) {
  const auto found = object.find(key);
  if (found == object.end()) return {};
  if (!found->is_array() || found->empty() || found->size() > most) {
    return Invalid(fmt::format("`{}` is not a list of 1 to {} texts", key, most));
  }
  target.clear();
  for (const auto& value : *found) {
    if (!value.is_string() || value.get_ref<const std::string&>().empty()) {
      return Invalid(fmt::format("`{}` holds something that is not a text", key));
    }
    if (std::ranges::find(target, value.get_ref<const std::string&>()) != target.end()) {
      return Invalid(fmt::format("`{}` names {} twice", key, printable_text(value.get_ref<const std::string&>())));
    }
    target.push_back(value.get<std::string>());
  }
  return {};
}

Status read_keys(const json& object, Policy& policy) {
  std::vector<std::string> texts;
  if (!object.contains("keys")) return Invalid("`keys` is missing: name the public keys, each as PEM");
  if (auto read = read_texts(object, "keys", kMostKeys, texts); !read) return read;
  for (std::size_t at = 0; at < texts.size(); ++at) {
    auto key = PublicKey::from_pem(texts[at]);
    if (!key) return Invalid(fmt::format("`keys`, number {}: {}", at + 1, key.error()));
    if (std::ranges::any_of(policy.keys, [&](const PublicKey& other) { return other.id() == key->id(); })) {
      return Invalid(fmt::format("`keys`, number {}: stands there twice", at + 1));
    }
    policy.keys.push_back(std::move(*key));
  }
  return {};
}

Status read_annotations(const json& object, Policy& policy) {
  const auto found = object.find("annotations");
  if (found == object.end()) return {};
  if (!found->is_object() || found->size() > kMostAnnotations) {
    return Invalid(fmt::format("`annotations` is not an object of at most {} texts", kMostAnnotations));
  }
  for (const auto& [key, value] : found->items()) {
    if (!value.is_string()) return Invalid(fmt::format("`annotations`: {} is not a text", printable_text(key)));
    policy.annotations[key] = value.get<std::string>();
  }
  return {};
}

/// Not left to the JSON library, whose errors are exceptions.
bool is_pointer(std::string_view text) {
  if (!text.starts_with('/')) return false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '~') continue;
    if (at + 1 == text.size() || (text[at + 1] != '0' && text[at + 1] != '1')) return false;
  }
  return true;
}

tl::expected<TimeSource, std::string> read_source(const json& object) {
  TimeSource source;
  if (object.contains("annotation") == object.contains("signed")) {
    return Invalid("name either `annotation` or `signed`");
  }
  const bool annotation = object.contains("annotation");
  auto text = text_member(object, annotation ? "annotation" : "signed");
  if (!text) return Invalid(text.error());
  if (text->empty()) return Invalid("its name is empty");
  if (!annotation && !is_pointer(*text)) return Invalid("`signed` is not a JSON pointer such as `/predicate/created`");
  (annotation ? source.annotation : source.pointer) = std::move(*text);
  return source;
}

Status read_age(const json& object, Policy& policy) {
  const auto found = object.find("maximalAge");
  if (found == object.end()) return {};
  if (!found->is_object()) return Invalid("`maximalAge` is not an object");
  if (auto read = only_keys(*found, {"seconds", "annotation", "signed"}); !read) {
    return Invalid("`maximalAge`: " + read.error());
  }
  std::size_t seconds = 0;
  if (!found->contains("seconds")) return Invalid("`maximalAge`: `seconds` is missing");
  if (auto read = read_count(*found, "seconds", 1, kLongestAge, seconds); !read) {
    return Invalid("`maximalAge`: " + read.error());
  }
  auto source = read_source(*found);
  if (!source) return Invalid("`maximalAge`: " + source.error());
  policy.maximal_age = MaximalAge{std::chrono::seconds(seconds), std::move(*source)};
  return {};
}

Status read_expiry(const json& object, Policy& policy) {
  const auto found = object.find("expires");
  if (found == object.end()) return {};
  if (!found->is_object()) return Invalid("`expires` is not an object");
  if (auto read = only_keys(*found, {"annotation", "signed"}); !read) return Invalid("`expires`: " + read.error());
  auto source = read_source(*found);
  if (!source) return Invalid("`expires`: " + source.error());
  policy.expires = std::move(*source);
  return {};
}

Status read_distinct(const json& object, Policy& policy) {
  if (!object.contains("distinct")) return {};
  const auto text = text_member(object, "distinct");
  if (!text || (*text != "keys" && *text != "documents"))
    return Invalid("`distinct` is neither `keys` nor `documents`");
  policy.distinct = *text == "keys" ? Distinct::kKeys : Distinct::kDocuments;
  return {};
}

Status read_policy(const json& object, Policy& policy) {
  if (auto read = only_keys(object, {"schema", "keys", "artifactTypes", "statementTypes", "annotations", "signatures",
                                     "distinct", "mostExamined", "maximalAge", "expires"});
      !read) {
    return read;
  }
  const auto schema = text_member(object, "schema");
  if (!schema) return Invalid(fmt::format(R"({}: write "schema": "{}")", schema.error(), kPolicySchema));
  if (*schema != kPolicySchema) {
    return Invalid(fmt::format("its schema is {}; this build reads `{}`", printable_text(*schema), kPolicySchema));
  }
  const Status parts[] = {
      read_keys(object, policy),
      read_texts(object, "artifactTypes", kMostTypes, policy.artifact_types),
      read_texts(object, "statementTypes", kMostTypes, policy.statement_types),
      read_annotations(object, policy),
      read_count(object, "signatures", 1, kMostSignatures, policy.signatures),
      read_distinct(object, policy),
      read_count(object, "mostExamined", 1, kMostExamined, policy.most_examined),
      read_age(object, policy),
      read_expiry(object, policy),
  };
  for (const auto& part : parts) {
    if (!part) return part;
  }
  if (policy.distinct == Distinct::kKeys && policy.signatures > policy.keys.size()) {
    return Invalid(fmt::format("{} signatures of different keys are needed, and `keys` names {}", policy.signatures,
                               policy.keys.size()));
  }
  return {};
}

}  // namespace

tl::expected<Policy, std::string> parse_policy(std::string_view json_text) {
  const auto object = parse_object(json_text, "the policy", kLargestPolicy);
  if (!object) return Invalid(object.error());
  Policy policy;
  policy.artifact_types = {std::string(kBundleType), std::string(kSimpleSigningType)};
  policy.statement_types = {std::string(kCosignSign), std::string(kCosignCriticalType)};
  if (auto read = read_policy(*object, policy); !read) return Invalid("the policy: " + read.error());
  return policy;
}

}  // namespace referee::signing
