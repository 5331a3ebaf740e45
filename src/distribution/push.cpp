#include "referee/distribution/registry.hpp"
#include "referee/http/url.hpp"

namespace referee::distribution {

Result push_blob(Registry& registry, std::string_view repository, const oci::Content& blob) {
  Options options;
  if (blob.digest().algorithm() != oci::Algorithm::kSha256) {
    options.query.emplace_back("digest-algorithm", oci::name(blob.digest().algorithm()));
  }
  Result started = registry.start_upload(repository, options);
  if (!started || started->status != 202) return started;
  const auto location = started->header("Location");
  if (!location) return started;
  return registry.finish_upload(repository, http::resolve(started->url, *location), blob.digest().str(), blob.bytes());
}

Result push_package(Registry& registry, std::string_view repository, const oci::Package& package,
                    std::string_view reference) {
  for (const oci::Content& blob : package.blobs) {
    Result pushed = push_blob(registry, repository, blob);
    if (!pushed || pushed->status != 201) return pushed;
  }
  const std::string digest = package.digest().str();
  return registry.put_manifest(repository, reference.empty() ? std::string_view(digest) : reference, package.manifest);
}

}  // namespace referee::distribution
