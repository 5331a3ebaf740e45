#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "referee/http/client.hpp"
#include "referee/oci/builder.hpp"

namespace referee::distribution {

class Journal;
enum class Pushed : std::uint8_t;

using http::Result;

/// What may be added to any verb. `query` values are percent-encoded; `headers` replace the verb's own of the same
/// name.
struct Options {
  http::Headers headers = {};
  std::vector<std::pair<std::string, std::string>> query = {};
  bool chunked = false;                              ///< Transfer-Encoding: chunked for the body
  std::optional<std::uint64_t> claimed_length = {};  ///< lie about the body's size
  std::optional<std::uint64_t> max_body = {};        ///< cap for the response body, bytes
  bool follow_redirects = true;
  bool authenticate = true;
};

/// The verbs of the distribution-spec (end-1 to end-14) and nothing but verbs: a result is what the registry answered,
/// whatever it was; only transport trouble is an error. Names, references and digests are sent as given
/// (percent-encoded where needed), so that malformed ones can be sent. Thread-safe; verbs that create something write
/// it to the journal before they send, an upload as soon as its address is known. Locations may be absolute or relative
/// to the base.
class Registry {
 public:
  /// `base` is scheme://host[:port] without a trailing slash. `journal` may be null and must outlive the object.
  Registry(std::shared_ptr<http::Client> client, std::string base, Journal* journal = nullptr);

  [[nodiscard]] const std::string& base() const { return base_; }
  [[nodiscard]] http::Client& client() const { return *client_; }

  Result ping(const Options& options = {});                                                     ///< end-1
  Result get_blob(std::string_view repository, std::string_view digest, const Options& = {});   ///< end-2
  Result head_blob(std::string_view repository, std::string_view digest, const Options& = {});  ///< end-2
  /// Accept names OCI and Docker manifests and indexes unless `options` has its own Accept.
  Result get_manifest(std::string_view repository, std::string_view reference, const Options& = {});   ///< end-3
  Result head_manifest(std::string_view repository, std::string_view reference, const Options& = {});  ///< end-3
  Result start_upload(std::string_view repository, const Options& = {});                               ///< end-4a, 4c
  /// Single POST with the whole blob (`?digest=`).
  Result post_blob(std::string_view repository, std::string_view digest, std::string_view bytes,
                   const Options& = {});  ///< end-4b
  /// `range` is `first-last`; empty sends no Content-Range (streamed upload).
  Result patch_upload(std::string_view location, std::string_view bytes, std::string_view range,
                      const Options& = {});  ///< end-5
  /// Closes a session; a body is sent only when `bytes` is given.
  Result finish_upload(std::string_view repository, std::string_view location, std::string_view digest,
                       std::optional<std::string_view> bytes, std::string_view range = "",
                       const Options& = {});  ///< end-6
  Result put_manifest(std::string_view repository, std::string_view reference, std::string_view bytes,
                      std::string_view content_type, const Options& = {});  ///< end-7a, 7b
  Result put_manifest(std::string_view repository, std::string_view reference, const oci::Content& content,
                      const Options& = {});
  Result list_tags(std::string_view repository, const Options& = {});                                    ///< end-8
  Result delete_manifest(std::string_view repository, std::string_view reference, const Options& = {});  ///< end-9
  Result delete_blob(std::string_view repository, std::string_view digest, const Options& = {});         ///< end-10
  /// `from` empty: no from parameter.
  Result mount_blob(std::string_view repository, std::string_view digest, std::string_view from,
                    const Options& = {});  ///< end-11
  Result referrers(std::string_view repository, std::string_view digest, std::string_view artifact_type = "",
                   const Options& = {});                                 ///< end-12
  Result upload_status(std::string_view location, const Options& = {});  ///< end-13
  Result cancel_upload(std::string_view location, const Options& = {});  ///< end-14
  /// Any other request below the base; `path` begins with a slash.
  Result request(std::string method, std::string_view path, std::string_view body = {}, const Options& = {});
  /// What get_manifest() sends, for http::Client::fly().
  [[nodiscard]] http::Request manifest_request(std::string_view repository, std::string_view reference,
                                               const Options& = {}) const;
  /// What get_blob() sends.
  [[nodiscard]] http::Request blob_request(std::string_view repository, std::string_view digest,
                                           const Options& = {}) const;
  /// What request("GET", path) sends.
  [[nodiscard]] http::Request get_request(std::string_view path, const Options& = {}) const;
  /// GET of an absolute or base-relative URL that the registry gave (Location, Link).
  Result get(std::string_view url, const Options& = {});

 private:
  http::Request prepare(std::string method, std::string url, std::string_view repository, std::string_view actions,
                        const Options& options) const;
  static void add_headers(http::Request& request, const Options& options);
  Result send(http::Request request, const Options& options);
  void note(Pushed kind, std::string_view repository, std::string_view reference);
  void note_manifest(std::string_view repository, std::string_view reference, std::string_view bytes,
                     const Options& options);
  /// The Location of a 202 is an open upload.
  void note_session(std::string_view repository, const Result& result);
  void close(std::string_view repository, std::string_view session);

  std::shared_ptr<http::Client> client_;
  std::string base_;
  Journal* journal_;
};

/// POST then PUT of a whole blob: the way that every registry must support. Returns the PUT's answer, or the POST's
/// when that is not 202 with a Location.
Result push_blob(Registry& registry, std::string_view repository, const oci::Content& blob);

/// The blobs of a package in order, then its manifest under `reference` (empty: its digest). Returns the first answer
/// that is not 201, or the manifest's.
Result push_package(Registry& registry, std::string_view repository, const oci::Package& package,
                    std::string_view reference = "");

struct Page {
  http::Response response;
  std::string next;  ///< absolute URL of the next page, or empty
};
struct Walk {
  std::vector<Page> pages;  ///< at least the first; the last may have any status
  bool looped = false;      ///< a Link led back to a page that was read
  bool too_many = false;    ///< more than `max_pages`, or more than 256 MiB
};
/// Follows Link from `first` over as many pages as there are: at most `max_pages`, and a page that repeats a URL or is
/// not 200 ends the walk. `options` goes with every later request.
tl::expected<Walk, http::Error> walk_pages(Registry& registry, Result first, const Options& options = {},
                                           int max_pages = 200);

}  // namespace referee::distribution
