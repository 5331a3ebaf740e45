#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "referee/oci/descriptor.hpp"
#include "referee/oci/digest.hpp"
#include "referee/signing/key.hpp"

namespace referee::signing {

/// A payload that was fetched, and the key that should have made it.
struct VerifyJob {
  std::string artifact_type;
  oci::Annotations annotations;
  std::string payload;  ///< untrusted
  oci::Digest subject;
  PublicKey key;
};

/// Checks many payloads at once on threads of its own.
class VerifierPool {
 public:
  using Result = tl::expected<void, std::string>;  ///< one line says why a payload does not count

  /// At least one thread; `queue` is how many jobs wait at most, at least one.
  explicit VerifierPool(std::size_t threads, std::size_t queue = 256);
  VerifierPool(const VerifierPool&) = delete;
  VerifierPool& operator=(const VerifierPool&) = delete;
  /// Joins the threads. No verify() may be running.
  ~VerifierPool();

  /// Blocks until all are checked: results[i] is of jobs[i]. Several threads may call it at once.
  [[nodiscard]] std::vector<Result> verify(std::span<const VerifyJob> jobs);
  /// Runs the task on one of the threads; blocks while `queue` of them wait. It must not throw, nor wait for another.
  void submit(std::function<void()> task);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace referee::signing
