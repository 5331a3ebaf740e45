#include "conformance/proposals/e.hpp"

#include <algorithm>

namespace referee::suites::proposal_checks {

namespace {

bool is_text(const nlohmann::json& object, const char* key) {
  return object.contains(key) && object[key].is_string() && !object[key].get_ref<const std::string&>().empty();
}

bool is_extension(const nlohmann::json& extension) {
  if (!extension.is_object() || !is_text(extension, "name") || !is_text(extension, "url")) return false;
  if (extension.contains("description") && !extension["description"].is_string()) return false;
  if (!extension.contains("endpoints") || !extension["endpoints"].is_array()) return false;
  return std::ranges::all_of(extension["endpoints"], [](const nlohmann::json& path) { return path.is_string(); });
}

}  // namespace

std::string extensions_in(const http::Response& answer) {
  if (answer.status != 200) return std::to_string(answer.status);
  const auto body = conformance::parse_json(answer.body);
  if (!body || !body->is_object() || !body->contains("extensions") || !body->at("extensions").is_array()) {
    return "no list of extensions";
  }
  return std::ranges::all_of(body->at("extensions"), is_extension) ? "well-formed" : "an extension lacks a field";
}

std::string filter_mark(const http::Response& answer) {
  const auto body = conformance::parse_json(answer.body).value_or(nlohmann::json());
  const auto has_mark = [&](const char* key) {
    if (!body.is_object() || !body.contains("annotations") || !body["annotations"].is_object()) return false;
    const auto& annotations = body["annotations"];
    return annotations.contains(key) && annotations[key].is_string() &&
           annotations[key].get_ref<const std::string&>().find("artifactType") != std::string::npos;
  };
  if (has_mark("org.opencontainers.references.filtersApplied")) return "annotation";
  if (has_mark("org.opencontainers.referrers.filtersApplied")) return "annotation of the release candidate";
  if (answer.header("OCI-Filters-Applied").value_or("").find("artifactType") != std::string::npos) return "header";
  return "no";
}

}  // namespace referee::suites::proposal_checks
