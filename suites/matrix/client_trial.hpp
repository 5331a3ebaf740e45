#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <tl/expected.hpp>

#include "client_check.hpp"
#include "referee/conformance/requirement.hpp"
#include "referee/runtimes/session.hpp"

namespace referee::suites::clients {

/// Looks after a client at work: ends what goes on for ever. Polled by the session, from the thread that runs it.
class Watch {
 public:
  explicit Watch(std::function<bool()> interrupted) : interrupted_(std::move(interrupted)) {}

  [[nodiscard]] bool interrupted() const { return interrupted_ && interrupted_(); }
  /// What a session polls.
  bool must_end();
  /// From now on requests to this registry are counted; nullptr: none are.
  void follow(Ground* ground);
  /// It had to be ended because it asked again and again.
  [[nodiscard]] bool endless() const { return endless_; }

 private:
  std::function<bool()> interrupted_;
  Ground* ground_ = nullptr;
  bool endless_ = false;
};

/// What all trials of a run share.
struct TrialSettings {
  const conformance::Ledger& ledger;
  std::uint64_t seed = 1;
  oci::Platform platform{"amd64", "linux", "", ""};
};

/// Puts checks to one client, each on registries of its own that listen, one after the other, on the port that the
/// session knows. Not thread-safe.
class ClientTrial {
 public:
  ClientTrial(const TrialSettings& settings, runtimes::Session& session, Watch& watch, std::uint16_t port)
      : settings_(settings), session_(session), watch_(watch), port_(port) {}

  /// The error is why no registry can be had on the port any more.
  tl::expected<conformance::MatrixCell, std::string> run(const ClientCheck& check);

 private:
  using Judge = std::function<void(const Evidence&)>;

  /// Sets the scene, lets the client work, and has it judged while the registry is still there.
  tl::expected<void, std::string> perform(const ClientCheck& check, const Scene& scene, void (*content)(Maker&),
                                          const std::string& label, const Judge& judge);
  [[nodiscard]] tl::expected<std::unique_ptr<Ground>, std::string> ground_for(const Scene& scene,
                                                                              const Scenery& scenery) const;
  /// The operation, as often as the check says.
  void work(const ClientCheck& check, const runtimes::Variables& variables, Evidence& seen);
  [[nodiscard]] tl::expected<runtimes::Variables, std::string> prepare(const Scene& scene, const Scenery& scenery,
                                                                       const std::string& folder) const;

  const TrialSettings& settings_;
  runtimes::Session& session_;
  Watch& watch_;
  std::uint16_t port_;
  int rounds_ = 0;
};

/// The level by which a check counts: that of version 1.1, else of a later one.
std::optional<conformance::Level> level_of(const ClientCheck& check, const conformance::Ledger& ledger);

}  // namespace referee::suites::clients
