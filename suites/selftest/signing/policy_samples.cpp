#include "policy_samples.hpp"

namespace referee::signing {

std::vector<PolicyMistake> policy_mistakes() {
  using nlohmann::json;
  const auto pem = p256_key().public_key().pem();
  const auto texts = [](std::size_t count) {
    json list = json::array();
    for (std::size_t at = 0; at < count; ++at) list.push_back(std::to_string(at));
    return list;
  };
  return {
      {"/schema", nullptr, R"(`schema` is missing: write "schema": "referee.policy/1")"},
      {"/schema", "referee.policy/2", "its schema is `referee.policy/2`"},
      {"/surprise", 1, "unknown field `surprise`"},
      {"/keys", nullptr, "`keys` is missing"},
      {"/keys", json::array(), "`keys` is not a list of 1 to 64"},
      {"/keys", pem, "`keys` is not a list"},
      {"/keys", {1}, "`keys` holds something that is not a text"},
      {"/keys", {pem, pem}, "`keys` names"},
      {"/keys", {pem, "\n" + pem}, "`keys`, number 2: stands there twice", false},
      {"/keys", {"hello"}, "`keys`, number 1: the public key is not PEM"},
      {"/keys", {p256_key().pem()}, "`keys`, number 1: the public key is a private key"},
      {"/keys", texts(65), "`keys` is not a list of 1 to 64"},
      {"/artifactTypes", json::array(), "`artifactTypes` is not a list"},
      {"/artifactTypes", {""}, "`artifactTypes` holds something"},
      {"/artifactTypes", {"a", "a"}, "`artifactTypes` names `a` twice"},
      {"/artifactTypes", texts(17), "`artifactTypes` is not a list of 1 to 16"},
      {"/statementTypes", "a", "`statementTypes` is not a list"},
      {"/annotations", json::array(), "`annotations` is not an object"},
      {"/annotations/a", 1, "`annotations`: `a` is not a text"},
      {"/signatures", 0, "`signatures` is not a whole number from 1 to 1000"},
      {"/signatures", -1, "`signatures` is not a whole number"},
      {"/signatures", 1.5, "`signatures` is not a whole number"},
      {"/signatures", "1", "`signatures` is not a whole number"},
      {"/signatures", 1001, "`signatures` is not a whole number"},
      {"/distinct", "payloads", "`distinct` is neither"},
      {"/distinct", 1, "`distinct` is neither"},
      {"/mostExamined", 0, "`mostExamined` is not a whole number"},
      {"/maximalAge", 60, "`maximalAge` is not an object"},
      {"/maximalAge/seconds", nullptr, "`maximalAge`: `seconds` is missing"},
      {"/maximalAge/seconds", 0, "`maximalAge`: `seconds` is not a whole number"},
      {"/maximalAge/hours", 1, "`maximalAge`: unknown field `hours`"},
      {"/maximalAge/annotation", nullptr, "`maximalAge`: name either `annotation` or `signed`"},
      {"/maximalAge/signed", "/a", "`maximalAge`: name either"},
      {"/maximalAge/annotation", 1, "`maximalAge`: `annotation` is not a text"},
      {"/maximalAge/annotation", "", "`maximalAge`: its name is empty"},
      {"/expires", "tomorrow", "`expires` is not an object"},
      {"/expires", json::object(), "`expires`: name either"},
      {"/expires/seconds", 1, "`expires`: unknown field"},
      {"/expires/signed", "predicate", "`expires`: `signed` is not a JSON pointer"},
      {"/expires/signed", "/a~", "`expires`: `signed` is not a JSON pointer"},
      {"/expires/signed", "/a~2b", "`expires`: `signed` is not a JSON pointer"},
  };
}

}  // namespace referee::signing
