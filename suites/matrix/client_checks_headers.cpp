#include <fmt/format.h>

#include <algorithm>

#include "client_judges.hpp"

/// What clients make of response headers, and what they send in theirs.
namespace referee::suites::clients {
namespace {

using runtimes::Operation;

/// A header that names another digest: whoever uses it must see that it is wrong.
Finding not_misled(const Evidence& seen) {
  if (!seen.succeeded()) return right("refused");
  if (seen.operation == Operation::kBlob || has_image(seen)) {
    auto finding = must_succeed(seen);
    finding.notes.emplace_back("the header is ignored");
    return finding;
  }
  return wrong("it took the digest of the header for that of the image");
}

Finding names_types(const Evidence& seen) {
  if (!seen.succeeded()) return unclear("it fails on an ordinary registry");
  const auto count = count_requests(seen, is_pull_of_manifest);
  if (count == 0) return unclear("it pulled no manifest");
  const auto bad = std::ranges::find_if(seen.traffic, [](const registry::AccessRecord& record) {
    return is_pull_of_manifest(record) && record.accept.find(oci::media_type::kManifest) == std::string::npos;
  });
  if (bad != seen.traffic.end()) {
    return wrong(bad->accept.empty() ? std::string("it pulls a manifest without Accept")
                                     : fmt::format("Accept does not name the image manifest: {}", bad->accept));
  }
  const auto* first = find_request(seen, is_pull_of_manifest);
  const bool indexes = first != nullptr && first->accept.find(oci::media_type::kIndex) != std::string::npos;
  return indexes ? right() : right("Accept of the first pull names no index");
}

}  // namespace

void add_header_checks(Checks& to) {
  to.push_back({.id = "type-mismatch",
                .about = "A manifest comes with the Content-Type of Docker's, which its mediaType contradicts.",
                .requirements = {"client.pull.media-type"},
                .expected = "refused",
                .content = one_image,
                .scene = {.deviations = {"l.manifest.docker-type"}},
                .judge = must_refuse});
  to.push_back({.id = "type-parameters",
                .about = "The Content-Type of a manifest has a parameter.",
                .requirements = {"client.pull.type-parameters"},
                .expected = "pulled",
                .content = one_image,
                .scene = {.deviations = {"r.get.ct-parameters"}},
                .judge = must_succeed});
  to.push_back({.id = "digest-header-manifest",
                .about = "Pulled by tag, a manifest comes with the Docker-Content-Digest of something else.",
                .requirements = {"client.pull.digest-header"},
                .expected = "not believed",
                .content = one_image,
                .scene = {.deviations = {"r.get.wrong-digest-header", "r.head.wrong-digest-header"}},
                .judge = not_misled});
  to.push_back({.id = "digest-header-blob",
                .about = "A blob comes with the Docker-Content-Digest of something else.",
                .requirements = {"client.pull.digest-header"},
                .expected = "not believed",
                .operation = Operation::kBlob,
                .content = one_blob,
                .scene = {.deviations = {"r.blob.wrong-digest-header"}},
                .judge = not_misled});
  to.push_back({.id = "accept",
                .about = "Accept of every pull of a manifest names the types that the client takes.",
                .requirements = {"client.pull.accept"},
                .expected = "Accept",
                .content = one_image,
                .judge = names_types,
                .twin = std::nullopt});
  to.push_back({.id = "warning",
                .about = "Every answer has a Warning.",
                .requirements = {"client.warning"},
                .expected = "pulled",
                .content = one_image,
                .scene = {.deviations = {"v.warning"}},
                .judge = must_succeed});
  to.push_back({.id = "warning-fetched",
                .about = "A manifest is printed as it is, although every answer has a Warning.",
                .requirements = {"client.warning"},
                .expected = "printed",
                .operation = Operation::kManifest,
                .content = one_image,
                .scene = {.deviations = {"v.warning"}},
                .judge = must_succeed});
}

}  // namespace referee::suites::clients
