#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "referee/oci/layout.hpp"

namespace referee::oci {

/// A file descriptor that is closed with its owner.
class OpenFile {
 public:
  explicit OpenFile(int descriptor) : descriptor_(descriptor) {}
  ~OpenFile();
  OpenFile(OpenFile&& other) noexcept : descriptor_(other.descriptor_) { other.descriptor_ = -1; }
  OpenFile& operator=(OpenFile&& other) noexcept;
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  [[nodiscard]] int get() const { return descriptor_; }

 private:
  int descriptor_;
};

/// Files below one folder, named by relative paths such as `blobs/sha256/ab`. Each step is opened from the one before
/// it and no symbolic link is followed, so whoever filled the folder cannot lead us out of it.
class Folder {
 public:
  /// kAbsent if there is none.
  static LayoutResult<Folder> open(const std::string& path);

  [[nodiscard]] const std::string& path() const { return path_; }
  /// The size of a regular file; nullopt if there is no such file.
  [[nodiscard]] LayoutResult<std::optional<std::uint64_t>> size_of(const std::string& file) const;
  /// The whole file; nullopt if there is none; kTooLarge, unread, if it has more than `most` bytes.
  [[nodiscard]] LayoutResult<std::optional<std::string>> read(const std::string& file, std::uint64_t most) const;
  /// Writes beside the place and renames. Folders on the way are made.
  [[nodiscard]] LayoutResult<void> replace(const std::string& file, std::string_view bytes) const;
  [[nodiscard]] LayoutResult<void> make_folder(const std::string& folder) const;

 private:
  Folder(std::string path, OpenFile root) : path_(std::move(path)), root_(std::move(root)) {}
  /// A folder below this one; nullopt if it is absent.
  [[nodiscard]] LayoutResult<std::optional<OpenFile>> enter(std::string_view folder, bool make) const;
  [[nodiscard]] LayoutResult<std::optional<OpenFile>> open_file(const std::string& file) const;
  [[nodiscard]] tl::unexpected<LayoutError> failed(std::string_view file, const char* what) const;

  std::string path_;
  OpenFile root_;
};

}  // namespace referee::oci
