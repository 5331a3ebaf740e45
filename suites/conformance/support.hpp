#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "referee/conformance/catalogue.hpp"
#include "referee/conformance/check.hpp"
#include "referee/conformance/context.hpp"
#include "referee/conformance/matchers.hpp"

/// What several files of checks need: the names of the root checks, steps of an upload, and a few matchers.
namespace referee::suites {

using conformance::Catalogue;
using conformance::Context;
using conformance::HasBody;
using conformance::HasHeader;
using conformance::HasNoHeader;
using conformance::HasStatus;
using conformance::HasStatusIn;
using conformance::IsClientError;
using conformance::ResponseMatcher;
using conformance::ServesContent;
using Capability = referee::distribution::Capability;
using Options = referee::distribution::Options;

/// Prerequisites of nearly everything; each is a MUST in every version.
inline constexpr const char* kPostPut = "oci-1.1/push-blobs/post-put";
inline constexpr const char* kManifestByDigest = "oci-1.1/push-manifests/by-digest";
inline constexpr const char* kManifestByTag = "oci-1.1/push-manifests/by-tag";

/// A fresh blob that was not pushed.
oci::Content fresh_blob(Context& t, std::size_t size = 256);

/// Location as an absolute URL; empty if the answer has none.
std::string location_of(const http::Response& response);

/// An upload session as a client sees it: where the next request goes, and how large a chunk may be.
struct Upload {
  http::Response opened;     ///< the 202 of the POST
  std::string location;      ///< absolute
  std::size_t chunk = 1024;  ///< bytes; at least OCI-Chunk-Min-Length
};

/// Set-up step: POST; ends the check as inconclusive unless it is answered by 202 with a Location.
Upload open_upload(Context& t, const Options& options = {});

/// The Content-Range of `size` bytes from `first` on.
std::string span(std::size_t first, std::size_t size);

/// PATCH of `bytes` at offset `first`; follows the Location of a 202.
http::Response send_chunk(Context& t, Upload& upload, std::size_t first, std::string_view bytes);
/// The same as a set-up step: anything but 202 ends the check as inconclusive.
void sent_chunk(Context& t, Upload& upload, std::size_t first, std::string_view bytes);
/// Closing PUT without a body.
http::Response close_upload(Context& t, const Upload& upload, std::string_view digest);
/// Closing PUT with a body and, if `range` is not empty, a Content-Range.
http::Response close_upload(Context& t, const Upload& upload, std::string_view digest, std::string_view bytes,
                            std::string_view range = "");

/// Two halves of a fresh blob, both large enough for this session.
struct Halves {
  oci::Content blob;
  std::string first;
  std::string second;
};
Halves fresh_halves(Context& t, const Upload& upload);

/// A Location that is not empty.
ResponseMatcher HasLocation();
/// 200 and the blob's bytes.
ResponseMatcher ServesBlob(const oci::Content& blob);
/// Docker-Content-Digest is absent, or a digest of `bytes` by any registered algorithm.
ResponseMatcher NamesDigestOf(std::string bytes);

/// The URL serves the blob, wherever it leads.
void expect_pullable(Context& t, std::string_view url, const oci::Content& blob);
/// The digest cannot be found in the check's own repository.
void expect_not_stored(Context& t, const oci::Digest& digest);

/// The registry said no: a client error, or it would not even give credentials for such a request.
bool refused(const http::Result& result);
void expect_refused(const http::Result& result, std::string_view what);

/// Ends the check as inconclusive where only one repository was given to work in.
void require_second_repository(const Context& t);

}  // namespace referee::suites
