#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <unordered_map>

#include "content_store.hpp"
#include "referee/oci/digest.hpp"

namespace referee::registry {

/// The bytes of one blob on their way in, hashed as they come. Used by one request at a time.
class Upload {
 public:
  Upload(std::string repository, std::unique_ptr<ContentWriter> writer, oci::Algorithm algorithm)
      : repository_(std::move(repository)), writer_(std::move(writer)), hasher_(algorithm), algorithm_(algorithm) {}

  [[nodiscard]] const std::string& repository() const { return repository_; }
  [[nodiscard]] std::uint64_t size() const { return writer_->size(); }
  tl::expected<void, StoreError> append(std::string_view bytes);
  /// Goes back; the hash is computed anew at the end.
  tl::expected<void, StoreError> truncate(std::uint64_t size);
  /// Hashes with another algorithm from now on; free as long as nothing was written.
  void expect(oci::Algorithm algorithm);
  /// The digest of all bytes. Call once.
  tl::expected<oci::Digest, StoreError> digest();
  /// What was written so far.
  [[nodiscard]] std::shared_ptr<ContentReader> reader() const { return writer_->reader(); }
  std::unique_ptr<ContentWriter> take() { return std::move(writer_); }

 private:
  std::string repository_;
  std::unique_ptr<ContentWriter> writer_;
  oci::Hasher hasher_;
  oci::Algorithm algorithm_;
  bool rehash_ = false;
};

/// Open upload sessions. Thread-safe; bounded in number and idle time.
class Uploads {
 public:
  using Clock = std::chrono::steady_clock;

  /// `numbered` gives small numbers as ids: a deviation.
  Uploads(std::size_t most, std::chrono::seconds expiry, bool numbered = false)
      : most_(most), expiry_(expiry), numbered_(numbered) {}

  /// A session's exclusive use for one request; gives it back (or ends it) in the destructor.
  class Lease {
   public:
    Lease(Uploads& owner, std::string id, std::shared_ptr<Upload> upload)
        : owner_(&owner), id_(std::move(id)), upload_(std::move(upload)) {}
    Lease(Lease&& other) noexcept : owner_(other.owner_), id_(std::move(other.id_)), upload_(std::move(other.upload_)) {
      other.owner_ = nullptr;
    }
    Lease& operator=(Lease&&) = delete;
    ~Lease();
    Upload& operator*() const { return *upload_; }
    Upload* operator->() const { return upload_.get(); }
    [[nodiscard]] const std::string& id() const { return id_; }
    /// The session is over: its id is unknown from now on.
    void end();

   private:
    Uploads* owner_;
    std::string id_;
    std::shared_ptr<Upload> upload_;
  };

  enum class Miss : std::uint8_t { kUnknown, kBusy };

  /// A session id (a UUID). nullopt if all sessions are in use.
  std::optional<std::string> open(std::unique_ptr<Upload> upload);
  tl::expected<Lease, Miss> lease(const std::string& id, const std::string& repository);
  /// Bytes received so far, also while another request writes; nullopt if unknown.
  std::optional<std::uint64_t> progress(const std::string& id, const std::string& repository);
  /// True if there was such a session. One in use ends when its request does.
  bool cancel(const std::string& id, const std::string& repository);
  /// The open session of a repository that was opened first, or empty. Deviations ask.
  std::string oldest(const std::string& repository);
  /// Ends every session of a repository. Deviations ask.
  void cancel_all(const std::string& repository);
  /// Drops what nobody touched for the expiry time.
  void expire(Clock::time_point now = Clock::now());
  [[nodiscard]] std::size_t size();

 private:
  struct Session {
    std::shared_ptr<Upload> upload;
    std::string repository;
    std::uint64_t size = 0;  ///< as of the last request
    bool busy = false;
    Clock::time_point touched;
    std::uint64_t number = 0;  ///< in order of opening
  };

  std::size_t most_;
  std::chrono::seconds expiry_;
  bool numbered_;
  std::mutex mutex_;
  std::uint64_t opened_ = 0;
  std::unordered_map<std::string, Session> sessions_;
};

/// A random UUID (RFC 4122, version 4).
std::string make_uuid();

}  // namespace referee::registry
