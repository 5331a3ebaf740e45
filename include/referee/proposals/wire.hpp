#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

#include "referee/distribution/registry.hpp"

namespace referee::proposals {

/// What an operation costs on the wire: requests to the registry without token requests, redirects and retries, and
/// the bytes of bodies that carried content (those of errors are not counted).
struct Cost {
  std::uint64_t requests = 0;
  std::uint64_t bytes_up = 0;
  std::uint64_t bytes_down = 0;

  friend bool operator==(const Cost&, const Cost&) = default;
  friend Cost operator-(const Cost& a, const Cost& b) {
    return {a.requests - b.requests, a.bytes_up - b.bytes_up, a.bytes_down - b.bytes_down};
  }
};

enum class FailureKind : std::uint8_t {
  kTransport,    ///< no answer
  kRefused,      ///< the registry said no
  kLimit,        ///< a limit: of the registry, or of the protocol's own tags; nothing that was there is lost
  kConflict,     ///< others wrote the same document each time, until the retries were used up
  kBroken,       ///< an answer that makes no sense: not JSON, wrong digest
  kUnsupported,  ///< the target or the subject lacks what the variant needs
};

struct Failure {
  FailureKind kind = FailureKind::kRefused;
  std::string message;  ///< one line: what was tried and what came back
  int status = 0;       ///< of the answer, if there was one
};

template <typename T>
using Outcome = tl::expected<T, Failure>;

/// One of many GETs that are in flight at once.
struct Ask {
  enum class Kind : std::uint8_t {
    kManifest,  ///< `reference` is a tag or digest
    kBlob,      ///< a digest; the bytes match it, or kBroken
    kPath,      ///< a path that begins with a slash
  };
  Kind kind = Kind::kManifest;
  std::string reference;
  std::function<void(Outcome<http::Response> answer)> answered;
};

/// One client's view of one repository: the requests that proposals are made of, counted. Whatever status is not in
/// `fine` is a Failure. What stands in for a registry, such as an image layout, overrides all of them. Not thread-safe:
/// one object per client.
class Wire {
 public:
  using Statuses = std::initializer_list<int>;
  using Options = distribution::Options;

  /// `registry` must outlive the object.
  Wire(distribution::Registry& registry, std::string repository);
  virtual ~Wire() = default;
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;

  [[nodiscard]] const std::string& repository() const { return repository_; }
  [[nodiscard]] const Cost& cost() const { return cost_; }

  virtual Outcome<http::Response> get_manifest(std::string_view reference, Statuses fine = {200});
  virtual Outcome<http::Response> put_manifest(std::string_view reference, const oci::Content& manifest,
                                               const Options& options = {}, Statuses fine = {201});
  virtual Outcome<void> delete_manifest(std::string_view reference);
  /// POST and PUT; nothing if this client has pushed the blob here already.
  virtual Outcome<void> push_blob(const oci::Content& blob);
  /// Whether the registry took the blob over from another repository (201); counted as one request.
  virtual Outcome<bool> mount_blob(std::string_view digest, std::string_view from);
  /// Fails as kBroken unless the bytes have this digest.
  virtual Outcome<std::string> get_blob(std::string_view digest);
  virtual Outcome<http::Response> list_tags(const Options& options, Statuses fine = {200});
  /// Any other request; `path` begins with a slash.
  virtual Outcome<http::Response> request(std::string method, std::string_view path, std::string_view body = {},
                                          const Options& options = {}, Statuses fine = {200});
  /// Asks for what `next` gives, at most `most` at a time, until it gives nothing and all has been answered. `answered`
  /// is called from this thread and may make `next` give more. What was asked is counted as if one by one.
  virtual void ask(std::size_t most, const std::function<std::optional<Ask>()>& next);
  /// GET of a URL that the registry gave.
  virtual Outcome<http::Response> follow(std::string_view url, Statuses fine = {200});

  /// What happens while this lives is a once-per-repository probe, and is not counted.
  class Uncounted {
   public:
    explicit Uncounted(Wire& wire) : wire_(wire), before_(wire.cost_) {}
    ~Uncounted() { wire_.cost_ = before_; }
    Uncounted(const Uncounted&) = delete;
    Uncounted& operator=(const Uncounted&) = delete;

   private:
    Wire& wire_;
    Cost before_;
  };

 protected:
  /// Without a registry: whoever calls this overrides every request.
  explicit Wire(std::string repository) : repository_(std::move(repository)) {}

 private:
  [[nodiscard]] http::Flight flight(Ask ask);
  void ask_in_turn(const std::function<std::optional<Ask>()>& next);
  Outcome<http::Response> judged(std::string_view what, http::Result result, std::size_t sent, Statuses fine);

  distribution::Registry* registry_ = nullptr;
  std::string repository_;
  Cost cost_;
  std::set<std::string, std::less<>> pushed_;
};

/// The body as content of the Content-Type that came with it; kBroken if a digest is expected and does not match.
Outcome<oci::Content> content_of(const http::Response& response, std::string_view expected_digest = "");

}  // namespace referee::proposals
