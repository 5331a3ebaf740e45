#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "referee/distribution/registry.hpp"
#include "referee/oci/builder.hpp"
#include "referee/registry/server.hpp"
#include "referee/runtimes/description.hpp"

/// Clients in front of a registry that is honest, unusual or lying, and what each makes of it.
namespace referee::suites::clients {

/// How the registry behaves.
struct Scene {
  std::string profile = "oci-1.1";
  // NOLINTBEGIN(readability-redundant-member-init): g++ warns of members that an initializer leaves out
  std::vector<std::string> deviations = {};  ///< names of faults, variants and lies
  std::optional<registry::AuthOptions> auth = {};
  // NOLINTEND(readability-redundant-member-init)
};

/// Something that is pushed before the client begins.
struct Item {
  oci::Content content;
  bool is_blob = false;
  std::string reference;  ///< tag or digest; blobs go by their digest
};

/// What is there, and what the client is asked to do with it. The same seed gives the same bytes.
struct Scenery {
  std::string repository;
  std::vector<Item> items;                    ///< in the order of pushing
  std::map<std::string, oci::Content> parts;  ///< by what judges call them: `image`, `layer`, `referrer`
  std::string reference;                      ///< `repository:tag` or `repository@digest`
  std::string target;                         ///< of a copy, in the same form
  runtimes::Variables call;                   ///< further variables of the operation
  std::optional<oci::Package> layout;         ///< what a push has before it

  /// Empty content if there is none of that name: a mistake of the check.
  [[nodiscard]] const oci::Content& part(std::string_view label) const;
  [[nodiscard]] std::string digest(std::string_view label) const { return part(label).digest().str(); }
};

/// A reference registry for one trial, in this process, that writes down what it is asked.
class Ground {
 public:
  /// Starts the registry and pushes everything. `port` 0: any. Fails with one line.
  static tl::expected<std::unique_ptr<Ground>, std::string> make(const Scene& scene, const Scenery& scenery,
                                                                 std::uint16_t port);

  [[nodiscard]] std::uint16_t port() const { return server_->port(); }
  [[nodiscard]] std::size_t requests();
  /// What was asked since everything was pushed. What this object itself asks later is not among it.
  std::vector<registry::AccessRecord> traffic();

  // What is there now, in the scenery's repository or in another.
  std::optional<oci::Content> manifest(const std::string& reference, const std::string& repository = "");
  std::vector<std::string> tags();
  /// Digests that the referrers API lists; none where there is no such API.
  std::vector<std::string> referrers(const std::string& digest, const std::string& repository = "");

 private:
  Ground() = default;
  tl::expected<void, std::string> push(const Scenery& scenery);
  /// Waits until the log has everything that was answered.
  void settle() const;

  std::mutex mutex_;
  std::vector<registry::AccessRecord> records_;
  bool closed_ = false;  ///< what comes now is ours
  std::string repository_;
  std::unique_ptr<distribution::Registry> eye_;
  std::unique_ptr<registry::Server> server_;  ///< last: it writes to the others until it is gone
};

}  // namespace referee::suites::clients
