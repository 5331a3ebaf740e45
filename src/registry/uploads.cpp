#include "uploads.hpp"

#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <vector>

namespace referee::registry {

tl::expected<void, StoreError> Upload::append(std::string_view bytes) {
  if (auto done = writer_->append(bytes); !done) {
    rehash_ = true;  // a part may have been written
    return done;
  }
  if (!rehash_) hasher_.update(bytes);
  return {};
}

tl::expected<void, StoreError> Upload::truncate(std::uint64_t size) {
  if (size == writer_->size()) return {};
  rehash_ = true;
  return writer_->truncate(size);
}

void Upload::expect(oci::Algorithm algorithm) {
  if (algorithm == algorithm_) return;
  algorithm_ = algorithm;
  if (writer_->size() == 0 && !rehash_) {
    hasher_ = oci::Hasher(algorithm);
  } else {
    rehash_ = true;
  }
}

tl::expected<oci::Digest, StoreError> Upload::digest() {
  if (!rehash_) return hasher_.finish();
  static constexpr std::size_t kPiece = 256UL * 1024;
  oci::Hasher hasher(algorithm_);
  std::string scratch;
  const auto reader = writer_->reader();
  for (std::uint64_t offset = 0; offset < reader->size();) {
    const auto piece = reader->read(offset, kPiece, scratch);
    if (piece.empty()) return tl::unexpected(StoreError::kIo);
    hasher.update(piece);
    offset += piece.size();
  }
  return hasher.finish();
}

Uploads::Lease::~Lease() {
  if (owner_ == nullptr) return;
  std::shared_ptr<Upload> last;  // its bytes are freed outside the lock
  const std::lock_guard lock(owner_->mutex_);
  const auto found = owner_->sessions_.find(id_);
  if (found == owner_->sessions_.end()) {
    last = std::move(upload_);
    return;
  }
  found->second.busy = false;
  found->second.size = upload_->size();
  found->second.touched = Clock::now();
}

void Uploads::Lease::end() {
  const std::lock_guard lock(owner_->mutex_);
  owner_->sessions_.erase(id_);
}

std::optional<std::string> Uploads::open(std::unique_ptr<Upload> upload) {
  std::shared_ptr<Upload> dropped;
  const std::lock_guard lock(mutex_);
  const auto number = ++opened_;
  auto id = numbered_ ? std::to_string(number) : make_uuid();
  if (sessions_.size() >= most_) {
    auto oldest = sessions_.end();
    for (auto it = sessions_.begin(); it != sessions_.end(); ++it) {
      if (!it->second.busy && (oldest == sessions_.end() || it->second.touched < oldest->second.touched)) oldest = it;
    }
    if (oldest == sessions_.end()) return std::nullopt;
    dropped = std::move(oldest->second.upload);
    sessions_.erase(oldest);
  }
  auto repository = upload->repository();
  sessions_.emplace(id, Session{std::move(upload), std::move(repository), 0, false, Clock::now(), number});
  return id;
}

tl::expected<Uploads::Lease, Uploads::Miss> Uploads::lease(const std::string& id, const std::string& repository) {
  const std::lock_guard lock(mutex_);
  const auto found = sessions_.find(id);
  if (found == sessions_.end() || found->second.repository != repository) return tl::unexpected(Miss::kUnknown);
  if (found->second.busy) return tl::unexpected(Miss::kBusy);
  found->second.busy = true;
  return Lease(*this, id, found->second.upload);
}

std::optional<std::uint64_t> Uploads::progress(const std::string& id, const std::string& repository) {
  const std::lock_guard lock(mutex_);
  const auto found = sessions_.find(id);
  if (found == sessions_.end() || found->second.repository != repository) return std::nullopt;
  return found->second.size;
}

bool Uploads::cancel(const std::string& id, const std::string& repository) {
  std::shared_ptr<Upload> dropped;
  const std::lock_guard lock(mutex_);
  const auto found = sessions_.find(id);
  if (found == sessions_.end() || found->second.repository != repository) return false;
  dropped = std::move(found->second.upload);
  sessions_.erase(found);
  return true;
}

std::string Uploads::oldest(const std::string& repository) {
  const std::lock_guard lock(mutex_);
  std::string id;
  auto first = UINT64_MAX;
  for (const auto& [name, session] : sessions_) {
    if (session.repository != repository || session.number > first) continue;
    id = name;
    first = session.number;
  }
  return id;
}

void Uploads::cancel_all(const std::string& repository) {
  std::vector<std::shared_ptr<Upload>> dropped;
  const std::lock_guard lock(mutex_);
  std::erase_if(sessions_, [&](auto& entry) {
    if (entry.second.repository != repository) return false;
    dropped.push_back(std::move(entry.second.upload));
    return true;
  });
}

void Uploads::expire(Clock::time_point now) {
  std::vector<std::shared_ptr<Upload>> dropped;
  const std::lock_guard lock(mutex_);
  std::erase_if(sessions_, [&](auto& entry) {
    if (entry.second.busy || now - entry.second.touched < expiry_) return false;
    dropped.push_back(std::move(entry.second.upload));
    return true;
  });
}

std::size_t Uploads::size() {
  const std::lock_guard lock(mutex_);
  return sessions_.size();
}

std::string make_uuid() {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::array<unsigned char, 16> bytes{};
  RAND_bytes(bytes.data(), static_cast<int>(bytes.size()));
  bytes[6] = static_cast<unsigned char>((bytes[6] & 0x0FU) | 0x40U);
  bytes[8] = static_cast<unsigned char>((bytes[8] & 0x3FU) | 0x80U);
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text.push_back('-');
    text.push_back(kDigits[bytes[i] >> 4U]);
    text.push_back(kDigits[bytes[i] & 0xFU]);
  }
  return text;
}

}  // namespace referee::registry
