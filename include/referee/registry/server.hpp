#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "referee/registry/profile.hpp"

namespace referee::registry {

/// One request as the server saw it, for request logs. Times in seconds.
struct AccessRecord {
  std::string method;
  std::string target;  ///< path and query
  std::string user_agent;
  std::string range;
  std::string accept;
  std::string host;           ///< by which name the client called the server
  std::string authorization;  ///< kind of the credentials that came: `Basic`, `Bearer`, `other`; empty: none came
  std::string content_type;
  std::string if_match;
  int status = 0;
  std::uint64_t request_bytes = 0;
  std::uint64_t response_bytes = 0;
  double started = 0;  ///< since the Unix epoch
  double seconds = 0;
};

/// Who may do what, so that clients can be seen to authenticate. It protects nothing worth protecting.
struct AuthOptions {
  enum class Scheme : std::uint8_t {
    kBasic,   ///< every request needs the name and password
    kBearer,  ///< every request needs a token for its repository and action; `/token` of the same server gives them out
  };
  Scheme scheme = Scheme::kBearer;
  std::string username;  ///< empty, with Bearer: tokens are for everybody
  std::string password;
};

struct ServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;  ///< 0: the system chooses
  std::string profile = "oci-1.1";
  std::vector<std::string> deviations;               ///< names of faults and legal variants to switch on
  std::chrono::microseconds delay{0};                ///< think time before each request is answered
  std::string store;                                 ///< folder, new or of an earlier server; empty: in memory
  std::uint64_t memory = 2ULL * 1024 * 1024 * 1024;  ///< cap of the in-memory store, bytes; 507 above
  std::uint64_t manifest_limit = 0;                  ///< bytes; 0: the profile's
  unsigned threads = 2;                              ///< that serve; one more lets connections in
  std::chrono::milliseconds idle_timeout{60'000};    ///< for a whole request header, and between two pieces of a body
  std::function<void(const AccessRecord&)> access_log;  ///< may be empty; called from server threads
  std::optional<AuthOptions> auth;                      ///< nullopt: everybody may do everything
  /// Loopback address of the control port, on which `POST /gc` collects garbage and `POST /profile?name=NAME` switches
  /// to another profile; empty: none.
  std::string control_address;
  std::uint16_t control_port = 0;  ///< 0: the system chooses
};

/// The reference registry, HTTP/1.1. Starts listening in start(), serves on threads of its own, stops in the
/// destructor.
///
/// Where distribution-spec leaves a choice, it
/// - lets a repository exist from its first blob or manifest on, and for ever after, though all was deleted;
/// - wants config and layers to be there (400 MANIFEST_BLOB_UNKNOWN), but neither a subject nor the children of an
/// index;
/// - stores any `application/...+json` that it does not know as it is, and reads subjects of OCI and Docker manifests
/// only;
/// - says `Range: 0-0` for a session without a byte, keeps what a lost connection brought, and ends a session whose
/// closing
///   PUT had the wrong digest;
/// - serves blobs and manifests apart: a manifest is not a blob;
/// - answers single byte ranges and ignores several at once;
/// - sorts tags in ASCII order and referrers by digest.
///
/// Garbage is collected when the control port says so, without a time of grace: what no tag leads to is removed, be it
/// as a child of an index, as a blob of a kept manifest, or as a referrer of a kept manifest under the profile's API.
/// Nodes of proposal C are kept until they are deleted: their reference keeps nothing alive, and they need no tag.
class Server {
 public:
  /// Fails with one line (unknown profile or deviation, address in use, store not writable or damaged).
  static tl::expected<std::unique_ptr<Server>, std::string> start(ServerOptions options);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  [[nodiscard]] std::uint16_t port() const;
  /// Of the control port; 0 without one.
  [[nodiscard]] std::uint16_t control_port() const;
  /// `http://127.0.0.1:PORT`
  [[nodiscard]] std::string url() const;
  /// One line about doubtful content of the store that it went on with; empty without.
  [[nodiscard]] std::string warning() const;
  /// Requests that have begun and are not in the access log yet: a client may have its answer before the log has it.
  [[nodiscard]] std::size_t pending() const;
  void stop();

 private:
  struct Impl;
  explicit Server(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace referee::registry
