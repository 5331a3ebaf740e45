#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

#include "referee/bench/relay.hpp"
#include "referee/conformance/target.hpp"
#include "referee/distribution/registry.hpp"
#include "referee/proposals/proposal.hpp"

/// Where benchmarks take place.
namespace referee::suites::benchmarks {

struct GroundsOptions {
  std::string executable;  ///< for fresh registries; empty: this one
  /// http://HOST:PORT or https://HOST:PORT of the target; empty: each variant has a fresh reference registry with what
  /// it needs (`embedded:all`).
  std::string url;
  std::vector<std::string> deviations;                ///< faults and legal variants of the fresh ones
  http::ClientOptions client;                         ///< of every client that is made
  std::string name_space = "referee";                 ///< repositories begin with it
  std::uint64_t seed = 1;                             ///< names and content follow from it
  referee::distribution::Journal* journal = nullptr;  ///< of what is pushed to the target; outlives the grounds
};

/// A client at one repository, through a way of its own length. Movable; one thread.
struct Client {
  std::shared_ptr<referee::distribution::Registry> registry;  ///< thread-safe, shared by whoever has the same way
  std::string repository;
  std::unique_ptr<proposals::Wire> wire;
  std::unique_ptr<proposals::Proposal> proposal;  ///< prepared, if it is supported
  proposals::Support support;
};

/// Starts fresh registries and relays as they are asked for, once each, and ends them with itself. Not thread-safe.
class Grounds {
 public:
  explicit Grounds(GroundsOptions options) : options_(std::move(options)) {}

  /// A client of the variant in the repository that `purpose` names (the same purpose, variant and seed: the same
  /// repository). Fails with one line if nothing answers.
  tl::expected<Client, std::string> client(const proposals::Variant& variant, std::string_view purpose,
                                           proposals::Settings settings = {},
                                           std::chrono::microseconds round_trip = std::chrono::microseconds{0});
  /// The way to the registry that a variant would use, without a proposal on it.
  tl::expected<std::shared_ptr<referee::distribution::Registry>, std::string> registry(
      const std::string& profile, std::chrono::microseconds round_trip = std::chrono::microseconds{0});
  [[nodiscard]] std::string repository(const proposals::Variant& variant, std::string_view purpose) const;
  /// Has a fresh registry remove what nothing leads to. False: the target is no fresh one, whose collector is its own.
  bool collect_garbage(const std::string& profile);
  [[nodiscard]] const GroundsOptions& options() const { return options_; }
  [[nodiscard]] bool fresh() const { return options_.url.empty(); }

 private:
  tl::expected<std::string, std::string> server_url(const std::string& profile);

  GroundsOptions options_;
  std::map<std::string, std::unique_ptr<conformance::EmbeddedServer>> servers_;  ///< by profile
  std::map<std::pair<std::string, std::int64_t>, std::unique_ptr<bench::Relay>> relays_;
  std::map<std::pair<std::string, std::int64_t>, std::shared_ptr<referee::distribution::Registry>> registries_;
};

}  // namespace referee::suites::benchmarks
