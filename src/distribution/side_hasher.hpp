#pragma once

#include <array>
#include <condition_variable>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "referee/oci/digest.hpp"

namespace referee::distribution {

/// Hashes on a thread of its own what is added here, in order; add() waits while all buffers are full. One thread adds.
class SideHasher {
 public:
  explicit SideHasher(oci::Algorithm algorithm);
  SideHasher(const SideHasher&) = delete;
  SideHasher& operator=(const SideHasher&) = delete;
  ~SideHasher();

  void add(std::string_view bytes);
  /// The digest of all that was added. Call once.
  oci::Digest finish();

 private:
  static constexpr std::size_t kBuffers = 8;
  static constexpr std::size_t kBufferSize = std::size_t{1} << 20U;

  void hand_over();
  void work();

  oci::Hasher hasher_;  ///< the thread's
  std::array<std::string, kBuffers> buffers_;
  std::size_t filling_ = 0;  ///< of whoever adds
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t full_ = 0;  ///< buffers that wait or are being hashed
  bool over_ = false;
  std::jthread thread_;  ///< last: joined before what it uses goes
};

}  // namespace referee::distribution
