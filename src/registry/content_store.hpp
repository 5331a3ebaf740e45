#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "referee/oci/digest.hpp"

namespace referee::registry {

enum class StoreError : std::uint8_t {
  kFull,  ///< the memory cap or the disk
  kIo,
};

/// Stored bytes. Stays readable after the content was removed from its store. Thread-safe.
class ContentReader {
 public:
  virtual ~ContentReader() = default;
  [[nodiscard]] virtual std::uint64_t size() const = 0;
  /// A run of at most `most` bytes from `offset`, possibly shorter; valid until `scratch` changes. Empty on an I/O
  /// error or beyond the end.
  virtual std::string_view read(std::uint64_t offset, std::size_t most, std::string& scratch) const = 0;
  /// The open file that holds the bytes from its beginning on, for the kernel to send; -1: there is none.
  [[nodiscard]] virtual int file() const { return -1; }
};

/// Bytes on their way into a store; gone with the object unless committed. One thread at a time.
class ContentWriter {
 public:
  virtual ~ContentWriter() = default;
  virtual tl::expected<void, StoreError> append(std::string_view bytes) = 0;
  virtual tl::expected<void, StoreError> truncate(std::uint64_t size) = 0;
  [[nodiscard]] virtual std::uint64_t size() const = 0;
  /// What was written so far; used before the commit only.
  virtual std::shared_ptr<ContentReader> reader() = 0;
};

/// Content by digest, without any idea of repositories. Thread-safe.
class ContentStore {
 public:
  virtual ~ContentStore() = default;
  virtual tl::expected<std::unique_ptr<ContentWriter>, StoreError> create() = 0;
  /// The caller has checked the digest. Committing a digest that is there already drops the new copy.
  virtual tl::expected<void, StoreError> commit(std::unique_ptr<ContentWriter> writer, const oci::Digest& digest) = 0;
  /// nullptr if absent.
  virtual std::shared_ptr<ContentReader> open(const std::string& digest) = 0;
  virtual void remove(const std::string& digest) = 0;
};

/// `cap` bounds all bytes held, unfinished uploads included.
std::unique_ptr<ContentStore> make_memory_store(std::uint64_t cap);
/// `folder` is an OCI image layout that exists. Unfinished uploads live in `folder/referee/uploads`.
std::unique_ptr<ContentStore> make_disk_store(const std::string& folder);

/// Everything in one string; fails above `most` bytes.
tl::expected<std::string, StoreError> read_all(const ContentReader& reader, std::uint64_t most);

}  // namespace referee::registry
