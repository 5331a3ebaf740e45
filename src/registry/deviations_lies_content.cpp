// What clients are put in front of: other content than what they asked for, made so that only its digest, size or type
// gives it away. A layer is a blob that is no JSON here, since a config is JSON.
#include "deviation_tools.hpp"
#include "referee/oci/media_types.hpp"

namespace referee::registry {

namespace {

constexpr std::size_t kEndless = 32UL * 1024 * 1024;

bool gives_blob(const Request& request, const Response& response) {
  return on(request, Method::kGet, Endpoint::kBlob) && (response.status == 200 || response.status == 206);
}
/// The body of a layer, or nullptr if this answer is none.
std::string* layer_of(const Request& request, Response& response) {
  if (!gives_blob(request, response)) return nullptr;
  auto& body = read_body(response);
  return body.starts_with('{') ? nullptr : &body;
}
std::string* manifest_of(const Request& request, Response& response) {
  if (!on(request, Method::kGet, Endpoint::kManifest) || response.status != 200) return nullptr;
  return &read_body(response);
}

/// Half of a layer, then the end of the connection.
void cut_layer(const Request& request, Response& response) {
  if (response.status == 200 && layer_of(request, response) != nullptr) response.cut_after = response.body.size() / 2;
}

std::string pushed_note(const Request& request) {
  return "pushed: " + request.route.repository;
}

/// Notes the blobs and manifests that come in: those that were there before are not exchanged.
void note_pushed(const Request& request, const Response& response, Core& core) {
  if (response.status != 201) return;
  const auto endpoint = request.route.endpoint;
  if (on(request, Method::kPut, Endpoint::kManifest)) {
    add_note(core, pushed_note(request), std::string(response.headers.value("Docker-Content-Digest")));
  } else if (endpoint == Endpoint::kUpload || endpoint == Endpoint::kUploads) {
    add_note(core, pushed_note(request), digest_parameter(request));
  }
}

std::shared_ptr<ContentReader> stored(const Request& request, Core& core, const std::string& digest) {
  const auto& repository = request.route.repository;
  if (request.route.endpoint == Endpoint::kBlob) return core.store().find_blob(repository, digest);
  return core.store().find_manifest(repository, digest) ? core.store().open_manifest(digest) : nullptr;
}

/// Answers with the bytes of another blob or manifest of the same size, if the repository has one.
void exchange(const Request& request, Response& response, Core& core) {
  note_pushed(request, response, core);
  const bool content = on(request, Method::kGet, Endpoint::kBlob) || on(request, Method::kGet, Endpoint::kManifest);
  const bool answered = content && response.status == 200 && response.content != nullptr;
  if (!answered || by_tag(request)) return;
  for (const auto& digest : note_lines(core, pushed_note(request))) {
    if (digest == request.route.reference) continue;
    auto other = stored(request, core, digest);
    if (!other || other->size() != response.length) continue;
    response.content = std::move(other);
    return;
  }
}

const Deviation kContentLies[] = {
    {.info = {"l.exchanged", kLie,
              "what is asked for by digest is another blob or manifest of the same size, if the repository has one"},
     .after = exchange},
    {.info = {"l.manifest.padded", kLie, "a manifest has a newline more than it was pushed with"},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (auto* body = manifest_of(request, response)) body->push_back('\n');
         }},
    {.info = {"l.manifest.truncated", kLie, "the last byte of a manifest is missing"},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (auto* body = manifest_of(request, response); body != nullptr && !body->empty()) body->pop_back();
         }},
    {.info = {"l.manifest.docker-type", kLie, "OCI image manifests come with the Content-Type of Docker's"},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (reads(request, Endpoint::kManifest) && response.status == 200 &&
               response.headers.value("Content-Type") == oci::media_type::kManifest) {
             response.headers.set("Content-Type", std::string(oci::media_type::kDockerManifest));
           }
         }},
    {.info = {"l.config.padded", kLie, "a config has a newline more than it was pushed with"},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (!gives_blob(request, response)) return;
           if (auto& body = read_body(response); body.starts_with('{')) body.push_back('\n');
         }},
    {.info = {"l.layer.padded", kLie, "a layer has 512 zero bytes more than it was pushed with"},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (auto* body = layer_of(request, response)) body->append(512, '\0');
         }},
    {.info = {"l.layer.truncated", kLie, "the last 512 bytes of a layer are missing"},
     .after =
         [](const Request& request, Response& response, Core&) {
           auto* body = layer_of(request, response);
           if (body != nullptr && body->size() > 512) body->resize(body->size() - 512);
         }},
    {.info = {"l.layer.endless", kLie, "a layer is followed by 32 MiB of zeros, without a Content-Length"},
     .after =
         [](const Request& request, Response& response, Core&) {
           auto* body = layer_of(request, response);
           if (body == nullptr) return;
           body->append(kEndless, '\0');
           response.framing = Framing::kChunked;
         }},
    {.info = {"l.layer.cut", kLie, "the connection ends within a layer, each time"},
     .adjust = [](Rules& rules) { rules.features.range = false; },
     .after = [](const Request& request, Response& response, Core&) { cut_layer(request, response); }},
    {.info = {"l.layer.rest-short", kLie, "a part of a layer that was asked for with Range lacks its last byte"},
     .after =
         [](const Request& request, Response& response, Core&) {
           auto* body = layer_of(request, response);
           if (response.status == 206 && body != nullptr && !body->empty()) body->pop_back();
         }},
    {.info = {"l.layer.cut-once", kLie, "the connection ends within a layer, the first time"},
     .after =
         [](const Request& request, Response& response, Core& core) {
           if (response.status != 200 || layer_of(request, response) == nullptr) return;
           if (core.count("cut: " + request.route.repository + request.route.reference) == 0) {
             cut_layer(request, response);
           }
         }},
};

}  // namespace

std::span<const Deviation> content_lies() {
  return kContentLies;
}

}  // namespace referee::registry
