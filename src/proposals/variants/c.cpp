#include "c.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "registration.hpp"

namespace referee::proposals {
namespace {

using oci::media_type::kNode;

/// A text, or an object with a text under `description`: the proposal's sample is neither.
nlohmann::json described(const http::Response& response) {
  auto json = parse_document(response.body);
  if (json.is_object() && json.contains("description")) json = json["description"];
  if (json.is_string()) json = parse_document(json.get_ref<const std::string&>());
  return json;
}

}  // namespace

std::string C::path(std::string_view what, std::string_view reference) const {
  return fmt::format("/v3/{}/{}/{}", wire().repository(), what, reference);
}

Outcome<Support> C::probe() {
  const auto answer = wire().request("GET", "/v3/", {}, {}, {200, 400, 401, 404, 405});
  if (!answer) return tl::unexpected(answer.error());
  return Support{answer->status == 200, fmt::format("GET /v3/ answered {}", answer->status)};
}

Parcel C::build(const Attachment& attachment, const oci::Descriptor& subject) const {
  // Nodes know no types and no annotations: the description says both, in a form that this client can read back.
  nlohmann::ordered_json description{{"artifactType", attachment.artifact_type}};
  if (!attachment.annotations.empty()) description["annotations"] = attachment.annotations;
  nlohmann::ordered_json node{{"schemaVersion", 3}, {"mediaType", kNode}, {"description", description.dump()}};
  node["objects"] = nlohmann::ordered_json::array({oci::to_json(attachment.payload.descriptor())});
  node["reference"] = oci::to_json(subject);
  oci::Content content(std::string(kNode), node.dump());
  Entry entry;
  entry.descriptor = content.descriptor();
  entry.artifact_type = attachment.artifact_type;
  entry.annotations = attachment.annotations;
  return {std::move(content), {attachment.payload}, std::move(entry)};
}

Outcome<void> C::put(const Parcel& parcel) {
  for (const auto& blob : parcel.blobs) {
    if (auto pushed = wire().push_blob(blob); !pushed) return pushed;
  }
  Wire::Options options;
  options.headers.set("Content-Type", parcel.manifest.media_type());
  const auto answer =
      wire().request("PUT", path("manifests", parcel.manifest.digest().str()), parcel.manifest.bytes(), options, {201});
  if (!answer) return tl::unexpected(answer.error());
  return {};
}

Outcome<std::vector<Entry>> C::list(const Subject& subject, const Filter& /*filter*/) {
  return read_pages(wire(), wire().request("GET", path("referrers", subject.descriptor.digest)), "referrers");
}

Outcome<std::vector<Entry>> C::discover(const Subject& subject, const Filter& filter) {
  auto entries = list(subject, filter);
  if (!entries) return entries;
  const auto question = [this](const Entry& entry) {
    return Ask{Ask::Kind::kPath, path("description", entry.descriptor.digest), {}};
  };
  const auto read = [](Entry& entry, const http::Response& answer) -> Outcome<void> {
    const auto json = described(answer);
    if (!json.is_object()) return {};
    if (json.contains("artifactType") && json["artifactType"].is_string()) entry.artifact_type = json["artifactType"];
    entry.annotations = annotations_of(json.dump());
    return {};
  };
  if (auto done = read_manifests(*this, *entries, question, read); !done) return tl::unexpected(done.error());
  std::erase_if(*entries, [&](const Entry& entry) { return !matches(entry, filter); });
  return entries;
}

Outcome<std::string> C::fetch(const Entry& entry) {
  const auto answer = wire().request("GET", path("objects", entry.descriptor.digest));
  if (!answer) return tl::unexpected(answer.error());
  const auto objects = descriptors_in(*answer, "objects");
  if (!objects) return tl::unexpected(objects.error());
  if (objects->empty()) {
    return tl::unexpected(Failure{FailureKind::kBroken, entry.descriptor.digest + " has no object", 200});
  }
  return wire().get_blob(objects->front().digest);
}

Ask C::first_question(const Entry& entry) const {
  return {Ask::Kind::kPath, path("objects", entry.descriptor.digest), {}};
}

Outcome<oci::Content> C::manifest_in(const Entry& /*entry*/, const http::Response& answer) const {
  // Not the node but its list of objects: what is in it is checked by its own digest.
  return content_of(answer);
}

Outcome<void> C::remove_one(const Entry& entry) {
  const auto answer = wire().request("DELETE", path("manifests", entry.descriptor.digest), {}, {}, {200, 202, 404});
  if (!answer) return tl::unexpected(answer.error());
  return {};
}

Outcome<Parcel> C::pick_up(const Entry& entry) {
  Wire::Options options;
  options.headers.set("Accept", std::string(kNode));
  const auto answer = wire().request("GET", path("manifests", entry.descriptor.digest), {}, options);
  if (!answer) return tl::unexpected(answer.error());
  auto node = content_of(*answer, entry.descriptor.digest);
  if (!node) return tl::unexpected(node.error());
  auto blobs = blobs_of(wire(), *node);
  if (!blobs) return tl::unexpected(blobs.error());
  return Parcel{std::move(*node), std::move(*blobs), entry};
}

Variant variant_c() {
  return {"C", "C", "c", false, false, opens<C>(), {Trail::Kind::kField, "reference", kNode}};
}

}  // namespace referee::proposals
