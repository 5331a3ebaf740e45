#pragma once

#include <array>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string_view>
#include <thread>

#include "referee/oci/digest.hpp"

namespace referee::distribution {

/// Hashes what is added here, in order: on a thread of its own where so much is expected that this pays. Whoever adds
/// waits while all buffers are full. One thread adds, a piece or what it has written to room().
class SideHasher {
 public:
  SideHasher(oci::Algorithm algorithm, std::uint64_t expected);
  SideHasher(const SideHasher&) = delete;
  SideHasher& operator=(const SideHasher&) = delete;
  ~SideHasher();

  void add(std::string_view bytes);
  /// Never empty; stays until filled() is called.
  [[nodiscard]] std::span<char> room();
  void filled(std::size_t bytes);
  /// The digest of all that was added. Call once.
  oci::Digest finish();

 private:
  static constexpr std::uint64_t kWorthAThread = std::uint64_t{4} << 20U;
  static constexpr std::size_t kBuffers = 16;
  static constexpr std::size_t kBufferSize = std::size_t{512} << 10U;
  static constexpr std::size_t kSmall = std::size_t{32} << 10U;  ///< without a thread

  struct Buffer {
    std::unique_ptr<char[]> bytes;  // NOLINT(*-avoid-c-arrays): no vector leaves its bytes as they are
    std::size_t size = 0;

    [[nodiscard]] std::string_view text() const { return {bytes.get(), size}; }
  };

  void hand_over();
  void work();

  oci::Hasher hasher_;  ///< the thread's, if there is one
  std::array<Buffer, kBuffers> buffers_;
  std::size_t filling_ = 0;  ///< of whoever adds
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t full_ = 0;  ///< buffers that wait or are being hashed
  bool over_ = false;
  std::jthread thread_;  ///< may be none; last: joined before what it uses goes
};

}  // namespace referee::distribution
