#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "conformance/upgrade/roles.hpp"
#include "referee/conformance/matchers.hpp"
#include "referee/conformance/story.hpp"

namespace referee::suites::upgrade {

using conformance::Arena;
using conformance::Published;
using conformance::Session;
using conformance::Site;

namespace {

constexpr std::size_t kAttachments = 2;

/// An artifact manifest of proposal E: no config, and `refers` names the subject.
oci::Content artifact(const proposals::Attachment& attachment, const oci::Descriptor& subject) {
  nlohmann::ordered_json json{{"mediaType", oci::media_type::kArtifactManifest},
                              {"artifactType", attachment.artifact_type}};
  json["blobs"] = nlohmann::ordered_json::array({oci::to_json(attachment.payload.descriptor())});
  json["refers"] = oci::to_json(subject);
  return {std::string(oci::media_type::kArtifactManifest), json.dump()};
}

/// By digest and then, at last, by tag: the status of that, or 0.
int push_image(proposals::Wire& wire, const Published& image) {
  for (const auto& platform : image.platforms) {
    for (const auto& blob : platform.blobs) {
      if (!wire.push_blob(blob)) return 0;
    }
    if (!wire.put_manifest(platform.digest().str(), platform.manifest)) return 0;
  }
  if (!image.subject.root) return 0;
  const auto answer = wire.put_manifest(image.subject.tag, *image.subject.root);
  return answer ? answer->status : answer.error().status;
}

/// What is wrong with a refusal; empty: nothing. A clear one leaves nothing behind and says why.
std::string refusal_of(const Site& site, const oci::Content& manifest, const http::Response& answer) {
  if (answer.status < 400 || answer.status > 499) return fmt::format("status {} is no refusal", answer.status);
  if (site.holds(manifest.digest().str())) return "it is stored nevertheless";
  const auto json = conformance::parse_json(answer.body);
  const bool says_why = json && json->is_object() && json->contains("errors") && !(*json)["errors"].empty();
  return says_why ? "" : "the refusal does not say why";
}

void attach_artifacts(Arena& arena, const Site& site, Produced& produced) {
  for (const auto& attachment : arena.attachments(kAttachments)) {
    (void)referee::distribution::push_blob(site.registry(), site.repository(), attachment.payload).value();
    const auto manifest = artifact(attachment, produced.image.subject.descriptor);
    const auto answer = site.registry().put_manifest(site.repository(), manifest.digest().str(), manifest).value();
    produced.attached.push_back(answer.status);
    produced.payloads.insert(attachment.payload.digest().str());
    if (answer.status == 201) continue;
    if (auto wrong = refusal_of(site, manifest, answer); !wrong.empty()) produced.refusals.push_back(std::move(wrong));
  }
}

/// The API where there is one, else the list under the digest tag.
Session open_branch(const Site& site) {
  auto session = site.open(variant_of(Ground::kMoto));
  return session.support.present ? std::move(session) : site.open(variant_of(Ground::kBike));
}

void attach_images(Arena& arena, const Site& site, std::size_t count, Produced& produced) {
  auto session = open_branch(site);
  auto subject = produced.image.subject;
  for (const auto& attachment : arena.attachments(count)) {
    const auto done = session.proposal->attach(subject, std::span(&attachment, 1));
    if (!done && done.error().kind == proposals::FailureKind::kTransport) {
      throw conformance::SetupFailed{done.error().message};
    }
    produced.attached.push_back(done ? 201 : done.error().status);
    if (!done) produced.refusals.push_back(done.error().message);
    produced.payloads.insert(attachment.payload.digest().str());
  }
}

void note_tags(const Site& site, Produced& produced) {
  produced.added_tags = site.tags();
  std::erase(produced.added_tags, produced.image.subject.tag);
}

}  // namespace

std::string_view name(Producer producer) {
  constexpr std::array<std::string_view, 3> kNames{"leaf", "branch", "tree"};
  return kNames.at(static_cast<std::size_t>(producer));
}

std::string_view name(Ground ground) {
  return ground == Ground::kBike ? "bike" : "moto";
}

const proposals::Variant& variant_of(Ground ground) {
  return *proposals::find_variant(ground == Ground::kBike ? "E/tag" : "E/api");
}

Site find_ground(Arena& arena, Ground ground) {
  const auto& profile = variant_of(ground).profile;
  const auto* embedded = arena.context().embedded();
  if (!arena.context().fresh_registries()) {
    // A real registry without any such API is as old as one of ours.
    const bool old = ground == Ground::kBike && !arena.context().has(referee::distribution::Capability::kReferrers) &&
                     !arena.context().has(referee::distribution::Capability::kRefers);
    if (embedded != nullptr ? embedded->profile == profile : old) {
      arena.context().observe("registry", "the target");
      return arena.home();
    }
  }
  arena.context().observe("registry", "a reference registry, " + profile);
  return arena.peer(profile);
}

Produced produce(Arena& arena, const Site& site, Producer producer) {
  Produced produced;
  produced.image = arena.build("v1");
  proposals::Wire wire(site.registry(), site.repository());
  produced.image_status = push_image(wire, produced.image);
  if (producer == Producer::kBranch) attach_images(arena, site, kAttachments, produced);
  if (producer == Producer::kTree) attach_artifacts(arena, site, produced);
  note_tags(site, produced);
  return produced;
}

void produce_more(Arena& arena, const Site& site, Produced& produced) {
  attach_images(arena, site, 1, produced);
  note_tags(site, produced);
}

}  // namespace referee::suites::upgrade
