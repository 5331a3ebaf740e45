#include <algorithm>
#include <atomic>
#include <mutex>
#include <unordered_map>
#include <utility>
#include <vector>

#include "content_store.hpp"

namespace referee::registry {

namespace {

/// Pieces double up to this size: small blobs waste little, large ones are never copied to grow.
constexpr std::size_t kSmallestPiece = 256;
constexpr std::size_t kLargestPiece = 1024UL * 1024;

/// Bytes in use. Shared by the store and everything that came out of it.
class Budget {
 public:
  explicit Budget(std::uint64_t cap) : cap_(cap) {}
  bool take(std::uint64_t bytes) {
    if (bytes > cap_ || used_.fetch_add(bytes) > cap_ - bytes) {
      if (bytes <= cap_) used_ -= bytes;
      return false;
    }
    return true;
  }
  void give(std::uint64_t bytes) { used_ -= bytes; }

 private:
  std::uint64_t cap_;
  std::atomic<std::uint64_t> used_{0};
};

class Pieces final : public ContentReader {
 public:
  explicit Pieces(std::shared_ptr<Budget> budget) : budget_(std::move(budget)) {}
  ~Pieces() override { budget_->give(size_); }
  Pieces(const Pieces&) = delete;
  Pieces& operator=(const Pieces&) = delete;

  [[nodiscard]] std::uint64_t size() const override { return size_; }

  std::string_view read(std::uint64_t offset, std::size_t most, std::string& /*scratch*/) const override {
    const auto next = std::ranges::upper_bound(pieces_, offset, {}, &Piece::offset);
    if (next == pieces_.begin() || offset >= size_) return {};
    const auto& piece = *std::prev(next);
    return std::string_view(piece.bytes).substr(offset - piece.offset, most);
  }

  bool append(std::string_view bytes) {
    if (!budget_->take(bytes.size())) return false;
    while (!bytes.empty()) {
      if (pieces_.empty() || pieces_.back().bytes.size() == pieces_.back().bytes.capacity()) {
        const auto grown = pieces_.empty() ? kSmallestPiece : 2 * pieces_.back().bytes.capacity();
        pieces_.push_back({size_, {}});
        pieces_.back().bytes.reserve(std::clamp(std::max(grown, bytes.size()), kSmallestPiece, kLargestPiece));
      }
      auto& last = pieces_.back().bytes;
      const auto part = bytes.substr(0, last.capacity() - last.size());
      last.append(part);
      size_ += part.size();
      bytes.remove_prefix(part.size());
    }
    return true;
  }

  void truncate(std::uint64_t size) {
    while (!pieces_.empty() && pieces_.back().offset >= size) pieces_.pop_back();
    if (!pieces_.empty()) {
      auto& last = pieces_.back();
      last.bytes.resize(std::min<std::uint64_t>(last.bytes.size(), size - last.offset));
    }
    budget_->give(size_ - size);
    size_ = size;
  }

 private:
  struct Piece {
    std::uint64_t offset;
    std::string bytes;
  };
  std::shared_ptr<Budget> budget_;
  std::vector<Piece> pieces_;
  std::uint64_t size_ = 0;
};

class MemoryWriter final : public ContentWriter {
 public:
  explicit MemoryWriter(std::shared_ptr<Budget> budget) : pieces_(std::make_shared<Pieces>(std::move(budget))) {}

  tl::expected<void, StoreError> append(std::string_view bytes) override {
    if (!pieces_->append(bytes)) return tl::unexpected(StoreError::kFull);
    return {};
  }
  tl::expected<void, StoreError> truncate(std::uint64_t size) override {
    pieces_->truncate(size);
    return {};
  }
  [[nodiscard]] std::uint64_t size() const override { return pieces_->size(); }
  std::shared_ptr<ContentReader> reader() override { return pieces_; }

 private:
  std::shared_ptr<Pieces> pieces_;
};

class MemoryStore final : public ContentStore {
 public:
  explicit MemoryStore(std::uint64_t cap) : budget_(std::make_shared<Budget>(cap)) {}

  tl::expected<std::unique_ptr<ContentWriter>, StoreError> create() override {
    return std::make_unique<MemoryWriter>(budget_);
  }
  tl::expected<void, StoreError> commit(std::unique_ptr<ContentWriter> writer, const oci::Digest& digest) override {
    const std::lock_guard lock(mutex_);
    contents_.try_emplace(digest.str(), writer->reader());
    return {};
  }
  std::shared_ptr<ContentReader> open(const std::string& digest) override {
    const std::lock_guard lock(mutex_);
    const auto found = contents_.find(digest);
    return found == contents_.end() ? nullptr : found->second;
  }
  void remove(const std::string& digest) override {
    const std::lock_guard lock(mutex_);
    contents_.erase(digest);
  }

 private:
  std::shared_ptr<Budget> budget_;
  std::mutex mutex_;
  std::unordered_map<std::string, std::shared_ptr<ContentReader>> contents_;
};

}  // namespace

std::unique_ptr<ContentStore> make_memory_store(std::uint64_t cap) {
  return std::make_unique<MemoryStore>(cap);
}

tl::expected<std::string, StoreError> read_all(const ContentReader& reader, std::uint64_t most) {
  if (reader.size() > most) return tl::unexpected(StoreError::kFull);
  std::string out;
  std::string scratch;
  out.reserve(reader.size());
  while (out.size() < reader.size()) {
    const auto piece = reader.read(out.size(), kLargestPiece, scratch);
    if (piece.empty()) return tl::unexpected(StoreError::kIo);
    out.append(piece);
  }
  return out;
}

}  // namespace referee::registry
