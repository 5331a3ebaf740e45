#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <utility>

#include "content_store.hpp"

namespace referee::registry {

namespace {

/// An open file; closes it.
class File {
 public:
  explicit File(int descriptor) : descriptor_(descriptor) {}
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  [[nodiscard]] int get() const { return descriptor_; }

 private:
  int descriptor_;
};

class FileReader final : public ContentReader {
 public:
  FileReader(std::shared_ptr<const File> file, std::uint64_t size) : file_(std::move(file)), size_(size) {}
  [[nodiscard]] std::uint64_t size() const override { return size_; }
  std::string_view read(std::uint64_t offset, std::size_t most, std::string& scratch) const override {
    if (offset >= size_) return {};
    scratch.resize(std::min<std::uint64_t>(most, size_ - offset));
    const auto got = ::pread(file_->get(), scratch.data(), scratch.size(), static_cast<off_t>(offset));
    return got <= 0 ? std::string_view{} : std::string_view(scratch).substr(0, static_cast<std::size_t>(got));
  }
  [[nodiscard]] int file() const override { return file_->get(); }

 private:
  std::shared_ptr<const File> file_;
  std::uint64_t size_;
};

class DiskWriter final : public ContentWriter {
 public:
  DiskWriter(std::string path, std::shared_ptr<const File> file) : path_(std::move(path)), file_(std::move(file)) {}
  ~DiskWriter() override {
    if (!path_.empty()) ::unlink(path_.c_str());
  }
  DiskWriter(const DiskWriter&) = delete;
  DiskWriter& operator=(const DiskWriter&) = delete;

  tl::expected<void, StoreError> append(std::string_view bytes) override {
    while (!bytes.empty()) {
      const auto put = ::pwrite(file_->get(), bytes.data(), bytes.size(), static_cast<off_t>(size_));
      if (put < 0 && errno == EINTR) continue;
      if (put <= 0) return tl::unexpected(errno == ENOSPC || errno == EDQUOT ? StoreError::kFull : StoreError::kIo);
      size_ += static_cast<std::uint64_t>(put);
      bytes.remove_prefix(static_cast<std::size_t>(put));
    }
    return {};
  }
  tl::expected<void, StoreError> truncate(std::uint64_t size) override {
    if (::ftruncate(file_->get(), static_cast<off_t>(size)) != 0) return tl::unexpected(StoreError::kIo);
    size_ = size;
    return {};
  }
  [[nodiscard]] std::uint64_t size() const override { return size_; }
  std::shared_ptr<ContentReader> reader() override { return std::make_shared<FileReader>(file_, size_); }

  /// Gives the file its final name.
  bool rename_to(const std::string& path) {
    if (std::rename(path_.c_str(), path.c_str()) != 0) return false;
    path_.clear();
    return true;
  }

 private:
  std::string path_;
  std::shared_ptr<const File> file_;
  std::uint64_t size_ = 0;
};

/// `blobs/<algorithm>/<encoded>`, as image-layout.md has it.
class DiskStore final : public ContentStore {
 public:
  explicit DiskStore(std::string folder) : folder_(std::move(folder)) {}

  tl::expected<std::unique_ptr<ContentWriter>, StoreError> create() override {
    auto path = folder_ + "/referee/uploads/" + std::to_string(next_++);
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (descriptor < 0) return tl::unexpected(errno == ENOSPC ? StoreError::kFull : StoreError::kIo);
    return std::make_unique<DiskWriter>(std::move(path), std::make_shared<const File>(descriptor));
  }

  tl::expected<void, StoreError> commit(std::unique_ptr<ContentWriter> writer, const oci::Digest& digest) override {
    const auto path = path_of(digest.str());
    struct stat status{};
    if (::stat(path.c_str(), &status) == 0) return {};
    auto* file = dynamic_cast<DiskWriter*>(writer.get());
    if (file == nullptr || !file->rename_to(path)) return tl::unexpected(StoreError::kIo);
    return {};
  }

  std::shared_ptr<ContentReader> open(const std::string& digest) override {
    const int descriptor = ::open(path_of(digest).c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return nullptr;
    auto file = std::make_shared<const File>(descriptor);
    struct stat status{};
    if (::fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) return nullptr;
    return std::make_shared<FileReader>(std::move(file), static_cast<std::uint64_t>(status.st_size));
  }

  void remove(const std::string& digest) override { ::unlink(path_of(digest).c_str()); }

 private:
  /// Only digests of registered algorithms come here: their characters are safe in a path.
  [[nodiscard]] std::string path_of(const std::string& digest) const {
    const auto colon = digest.find(':');
    return folder_ + "/blobs/" + digest.substr(0, colon) + "/" + digest.substr(colon + 1);
  }

  std::string folder_;
  std::atomic<std::uint64_t> next_{0};
};

}  // namespace

std::unique_ptr<ContentStore> make_disk_store(const std::string& folder) {
  return std::make_unique<DiskStore>(folder);
}

}  // namespace referee::registry
