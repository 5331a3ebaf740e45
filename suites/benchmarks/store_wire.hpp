#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "referee/proposals/wire.hpp"

namespace referee::suites::benchmarks {

/// Keeps the account of what a client has had stored, each content once.
class StoreWire : public proposals::Wire {
 public:
  using Wire::Wire;

  proposals::Outcome<http::Response> put_manifest(std::string_view reference, const oci::Content& manifest,
                                                  const Options& options, Statuses fine) override;
  proposals::Outcome<void> push_blob(const oci::Content& blob) override;
  proposals::Outcome<http::Response> request(std::string method, std::string_view path, std::string_view body,
                                             const Options& options, Statuses fine) override;

  /// Somebody else has moved a tag.
  void moved(const std::string& tag, const std::string& digest) { tags_[tag] = digest; }
  /// Begins anew: what was stored so far was a probe.
  void forget();
  [[nodiscard]] std::uint64_t stored() const { return stored_; }
  /// Of these, what was under a tag once and is under none now: lists that others took the place of.
  [[nodiscard]] std::uint64_t superseded() const;

 private:
  void note(const std::string& digest, std::size_t size);

  std::map<std::string, std::uint64_t> sizes_;   ///< by digest
  std::map<std::string, std::string> tags_;      ///< to digests
  std::map<std::string, std::uint64_t> tagged_;  ///< digests that were under a tag, and their sizes
  std::uint64_t stored_ = 0;
};

}  // namespace referee::suites::benchmarks
