#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "support.hpp"

namespace referee::signing {

/// The least that a policy needs.
inline nlohmann::json sample_policy() {
  return {{"schema", "referee.policy/1"}, {"keys", {p256_key().public_key().pem()}}};
}

/// Every field, none with its default.
inline nlohmann::json full_policy() {
  return {{"schema", "referee.policy/1"},
          {"keys", {p256_key().public_key().pem(), ed25519_key_of_seed().public_key().pem()}},
          {"artifactTypes", {"application/vnd.example"}},
          {"statementTypes", {"https://example.com/p"}},
          {"annotations", {{"a", "b"}}},
          {"signatures", 2},
          {"distinct", "documents"},
          {"mostExamined", 15},
          {"maximalAge", {{"seconds", 60}, {"annotation", "org.opencontainers.image.created"}}},
          {"expires", {{"signed", "/predicate/expires"}}}};
}

/// One field of a full policy changed; null: without it.
struct PolicyMistake {
  std::string pointer;
  nlohmann::json value;
  std::string_view error;
  bool schema_sees_it = true;  ///< whether a JSON schema can tell

  [[nodiscard]] nlohmann::json document() const {
    auto changed = full_policy();
    const nlohmann::json::json_pointer at(pointer);
    if (value.is_null()) {
      changed[at.parent_pointer()].erase(at.back());
    } else {
      changed[at] = value;
    }
    return changed;
  }
};

std::vector<PolicyMistake> policy_mistakes();

}  // namespace referee::signing
