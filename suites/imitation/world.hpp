#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "referee/distribution/registry.hpp"
#include "referee/imitation/imitation.hpp"
#include "referee/oci/builder.hpp"
#include "referee/registry/server.hpp"
#include "referee/runtimes/session.hpp"

namespace referee::imitation {

inline constexpr const char* kSignatureType = "application/vnd.referee.signature.v1+json";
inline constexpr const char* kSbomType = "application/vnd.referee.sbom.v1+json";

/// A reference registry, a folder, and imitations at work in the repository team/app. Throws if that cannot be had.
class World {
 public:
  /// From now on imitations run as processes of their own, through their description, instead of in this process. Not
  /// thread-safe.
  static void use_processes(bool wanted);

  explicit World(const std::string& profile, std::vector<std::string> deviations = {});
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  [[nodiscard]] const std::string& host() const { return host_; }
  distribution::Registry& registry() { return *registry_; }
  [[nodiscard]] std::string path(const std::string& name) const { return folder_ + "/" + name; }
  /// Writes a file and gives its path.
  [[nodiscard]] std::string write(const std::string& name, const std::string& text) const;
  /// `127.0.0.1:PORT/team/app:v1`; of a digest with `@`.
  [[nodiscard]] std::string at(const std::string& reference, const std::string& repository = "team/app") const;

  /// One command of an imitation.
  Answer run(const std::string& imitation, const std::string& operation, const std::string& reference,
             Order order = {});
  /// Attaches a text to `v1`; gives the artifact's digest, or nothing.
  std::string attach(const std::string& imitation, const std::string& text, Order order = {});

  void put(const oci::Package& package, const std::string& reference = "", const std::string& repository = "team/app");
  /// Pushes a small image as `v1`.
  oci::Package push_image();
  /// The next small image of the seed.
  oci::Package make_image(const oci::Platform& platform = {"amd64", "linux", "", ""});
  oci::Random& random() { return random_; }

  [[nodiscard]] std::vector<std::string> tags(const std::string& repository = "team/app");
  /// The entries of the list under a digest's tag; -1: no index there.
  [[nodiscard]] int listed(const std::string& digest);
  [[nodiscard]] std::string body(const std::string& reference, const std::string& repository = "team/app");
  /// `PUT /v2/...` of each request, once these are among them.
  [[nodiscard]] std::vector<std::string> requests(const std::vector<std::string>& awaited);

 private:
  Answer run_apart(const Imitation& imitation, const Order& order);

  static bool processes_;
  std::string folder_;
  std::unique_ptr<runtimes::Session> session_;
  std::mutex mutex_;
  std::vector<std::string> requests_;
  std::unique_ptr<registry::Server> server_;
  std::string host_;
  std::unique_ptr<distribution::Registry> registry_;
  oci::Random random_{7};
};

/// How many lines an imitation printed; `failed` if it did not do it.
std::string lines_of(const Answer& answer);
/// `done` or `failed`.
std::string word_of(const Answer& answer);

}  // namespace referee::imitation
