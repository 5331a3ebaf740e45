#include "deviation_tools.hpp"

#include <nlohmann/json.hpp>

namespace referee::registry {

std::string& read_body(Response& response) {
  static constexpr std::size_t kMost = 64UL * 1024 * 1024;
  if (!response.content) return response.body;
  std::string scratch;
  response.body.clear();
  while (response.body.size() < response.length && response.body.size() < kMost) {
    const auto piece =
        response.content->read(response.offset + response.body.size(), response.length - response.body.size(), scratch);
    if (piece.empty()) break;
    response.body.append(piece);
  }
  response.content.reset();
  return response.body;
}

void edit_json(Response& response, void (*edit)(nlohmann::ordered_json& root)) {
  auto root = nlohmann::ordered_json::parse(read_body(response), nullptr, false);
  if (root.is_discarded()) return;
  edit(root);
  response.body = root.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

nlohmann::json stored_manifest(Core& core, const std::string& repository, const std::string& reference) {
  static constexpr std::uint64_t kMost = 64ULL * 1024 * 1024;
  const auto manifest = core.store().find_manifest(repository, reference);
  const auto content = manifest ? core.store().open_manifest(manifest->digest) : nullptr;
  const auto bytes = content ? read_all(*content, kMost).value_or("") : std::string();
  return nlohmann::json::parse(bytes, nullptr, false);
}

nlohmann::json entry_manifest(const Request& request, Core& core, const nlohmann::ordered_json& entry) {
  return stored_manifest(core, request.route.repository, entry.value("digest", std::string()));
}

bool holds(const nlohmann::ordered_json& list, const std::string& digest) {
  return std::ranges::any_of(list, [&](const auto& entry) { return entry.value("digest", std::string()) == digest; });
}

void spoil_location(Response& response) {
  auto location = std::string(response.headers.value("Location"));
  if (location.empty()) return;
  location.back() = location.back() == '0' ? '1' : '0';
  response.headers.set("Location", location);
}

std::string digest_parameter(const Request& request) {
  return std::string(request.query.get("digest").value_or(std::string_view{}));
}

}  // namespace referee::registry
