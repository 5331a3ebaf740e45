#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core.hpp"

namespace referee::registry {

/// Answers about a session: its Location and the bytes received so far.
Response session_response(int status, const std::string& repository, const std::string& id, std::uint64_t size);
/// 201 for a blob that is now stored.
Response blob_created(const std::string& repository, std::string_view digest);
/// Checks the digest of all bytes, unless `verify` says otherwise, and stores them. The upload is used up, whatever
/// comes out. An empty digest takes the bytes' own sha256.
Response store_blob(Core& core, Upload& upload, std::string_view digest, bool verify);

/// Where the body of PATCH and of the closing PUT goes. If the connection is lost, the session stays, with the bytes
/// that came.
class SessionSink final : public BodySink {
 public:
  /// `digest` closes the session; `expected` bytes were announced by Content-Range.
  SessionSink(Core& core, Uploads::Lease lease, std::optional<std::string> digest,
              std::optional<std::uint64_t> expected)
      : core_(core),
        lease_(std::move(lease)),
        digest_(std::move(digest)),
        expected_(expected),
        start_(lease_->size()) {}
  ~SessionSink() override;
  SessionSink(const SessionSink&) = delete;
  SessionSink& operator=(const SessionSink&) = delete;

  std::optional<Response> write(std::string_view piece) override;
  Response finish() override;

 private:
  Response roll_back(Response response);
  void publish();

  Core& core_;
  Uploads::Lease lease_;
  std::optional<std::string> digest_;
  std::optional<std::uint64_t> expected_;
  std::uint64_t start_;
  bool answered_ = false;
};

/// Where the body of a single POST goes. There is no session.
class SinglePostSink final : public BodySink {
 public:
  SinglePostSink(Core& core, std::unique_ptr<Upload> upload, std::string digest)
      : core_(core), upload_(std::move(upload)), digest_(std::move(digest)) {}

  std::optional<Response> write(std::string_view piece) override;
  Response finish() override;

 private:
  Core& core_;
  std::unique_ptr<Upload> upload_;
  std::string digest_;
};

}  // namespace referee::registry
