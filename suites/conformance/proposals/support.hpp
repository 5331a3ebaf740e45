#pragma once

#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/distribution/listing.hpp"
#include "conformance/support.hpp"
#include "referee/conformance/arena.hpp"

/// What the checks of the reference-types proposals share: manifests that no builder knows, lists in their several
/// forms, and registries of a check's own, for what an operator does.
namespace referee::suites::proposal_checks {

using Json = nlohmann::ordered_json;
using suites::distribution::ask_until;
using suites::distribution::at_once;
using suites::distribution::digests;
using suites::distribution::gone_manifest;
using suites::distribution::with_query;

using Profiles = std::vector<std::string>;
inline const Profiles kOnA{"a", "a-lenient"};
inline const Profiles kOnB{"b"};
inline const Profiles kOnC{"c"};
inline const Profiles kOnE{"e"};
inline const Profiles kOnOld{"oci-1.0"};

using Needs = std::vector<Capability>;
inline const Needs kNeedsA{Capability::kArtifactReferrers};
inline const Needs kNeedsB{Capability::kReferences};
inline const Needs kNeedsC{Capability::kNodes};
inline const Needs kNeedsE{Capability::kRefers};

/// The keys by which A dates an artifact: the first stands in its list of keys, the second in its rules of sorting.
inline constexpr std::string_view kCreated = "org.opencontainers.artifact.created";
inline constexpr std::string_view kCreatedToo = "org.oci.artifact.created";

/// A manifest of this media type with these fields, whatever they are.
oci::Content document(std::string_view media_type, const Json& fields);
/// The fields of an artifact manifest without blobs that no other one equals. `link` is `subject` (A) or `refers` (E).
Json artifact_fields(Context& t, std::string_view type = "signature/example");
Json artifact_fields(Context& t, std::string_view type, std::string_view link, const oci::Descriptor& subject);
oci::Content artifact(const Json& fields);
/// The same, pushed under its digest; ends the check as inconclusive unless it is stored.
oci::Content pushed_artifact(Context& t, std::string_view type, std::string_view link, const oci::Descriptor& subject,
                             const oci::Annotations& annotations = {});

/// A small image manifest with one more field that is a descriptor: `reference` (B) or `refers` (E). Its blobs are
/// pushed, it is not.
oci::Content image_with(Context& t, std::string_view field, const oci::Descriptor& target,
                        const oci::Annotations& annotations = {},
                        std::string_view config_type = "application/vnd.referee.test.v1");
/// The same, pushed under its digest.
oci::Content pushed_image_with(Context& t, std::string_view field, const oci::Descriptor& target,
                               const oci::Annotations& annotations = {},
                               std::string_view config_type = "application/vnd.referee.test.v1");
/// An index of an image that is there, pushed under its digest.
oci::Content pushed_index(Context& t, const oci::Descriptor& child);

/// Pushes the index that a client without an API keeps of a subject's referrers, under the tag of its digest.
void push_list_tag(Context& t, const oci::Package& subject, const std::vector<oci::Content>& entries);

/// Pushes an artifact whose three blobs are in reverse order of their digests, and fails the running check unless it is
/// pulled as it was pushed.
void expect_blob_order_kept(Context& t, std::string_view link);

/// PUT under the digest.
http::Response put(Context& t, const oci::Content& manifest, std::string_view reference = "");
/// GET with an Accept that names the media types of the proposals too.
http::Response get(Context& t, std::string_view reference);

/// One way to ask for the first page of a list.
using Ask = std::function<http::Result()>;
/// The entries of a list under this key; fails the running check if there is no such list.
std::vector<oci::Descriptor> entries_of(const http::Response& page, std::string_view key);
struct List {
  std::vector<http::Response> pages;
  std::vector<oci::Descriptor> entries;
};
/// All pages, asked again until `count` entries are there: nothing says how soon a list follows a push. Fails the
/// running check if a page is not 200, holds no list, or the pages never end.
List read_list(Context& t, const Ask& ask, std::string_view key, std::size_t count = 0);

/// A: `_oci/artifacts/referrers`.
http::Result ask_artifacts(Context& t, std::string_view digest,
                           std::vector<std::pair<std::string, std::string>> query = {},
                           std::string_view repository = "");
List artifacts_of(Context& t, std::string_view digest, std::size_t count = 0,
                  const std::vector<std::pair<std::string, std::string>>& query = {});
/// B: `manifests/<reference>/references`.
http::Result ask_references(Context& t, std::string_view reference, std::string_view repository = "");
List references_of(Context& t, std::string_view reference, std::size_t count = 0);
/// E: `referrers/<digest>`.
List refers_of(Context& t, std::string_view digest, std::size_t count = 0, std::string_view artifact_type = "");

/// Fails the running check unless the list holds exactly these, each once, in any order.
void expect_exactly(const List& list, const std::vector<oci::Content>& expected);

/// The answers of a list and of a manifest to somebody without credentials, who may pull if he may pull at all.
void expect_list_for_readers(Context& t, std::string_view path, std::string_view manifest);
/// The same as an observation.
void observe_list_for_readers(Context& t, std::string_view path, std::string_view manifest);

/// A registry like the judged one, with another profile if wanted, for what would disturb other checks: collecting
/// garbage, switching profiles. Needs kControl.
class OwnRegistry {
 public:
  explicit OwnRegistry(Context& t, std::string_view profile = "");
  /// A context whose verbs speak to it.
  [[nodiscard]] Context& context() { return *context_; }
  /// Collects garbage. Both end the check as inconclusive unless the registry does what it is told.
  void collect();
  void switch_to(std::string_view profile);

 private:
  conformance::Site site_;
  std::unique_ptr<Context> context_;
};

/// "200", or "200 empty" and the like where a list is expected.
std::string status_text(const http::Response& response);

}  // namespace referee::suites::proposal_checks
