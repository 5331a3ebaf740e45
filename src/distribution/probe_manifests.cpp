#include <fmt/format.h>

#include "prober.hpp"

namespace referee::distribution {
namespace {

constexpr std::size_t kLargestManifest = 16UL * 1024 * 1024;

}  // namespace

void Prober::ask_about_tags() {
  const Answer listed =
      answer(fmt::format("GET /v2/{}/tags/list", options_.repository), registry_.list_tags(options_.repository));
  record(Capability::kTagList, listed.status() != 404 && listed.status() != 405, {&listed});

  const Answer got = answer(fmt::format("GET /v2/{}/manifests/{}", options_.repository, tag("")),
                            registry_.get_manifest(options_.repository, tag("")));
  const bool tagged = got.has("ETag");
  record(Capability::kConditional, tagged || got.status() != 200, {&got}, tagged ? "with an ETag" : "without an ETag");

  Options tags;
  tags.query = {{"tag", tag("a")}, {"tag", tag("b")}};
  const oci::Content manifest = another_manifest().build().manifest;
  const Answer put_with_tags = put(manifest.digest().str(), manifest, tags);
  const bool understood = put_with_tags.has("OCI-Tag");
  // A registry that knows nothing of these parameters ignores them or refuses the request.
  const bool ignored = !understood && (put_with_tags.succeeded() || put_with_tags.refused());
  record(Capability::kTagParameters, !ignored, {&put_with_tags},
         understood ? "to ?tag=&tag= with OCI-Tag" : "to ?tag=&tag= without OCI-Tag");
}

void Prober::ask_about_manifests() {
  const oci::Package docker = oci::docker_image(random_);
  bool blobs_there = true;
  for (const oci::Content& blob : docker.blobs) {
    const Answer pushed = push(options_.repository, blob);
    if (pushed.succeeded()) continue;
    blobs_there = false;
    not_asked(Capability::kDockerTypes, pushed);
    break;
  }
  if (blobs_there) {
    const Answer put_docker = put(docker.digest().str(), docker.manifest);
    record(Capability::kDockerTypes, !put_docker.refused(), {&put_docker}, "to a Docker manifest");
  }

  const oci::Content same = another_manifest().build().manifest;
  const std::string sha512 = oci::Digest::of(same.bytes(), oci::Algorithm::kSha512).str();
  const Answer put_sha512 = put(sha512, same);
  record(Capability::kSha512Manifests, !put_sha512.refused(), {&put_sha512}, "to a manifest under its sha512");

  oci::Descriptor child = another_manifest().build().descriptor();
  child.platform = oci::Platform{"amd64", "linux", "", ""};
  const oci::Content sparse = oci::IndexBuilder().manifest(child).build();
  const Answer put_sparse = put(sparse.digest().str(), sparse);
  record(Capability::kSparseIndex, !put_sparse.refused(), {&put_sparse}, "to an index without its child");

  const oci::Content large = another_manifest().pad_to(kLargestManifest).build().manifest;
  const Answer put_large = put(large.digest().str(), large);
  record(Capability::kManifestLimit, !put_large.succeeded(), {&put_large}, "to a manifest of 16 MiB");
  if (put_large.succeeded()) registry_.delete_manifest(options_.repository, large.digest().str());
}

}  // namespace referee::distribution
