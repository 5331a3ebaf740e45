// The control port: what an operator does to a registry.
#include "handlers.hpp"
#include "problem.hpp"
#include "query.hpp"

namespace referee::registry {

namespace {

Response json_answer(std::string body) {
  Response response;
  response.headers.add("Content-Type", "application/json");
  response.body = std::move(body);
  return response;
}

Response collect(Core& core) {
  const auto counts = core.collect_garbage();
  const auto pair = [](std::uint64_t manifests, std::uint64_t blobs) {
    return R"({"manifests":)" + std::to_string(manifests) + R"(,"blobs":)" + std::to_string(blobs) + "}";
  };
  return json_answer(R"({"removed":)" + pair(counts.manifests, counts.blobs) + R"(,"kept":)" +
                     pair(counts.kept_manifests, counts.kept_blobs) + "}\n");
}

Response switch_to(std::string_view name, Core& core) {
  const auto rescanned = core.switch_profile(name);
  if (!rescanned) return problem(400, code::kUnsupported, "there is no profile of this name");
  std::string body = R"({"profile":)";
  append_json_string(body, name);
  return json_answer(body + R"(,"rescanned":)" + std::to_string(*rescanned) + "}\n");
}

}  // namespace

Response handle_control(const Request& request, Core& core) {
  const auto path = request.target.substr(0, request.target.find('?'));
  if (path != "/gc" && path != "/profile") return problem(404, code::kUnsupported, "no such control");
  if (request.method != Method::kPost) {
    auto response = problem(405, code::kUnsupported, "this method is not allowed here");
    response.headers.add("Allow", "POST");
    return response;
  }
  return path == "/gc" ? collect(core) : switch_to(request.query.get("name").value_or(""), core);
}

}  // namespace referee::registry
