#include "side_hasher.hpp"

namespace referee::distribution {

SideHasher::SideHasher(oci::Algorithm algorithm, std::uint64_t expected) : hasher_(algorithm) {
  if (expected >= kWorthAThread) thread_ = std::jthread([this] { work(); });
}

SideHasher::~SideHasher() {
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
  }
  changed_.notify_all();
}

std::span<char> SideHasher::room() {
  auto& buffer = buffers_[filling_];
  const auto size = thread_.joinable() ? kBufferSize : kSmall;
  if (!buffer.bytes) buffer.bytes = std::make_unique_for_overwrite<char[]>(size);  // NOLINT(*-avoid-c-arrays)
  return {buffer.bytes.get() + buffer.size, size - buffer.size};
}

void SideHasher::filled(std::size_t bytes) {
  auto& buffer = buffers_[filling_];
  buffer.size += bytes;
  if (!thread_.joinable()) {
    hasher_.update(buffer.text());
    buffer.size = 0;
  } else if (buffer.size == kBufferSize) {
    hand_over();
  }
}

void SideHasher::add(std::string_view bytes) {
  if (!thread_.joinable()) return hasher_.update(bytes);
  while (!bytes.empty()) {
    const auto to = room();
    const auto taken = bytes.copy(to.data(), to.size());
    bytes.remove_prefix(taken);
    filled(taken);
  }
}

void SideHasher::hand_over() {
  filling_ = (filling_ + 1) % kBuffers;
  std::unique_lock lock(mutex_);
  ++full_;
  changed_.notify_all();
  changed_.wait(lock, [this] { return full_ < kBuffers; });
}

void SideHasher::work() {
  std::unique_lock lock(mutex_);
  for (std::size_t next = 0;; next = (next + 1) % kBuffers) {
    changed_.wait(lock, [this] { return full_ > 0 || over_; });
    if (full_ == 0) return;
    lock.unlock();
    hasher_.update(buffers_[next].text());
    buffers_[next].size = 0;
    lock.lock();
    --full_;
    changed_.notify_all();
  }
}

oci::Digest SideHasher::finish() {
  if (!thread_.joinable()) return hasher_.finish();
  hand_over();
  {
    std::unique_lock lock(mutex_);
    over_ = true;
    changed_.notify_all();
    changed_.wait(lock, [this] { return full_ == 0; });
  }
  return hasher_.finish();
}

}  // namespace referee::distribution
