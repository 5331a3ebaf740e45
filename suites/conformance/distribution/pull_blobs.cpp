// distribution-spec, "Pulling blobs", without ranges.

#include "conformance/registration.hpp"
#include "conformance/support.hpp"

namespace referee::suites::distribution {
namespace {

void blob_contents(Catalogue& catalogue) {
  catalogue.add({.id = "oci-1.1/pull-blobs/get",
                 .title = "A blob that was pushed can be pulled, byte for byte",
                 .how = "Pushes 3,000 random bytes and compares what GET brings.",
                 .requirements = {"dist.pull.blob.get-200"},
                 .needs = {},
                 .after = {kPostPut},
                 .kills = {"r.blob.corrupt-get"},
                 .tags = {"pull"},
                 .body = [](Context& t) {
                   const auto blob = t.pushed_blob(3000);
                   const auto answer = t.registry().get_blob(t.repository(), blob.digest().str()).value();
                   EXPECT_THAT(answer, HasStatus(200));
                   EXPECT_THAT(answer, HasBody(blob.bytes()));
                 }});
  catalogue.add({.id = "oci-1.1/pull-blobs/empty",
                 .title = "A blob of zero bytes can be pulled",
                 .how = "Pushes the empty blob and pulls it: 200 without a byte.",
                 .requirements = {"dist.push.blob.empty"},
                 .needs = {},
                 .after = {kPostPut},
                 .kills = {"r.blob.empty-404"},
                 .tags = {"pull"},
                 .body = [](Context& t) {
                   const auto empty = fresh_blob(t, 0);
                   t.push(empty);
                   EXPECT_THAT(t.registry().get_blob(t.repository(), empty.digest().str()).value(), ServesBlob(empty));
                 }});
  catalogue.add({.id = "oci-1.1/pull-blobs/digest-header",
                 .title = "A pulled blob comes with Docker-Content-Digest",
                 .how = "Pulls a blob and looks for the header.",
                 .requirements = {"dist.pull.blob.digest-header"},
                 .needs = {},
                 .after = {kPostPut},
                 .kills = {"r.blob.no-digest-header"},
                 .tags = {"pull", "digest-header"},
                 .body = [](Context& t) {
                   const auto blob = t.pushed_blob();
                   const testing::Matcher<const std::string&> some = testing::Not(testing::IsEmpty());
                   EXPECT_THAT(t.registry().get_blob(t.repository(), blob.digest().str()).value(),
                               HasHeader("Docker-Content-Digest", some));
                 }});
  catalogue.add({.id = "oci-1.1/pull-blobs/digest-header-matches",
                 .title = "Docker-Content-Digest of a pulled blob names its bytes",
                 .how = "Hashes the pushed bytes with the header's own algorithm; a missing header is fine here.",
                 .requirements = {"dist.pull.blob.digest-header-matches"},
                 .needs = {},
                 .after = {kPostPut},
                 .kills = {"r.blob.wrong-digest-header"},
                 .tags = {"pull", "digest-header"},
                 .body = [](Context& t) {
                   const auto blob = t.pushed_blob();
                   EXPECT_THAT(t.registry().get_blob(t.repository(), blob.digest().str()).value(),
                               NamesDigestOf(blob.bytes()));
                 }});
}

void absent_blobs(Catalogue& catalogue) {
  catalogue.add({.id = "oci-1.1/pull-blobs/missing",
                 .title = "A blob that the repository does not hold is answered by 404",
                 .how = "Pushes a blob, then pulls the digest of content that was never pushed.",
                 .requirements = {"dist.pull.blob.missing-404"},
                 .needs = {},
                 .after = {kPostPut},
                 .kills = {"r.blob.missing-200"},
                 .tags = {"pull"},
                 .body = [](Context& t) {
                   t.pushed_blob();
                   EXPECT_THAT(t.registry().get_blob(t.repository(), t.absent_digest().str()).value(), HasStatus(404));
                 }});
  catalogue.add({.id = "oci-1.1/pull-blobs/other-repository",
                 .title = "A blob of another repository is answered by 404",
                 .how = "Pushes different blobs to two repositories and pulls one from the other.",
                 .requirements = {"dist.pull.blob.other-repository-404"},
                 .needs = {},
                 .after = {kPostPut},
                 .kills = {"r.blob.cross-repo"},
                 .tags = {"pull", "isolation"},
                 .body = [](Context& t) {
                   require_second_repository(t);
                   t.pushed_blob();
                   const auto elsewhere = fresh_blob(t);
                   t.push_to(t.other_repository(), elsewhere);
                   EXPECT_THAT(t.registry().get_blob(t.repository(), elsewhere.digest().str()).value(), HasStatus(404));
                 }});
  catalogue.add({.id = "oci-1.1/pull-blobs/unknown-repository",
                 .title = "A blob of a repository that does not exist is answered by 404",
                 .how = "Pulls a digest from a repository that nobody pushed to.",
                 .requirements = {"dist.pull.repository-unknown-404"},
                 .needs = {},
                 .after = {},
                 .kills = {"r.blob.unknown-repo-400"},
                 .tags = {"pull"},
                 .body = [](Context& t) {
                   EXPECT_THAT(t.registry().get_blob(t.absent_repository(), t.absent_digest().str()).value(),
                               HasStatus(404));
                 }});
  catalogue.add({.id = "oci-1.1/pull-blobs/malformed-digest",
                 .title = "A blob by a malformed digest is a client error",
                 .how = "Pulls a digest that is too short, one that is not hexadecimal, and one of no known algorithm.",
                 .requirements = {"dist.pull.blob.digest-format"},
                 .needs = {},
                 .after = {kPostPut},
                 .kills = {"r.blob.bad-digest-500"},
                 .tags = {"pull", "grammar"},
                 .body = [](Context& t) {
                   t.pushed_blob();
                   for (const auto& digest : {"sha256:abc", "sha256:not-hexadecimal", "unknown:0123456789abcdef"}) {
                     EXPECT_THAT(t.registry().get_blob(t.repository(), digest).value(), IsClientError())
                         << "GET of a blob by " << digest
                         << ", which is malformed or of no known algorithm, is refused with a 4xx";
                   }
                 }});
}

}  // namespace

void register_pull_blobs(Catalogue& catalogue) {
  blob_contents(catalogue);
  absent_blobs(catalogue);
}

}  // namespace referee::suites::distribution
