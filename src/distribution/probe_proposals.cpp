// The interfaces of the reference-types proposals, which no registry has to have: each is asked for by using it once.
#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "prober.hpp"

namespace referee::distribution {
namespace {

using ProposalJson = nlohmann::ordered_json;

/// How a registry answers what it has never heard of. The proposals leave the status open but for E's 404.
bool unheard_of(const Answer& answer) {
  return answer.status() == 404 || answer.status() == 405 || answer.status() == 400 || answer.status() == 501;
}

bool lists(const Answer& answer, const oci::Content& manifest) {
  return answer.status() == 200 && answer.result->body.find(manifest.digest().str()) != std::string::npos;
}

oci::Content artifact_manifest(std::string_view field, const oci::Descriptor& subject) {
  ProposalJson json{{"mediaType", oci::media_type::kArtifactManifest},
                    {"artifactType", "application/vnd.referee.probe.a"},
                    {"blobs", ProposalJson::array()}};
  json[std::string(field)] = oci::to_json(subject);
  return {std::string(oci::media_type::kArtifactManifest), json.dump()};
}

}  // namespace

void Prober::ask_about_proposals() {
  using Question = void (Prober::*)();
  static constexpr std::array<std::pair<Capability, Question>, 4> kQuestions{{
      {Capability::kArtifactReferrers, &Prober::ask_about_artifacts},
      {Capability::kReferences, &Prober::ask_about_references},
      {Capability::kNodes, &Prober::ask_about_nodes},
      {Capability::kRefers, &Prober::ask_about_refers},
  }};
  bool ready = false;
  for (const auto& [capability, question] : kQuestions) {
    if (!options_.proposals.contains(capability)) continue;
    // Earlier questions may have deleted the image: it is put back under its tag.
    if (!std::exchange(ready, true)) (void)put(tag("subject"), image_.manifest);
    (this->*question)();
  }
}

void Prober::ask_about_artifacts() {
  const auto artifact = artifact_manifest("subject", image_.descriptor());
  const Answer pushed = put(artifact.digest().str(), artifact);
  Options query;
  query.query = {{"digest", image_.digest().str()}};
  const std::string path = fmt::format("/v2/{}/_oci/artifacts/referrers", options_.repository);
  const Answer listed = answer("GET " + path + "?digest=", registry_.request("GET", path, {}, query));
  // Proposal E has the same path, and an index there.
  const bool index = listed.status() == 200 && listed.result->body.find("\"manifests\"") != std::string::npos;
  const bool absent = unheard_of(listed) || (index && !lists(listed, artifact));
  record(Capability::kArtifactReferrers, !absent, {&pushed, &listed});
}

void Prober::ask_about_references() {
  const oci::Package referrer = another_manifest().field("reference", oci::to_json(image_.descriptor()).dump()).build();
  const Answer pushed = put(referrer.digest().str(), referrer.manifest);
  const std::string digest = image_.digest().str();
  const Answer listed =
      answer(fmt::format("GET /v2/{}/manifests/{}/references", options_.repository, shortened(digest)),
             registry_.request("GET", fmt::format("/v2/{}/manifests/{}/references", options_.repository, digest)));
  record(Capability::kReferences, !unheard_of(listed), {&pushed, &listed});
}

void Prober::ask_about_nodes() {
  const Answer base = answer("GET /v3/", registry_.request("GET", "/v3/"));
  // A server in front that wants credentials for every path says nothing about this one.
  const bool hidden = base.status() == 401 || base.status() == 403;
  record(Capability::kNodes, !unheard_of(base) && !hidden, {&base});
}

void Prober::ask_about_refers() {
  const oci::Descriptor subject = image_.descriptor();
  const oci::Package image = another_manifest().field("refers", oci::to_json(subject).dump()).build();
  const oci::Content artifact = artifact_manifest("refers", subject);
  const oci::Package adopted = another_manifest().subject(subject).build();
  // Tagged, so that a registry that lists nothing else is not taken for one without the interface.
  const Answer pushed = put(tag("refers"), image.manifest);
  const Answer pushed_artifact = put(tag("refers-artifact"), artifact);
  const Answer pushed_adopted = put(adopted.digest().str(), adopted.manifest);
  const Answer listed = answer(fmt::format("GET /v2/{}/referrers/{}", options_.repository, shortened(subject.digest)),
                               registry_.referrers(options_.repository, subject.digest));
  const bool refers = lists(listed, image.manifest) || lists(listed, artifact);
  // OCI 1.1 has the same path and reads `subject`.
  const bool adopts = pushed_adopted.has("OCI-Subject") || lists(listed, adopted.manifest);
  const bool present = refers || (!unheard_of(listed) && !adopts);
  record(Capability::kRefers, present, {&pushed, &pushed_artifact, &listed},
         refers   ? "with a manifest that has `refers`"
         : adopts ? "by `subject`, as OCI 1.1 has it"
                  : "without a manifest that has `refers`");
}

}  // namespace referee::distribution
