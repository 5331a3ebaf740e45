#include <fmt/format.h>

#include "prober.hpp"

namespace referee::distribution {
namespace {

// How a registry says that it does not delete (distribution-spec, "Content Management").
bool disabled(const Answer& answer) {
  return answer.status() == 400 || answer.status() == 405;
}

}  // namespace

// Last of all, and on objects that no other question is about.
void Prober::ask_about_deletes() {
  const std::string& repository = options_.repository;
  const std::string doomed_tag = tag("deleted");
  const Answer tagged = put(doomed_tag, image_.manifest);
  if (tagged.succeeded()) {
    const Answer deleted = answer(fmt::format("DELETE /v2/{}/manifests/{}", repository, doomed_tag),
                                  registry_.delete_manifest(repository, doomed_tag));
    record(Capability::kTagDelete, !disabled(deleted), {&deleted});
  } else {
    not_asked(Capability::kTagDelete, tagged);
  }

  const oci::Content manifest = another_manifest().build().manifest;
  const std::string digest = manifest.digest().str();
  const Answer pushed = put(digest, manifest);
  if (pushed.succeeded()) {
    const Answer deleted = answer(fmt::format("DELETE /v2/{}/manifests/{}", repository, shortened(digest)),
                                  registry_.delete_manifest(repository, digest));
    record(Capability::kManifestDelete, !disabled(deleted), {&deleted});
  } else {
    not_asked(Capability::kManifestDelete, pushed);
  }

  const oci::Content blob = small_blob();
  const Answer stored = push(repository, blob);
  if (stored.succeeded()) {
    const Answer deleted = answer(fmt::format("DELETE /v2/{}/blobs/{}", repository, shortened(blob.digest().str())),
                                  registry_.delete_blob(repository, blob.digest().str()));
    record(Capability::kBlobDelete, !disabled(deleted), {&deleted});
  } else {
    not_asked(Capability::kBlobDelete, stored);
  }
}

}  // namespace referee::distribution
