#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "referee/conformance/target.hpp"
#include "referee/distribution/capabilities.hpp"
#include "referee/distribution/registry.hpp"
#include "referee/oci/builder.hpp"

namespace referee::conformance {

/// Thrown by the set-up helpers when what they push is refused: the check has not tested its own point, so it ends
/// `inconclusive` with this reason. The only exception that a check may let through, beside
/// tl::bad_expected_access<http::Error> (transport trouble: `expected::value()`), which ends it the same way.
struct SetupFailed {
  std::string reason;
};

/// Begins the key of an observation that differs from run to run (races, times): no proof is built on it.
inline constexpr std::string_view kVarying = "varies: ";

struct Observation {
  std::string key;
  std::string value;  ///< deterministic, no times, no random names, unless the key begins with kVarying
  friend bool operator==(const Observation&, const Observation&) = default;
};

/// How much a story does. A proof runs each again and again, so that it takes little.
struct Scale {
  std::string name = "default";  ///< "proof", "default", "full"
  std::size_t attachments = 100;
  std::size_t tags = 1000;  ///< unrelated ones in the same repository
  std::size_t writers = 32;
  std::size_t rounds = 5;
};
/// nullopt if there is none of that name.
std::optional<Scale> find_scale(std::string_view name);

/// What a check works with: its own repository, its own seeded content, the target's verbs. One check, one object.
/// registry() and observe() may be used from several threads; random() and the set-up steps from one.
class Context {
 public:
  struct Options {
    distribution::Registry* registry = nullptr;
    const distribution::Capabilities* capabilities = nullptr;
    std::string check_id;
    std::string namespace_prefix;                 ///< `referee`
    std::vector<std::string> fixed_repositories;  ///< non-empty: work inside these
    std::uint64_t seed = 0;
    std::string suffix;  ///< sets a second run of the same check apart: other names, other content
    Scale scale;
    bool fresh_registries = false;  ///< stories start a reference registry of their own instead of using the target
    std::string executable;         ///< that has the command `serve`; empty: this one
    const EmbeddedServer::Facts* embedded = nullptr;  ///< null: the target is not the reference registry
  };
  explicit Context(Options options);

  [[nodiscard]] distribution::Registry& registry() { return *options_.registry; }
  [[nodiscard]] bool has(distribution::Capability capability) const;

  [[nodiscard]] const Scale& scale() const { return options_.scale; }
  [[nodiscard]] bool fresh_registries() const { return options_.fresh_registries; }
  [[nodiscard]] const std::string& executable() const { return options_.executable; }
  /// The verbs for a registry that the check itself started, or for its control port, with the check's own client: one
  /// transcript for all of them, and credentials stay with the target's host. Not journaled. It must not outlive the
  /// context.
  [[nodiscard]] std::shared_ptr<distribution::Registry> open(const std::string& url) const;

  /// The check's own repository: `<namespace>/<run>/<check>`, or the fixed one.
  [[nodiscard]] const std::string& repository() const { return repository_; }
  /// A second one of its own, e.g. to mount from; the second fixed repository where repositories are fixed.
  [[nodiscard]] const std::string& other_repository() const { return other_repository_; }
  /// A repository that nobody ever pushed to.
  [[nodiscard]] std::string absent_repository() const;
  /// A tag that no other check uses; `name` must be a valid tag of at most 40 characters.
  [[nodiscard]] std::string tag(std::string_view name) const;
  /// Seeded by the run's seed and the check's id.
  [[nodiscard]] oci::Random& random() { return random_; }

  /// Of the reference registry that is judged; null for any other target.
  [[nodiscard]] const EmbeddedServer::Facts* embedded() const { return options_.embedded; }

  // Set-up steps. Each throws SetupFailed unless the registry answers 201.
  /// POST + PUT.
  void push(const oci::Content& blob);
  void push_to(std::string_view repository, const oci::Content& blob);
  /// The blobs, then the manifest under its digest and, if given, a tag. Returns the last response.
  http::Response push(const oci::Package& package, std::string_view tag = "");
  http::Response push_to(std::string_view repository, const oci::Package& package, std::string_view tag = "");
  /// The same in a registry that the check started.
  http::Response push_at(distribution::Registry& registry, std::string_view repository, const oci::Package& package,
                         std::string_view tag = "");
  /// A manifest or index whose blobs and children are there already.
  http::Response push_manifest(const oci::Content& manifest, std::string_view reference = "");
  /// A fresh small image, pushed.
  oci::Package pushed_image(std::string_view tag = "");
  /// A fresh small blob, pushed.
  oci::Content pushed_blob(std::size_t size = 256);
  /// A digest of content that was never pushed.
  [[nodiscard]] oci::Digest absent_digest(oci::Algorithm algorithm = oci::Algorithm::kSha256);

  /// Records what happened where the text leaves it open. MAY, INFO and CLAIM checks report it as their value.
  void observe(std::string key, std::string value);
  /// Call when no other thread observes any more.
  [[nodiscard]] const std::vector<Observation>& observations() const { return observations_; }

 private:
  Options options_;
  std::string repository_;
  std::string other_repository_;
  std::string tag_prefix_;
  oci::Random random_;
  std::mutex mutex_;
  std::vector<Observation> observations_;
};

/// Short form of a run's seed as it stands in repository names: eight hex characters.
std::string run_name(std::uint64_t seed);

}  // namespace referee::conformance
