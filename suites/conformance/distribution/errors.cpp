// distribution-spec, "Error Codes". A body of any other format than JSON is legal, and then there is nothing to judge.

#include <algorithm>
#include <array>
#include <functional>
#include <nlohmann/json.hpp>

#include "conformance/registration.hpp"
#include "conformance/support.hpp"

namespace referee::suites::distribution {
namespace {

/// code-1 to code-14, and the two of Docker's schema 1 that a client has to expect.
constexpr std::array<std::string_view, 16> kCodes{
    "BLOB_UNKNOWN",          "BLOB_UPLOAD_INVALID", "BLOB_UPLOAD_UNKNOWN", "DIGEST_INVALID",
    "MANIFEST_BLOB_UNKNOWN", "MANIFEST_INVALID",    "MANIFEST_UNKNOWN",    "NAME_INVALID",
    "NAME_UNKNOWN",          "SIZE_INVALID",        "UNAUTHORIZED",        "DENIED",
    "UNSUPPORTED",           "TOOMANYREQUESTS",     "TAG_INVALID",         "MANIFEST_UNVERIFIED"};

/// The JSON body of an error answer; nullopt where it has none.
std::optional<nlohmann::json> document_of(const http::Response& answer) {
  if (answer.status < 400 || answer.status > 499) return std::nullopt;
  auto document = conformance::parse_json(answer.body);
  if (!document || !document->is_structured()) return std::nullopt;
  return document;
}

/// The entries of `errors` that are objects.
std::vector<nlohmann::json> entries_of(const http::Response& answer) {
  std::vector<nlohmann::json> entries;
  const auto document = document_of(answer);
  if (!document || !document->is_object() || !document->contains("errors")) return entries;
  for (const auto& entry : document->at("errors")) {
    if (entry.is_object()) entries.push_back(entry);
  }
  return entries;
}

std::vector<std::string> codes_of(const http::Response& answer) {
  std::vector<std::string> codes;
  for (const auto& entry : entries_of(answer)) {
    if (entry.contains("code") && entry.at("code").is_string()) codes.push_back(entry.at("code").get<std::string>());
  }
  return codes;
}

MATCHER(HasErrorForm, "a body that is no JSON, or an object with a list `errors` of objects with a code") {
  const auto document = document_of(arg);
  if (!document) return true;
  const auto list = document->is_object() ? document->find("errors") : document->end();
  if (!document->is_object() || list == document->end() || !list->is_array()) {
    *result_listener << "there is no list `errors`";
    return false;
  }
  const bool coded = std::all_of(list->begin(), list->end(), [](const auto& entry) {
    return entry.is_object() && entry.contains("code") && entry.at("code").is_string();
  });
  if (!coded) *result_listener << "an entry of `errors` has no `code`";
  return coded;
}

MATCHER(HasListedCodes, "a body whose error codes, if it has any, are of the specification's list") {
  for (const auto& code : codes_of(arg)) {
    if (std::ranges::find(kCodes, code) != kCodes.end()) continue;
    *result_listener << "the code is " << code;
    return false;
  }
  return true;
}

/// Judges an answer while its exchange is the last one, so that a failure names that exchange.
using Judge = std::function<void(const http::Response&)>;

/// Five requests that cannot succeed.
void for_some_errors(Context& t, const Judge& judge) {
  t.pushed_image();
  auto& registry = t.registry();
  const auto absent = t.absent_digest().str();
  judge(registry.get_manifest(t.repository(), absent).value());
  judge(registry.get_blob(t.repository(), absent).value());
  judge(registry.get_blob(t.repository(), "sha256:abc").value());
  judge(registry.get_manifest(t.absent_repository(), "latest").value());
  judge(close_upload(t, open_upload(t), absent, t.random().bytes(64)));
}

/// Requests that fail on other ways through a registry: uploads, manifests, lists.
void for_other_errors(Context& t, const Judge& judge) {
  auto& registry = t.registry();
  auto upload = open_upload(t);
  const auto halves = fresh_halves(t, upload);
  sent_chunk(t, upload, 0, halves.first);
  judge(send_chunk(t, upload, halves.first.size() + 10, halves.second));
  const auto incomplete = oci::image(t.random());
  const oci::Content no_json(std::string(oci::media_type::kManifest), "no JSON at all");
  for (const auto& content : {incomplete.manifest, no_json}) {
    judge(registry.put_manifest(t.repository(), content.digest().str(), content).value());
  }
  judge(registry.list_tags(t.repository(), {.query = {{"n", "three"}}}).value());
  judge(registry.put_manifest(t.repository(), t.tag("not+a+tag"), incomplete.manifest).value());
}

/// One of the answer's codes is one of these. An answer without codes says nothing, which is legal.
void expect_fitting(Context& t, const http::Response& answer, std::vector<std::string> fitting) {
  EXPECT_THAT(answer, IsClientError());
  const auto codes = codes_of(answer);
  t.observe("error codes", codes.empty() ? "none" : codes.front());
  // Whoever may not look may be told so, whatever is there.
  fitting.insert(fitting.end(), {"UNAUTHORIZED", "DENIED"});
  if (codes.empty()) return;
  EXPECT_THAT(codes, testing::Contains(testing::AnyOfArray(fitting)));
}

void forms(Catalogue& catalogue) {
  const std::string how =
      "Asks for an absent manifest, an absent blob, a malformed digest and an absent repository, and "
      "pushes a blob under a wrong digest; looks at every JSON body.";
  catalogue.add({.id = "oci-1.1/errors/json-form",
                 .title = "An error body in JSON has a list of errors with codes",
                 .how = how,
                 .requirements = {"dist.error.json-form"},
                 .needs = {},
                 .after = {kPostPut, kManifestByDigest},
                 .kills = {"r.err.no-array"},
                 .tags = {"errors"},
                 .body = [](Context& t) {
                   for_some_errors(t, [](const auto& answer) { EXPECT_THAT(answer, HasErrorForm()); });
                 }});
  catalogue.add({.id = "oci-1.1/errors/code-characters",
                 .title = "Error codes consist of capitals and underscores",
                 .how = how,
                 .requirements = {"dist.error.code-characters"},
                 .needs = {},
                 .after = {kPostPut, kManifestByDigest},
                 .kills = {"r.err.lowercase-code"},
                 .tags = {"errors"},
                 .body = [](Context& t) {
                   for_some_errors(t, [](const auto& answer) {
                     EXPECT_THAT(codes_of(answer), testing::Each(testing::MatchesRegex("[A-Z_]+")));
                   });
                 }});
  catalogue.add({.id = "oci-1.1/errors/code-listed",
                 .title = "Error codes are those of the specification",
                 .how = how,
                 .requirements = {"dist.error.code-listed"},
                 .needs = {},
                 .after = {kPostPut, kManifestByDigest},
                 .kills = {"r.err.unlisted-code"},
                 .tags = {"errors"},
                 .body = [](Context& t) {
                   for_some_errors(t, [](const auto& answer) { EXPECT_THAT(answer, HasListedCodes()); });
                 }});
  catalogue.add(
      {.id = "oci-1.1/errors/code-listed-elsewhere",
       .title = "Error codes of uploads, manifests and lists are those of the specification",
       .how = "Sends a chunk that leaves a gap, an image without its blobs, a manifest that is no JSON, a tag that "
              "breaks the grammar and n=three; looks at the codes of every client error in JSON.",
       .requirements = {"dist.error.code-listed"},
       .needs = {},
       .after = {kPostPut, kManifestByDigest},
       .kills = {"r.err.unlisted-code-upload"},
       .tags = {"errors"},
       .body = [](Context& t) {
         for_other_errors(t, [](const auto& answer) { EXPECT_THAT(answer, HasListedCodes()); });
       }});
  catalogue.add({.id = "oci-1.1/errors/message",
                 .title = "The message of an error is a text",
                 .how = how,
                 .requirements = {"dist.error.message"},
                 .needs = {},
                 .after = {kPostPut, kManifestByDigest},
                 .kills = {"r.err.message-object"},
                 .tags = {"errors"},
                 .body = [](Context& t) {
                   for_some_errors(t, [](const auto& answer) {
                     for (const auto& entry : entries_of(answer)) {
                       EXPECT_TRUE(!entry.contains("message") || entry.at("message").is_string())
                           << "`message` is no text";
                     }
                   });
                 }});
}

void conditions(Catalogue& catalogue) {
  catalogue.add({.id = "oci-1.1/errors/blob-unknown",
                 .title = "An absent blob is named BLOB_UNKNOWN",
                 .how = "Pulls a blob that was never pushed and reads the error codes, if there are any.",
                 .requirements = {"dist.error.blob-unknown"},
                 .needs = {},
                 .after = {kManifestByDigest},
                 .kills = {"r.err.wrong-code-blob"},
                 .tags = {"errors"},
                 .body = [](Context& t) {
                   t.pushed_image();
                   const auto answer = t.registry().get_blob(t.repository(), t.absent_digest().str()).value();
                   expect_fitting(t, answer, {"BLOB_UNKNOWN", "NAME_UNKNOWN"});
                 }});
  catalogue.add({.id = "oci-1.1/errors/manifest-unknown",
                 .title = "An absent manifest is named MANIFEST_UNKNOWN",
                 .how = "Pulls a digest and a tag that were never pushed and reads the error codes, if there are any.",
                 .requirements = {"dist.error.manifest-unknown"},
                 .needs = {},
                 .after = {kManifestByDigest},
                 .kills = {"r.err.wrong-code-manifest"},
                 .tags = {"errors"},
                 .body = [](Context& t) {
                   t.pushed_image();
                   for (const auto& reference : {t.absent_digest().str(), t.tag("not-there")}) {
                     const auto answer = t.registry().get_manifest(t.repository(), reference).value();
                     expect_fitting(t, answer, {"MANIFEST_UNKNOWN", "NAME_UNKNOWN"});
                   }
                 }});
  catalogue.add({.id = "oci-1.1/errors/name-unknown",
                 .title = "An absent repository is named NAME_UNKNOWN, or what is missing in it is named",
                 .how = "Pulls from a repository that nobody pushed to and reads the error codes, if there are any.",
                 .requirements = {"dist.error.name-unknown"},
                 .needs = {},
                 .after = {},
                 .kills = {"r.err.wrong-code-name"},
                 .tags = {"errors"},
                 .body = [](Context& t) {
                   const auto manifest = t.registry().get_manifest(t.absent_repository(), "latest").value();
                   expect_fitting(t, manifest, {"NAME_UNKNOWN", "MANIFEST_UNKNOWN"});
                   const auto blob = t.registry().get_blob(t.absent_repository(), t.absent_digest().str()).value();
                   expect_fitting(t, blob, {"NAME_UNKNOWN", "BLOB_UNKNOWN"});
                 }});
  catalogue.add({.id = "oci-1.1/errors/name-invalid",
                 .title = "An impossible repository name is named NAME_INVALID or NAME_UNKNOWN",
                 .how = "Opens an upload in a repository with capitals and reads the error codes, if there are any.",
                 .requirements = {"dist.error.name-invalid"},
                 .needs = {},
                 .after = {kPostPut},
                 .kills = {"r.err.wrong-code-bad-name"},
                 .tags = {"errors", "grammar"},
                 .body = [](Context& t) {
                   const auto answer = t.registry().start_upload(t.repository() + "UPPER");
                   if (refused(answer) && answer) expect_fitting(t, *answer, {"NAME_INVALID", "NAME_UNKNOWN"});
                 }});
  catalogue.add(
      {.id = "oci-1.1/errors/digest-invalid",
       .title = "Content that does not match its digest is named DIGEST_INVALID",
       .how = "Closes an upload with the digest of other content and reads the error codes, if there are any.",
       .requirements = {"dist.error.digest-invalid"},
       .needs = {},
       .after = {kPostPut},
       .kills = {"r.err.wrong-code-digest"},
       .tags = {"errors", "integrity"},
       .body = [](Context& t) {
         const auto other = t.absent_digest().str();
         const auto answer = close_upload(t, open_upload(t), other, t.random().bytes(64));
         expect_fitting(t, answer, {"DIGEST_INVALID", "BLOB_UPLOAD_INVALID"});
       }});
  catalogue.add({.id = "oci-1.1/errors/upload-unknown",
                 .title = "A session that is over is named BLOB_UPLOAD_UNKNOWN",
                 .how = "Pushes a blob, sends a chunk to its session and reads the error codes, if there are any.",
                 .requirements = {"dist.error.upload-unknown"},
                 .needs = {},
                 .after = {kPostPut},
                 .kills = {"r.err.wrong-code-upload"},
                 .tags = {"errors", "session"},
                 .body = [](Context& t) {
                   auto upload = open_upload(t);
                   const auto blob = fresh_blob(t);
                   close_upload(t, upload, blob.digest().str(), blob.bytes());
                   const auto answer = send_chunk(t, upload, 0, t.random().bytes(upload.chunk));
                   expect_fitting(t, answer, {"BLOB_UPLOAD_UNKNOWN", "BLOB_UPLOAD_INVALID"});
                 }});
}

}  // namespace

void register_errors(Catalogue& catalogue) {
  forms(catalogue);
  conditions(catalogue);
}

}  // namespace referee::suites::distribution
