#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "referee/oci/content.hpp"
#include "referee/oci/descriptor.hpp"

/// OCI image layouts (image-spec, image-layout.md): a folder with `oci-layout`, `index.json` and
/// `blobs/<algorithm>/<encoded>`.
namespace referee::oci {

/// The one version there is.
inline constexpr std::string_view kLayoutVersion = "1.0.0";
/// Under which name an entry of index.json is known (image-spec, annotations.md): what a tag is in a registry.
inline constexpr std::string_view kRefName = "org.opencontainers.image.ref.name";

enum class LayoutErrorKind : std::uint8_t {
  kAbsent,          ///< no such folder
  kNotALayout,      ///< a folder with something else in it, or a layout that lacks a required part
  kForeignVersion,  ///< another imageLayoutVersion
  kDamaged,         ///< content that does not match its digest or size; JSON that is none
  kMissing,         ///< no such blob
  kTooLarge,        ///< beyond the bound that the caller or this class sets; nothing was read
  kUnsafe,          ///< a symbolic link, device or pipe where a file or folder belongs: not followed, not opened
  kDisk,            ///< the system refused to read or write
};

struct LayoutError {
  LayoutErrorKind kind = LayoutErrorKind::kDisk;
  std::string message;  ///< one line that names the file
};

template <typename T>
using LayoutResult = tl::expected<T, LayoutError>;

/// Whether `folder` has an oci-layout file of our version. kNotALayout if there is none or it cannot be understood.
LayoutResult<void> check_layout_version(const std::string& folder);

class Folder;

/// A layout on disk. The folder itself may be reached through a symbolic link; below it none is followed. Files are
/// written beside their place and renamed, so a reader sees the old or the new content; nothing is synced. One writer
/// at a time, in this process or others: index.json is read, changed and written. Copies share the count of opened
/// files. Not thread-safe.
class Layout {
 public:
  /// Makes a layout in a folder that is absent or empty.
  static LayoutResult<Layout> create(const std::string& folder);
  /// A folder that is a layout already: right version, an index.json, a blobs folder.
  static LayoutResult<Layout> open(const std::string& folder);

  [[nodiscard]] const std::string& path() const;

  /// Writes the blob, over a damaged one too.
  [[nodiscard]] LayoutResult<void> put(const Content& content) const;
  /// kDamaged, and nothing written, unless the bytes have the descriptor's digest and size.
  [[nodiscard]] LayoutResult<void> put(const Descriptor& expected, std::string_view bytes) const;
  /// The blob, of the descriptor's media type; size and digest match. `most`: bytes that may be read.
  [[nodiscard]] LayoutResult<Content> get(const Descriptor& descriptor, std::uint64_t most = kMostContent) const;
  /// Looks, without opening the file, whether there is one.
  [[nodiscard]] bool has(std::string_view digest) const;

  /// What index.json lists, in its order. Unknown media types are entries like any other.
  [[nodiscard]] LayoutResult<std::vector<Descriptor>> entries() const;
  /// Adds an entry at the end. One of the same digest and name is replaced where it stands; an entry of another digest
  /// loses the name, as a tag would. What index.json holds otherwise stays, unknown fields too.
  [[nodiscard]] LayoutResult<void> add(const Descriptor& entry) const;
  /// Removes the entries that `which` picks, and says how many; blobs stay.
  [[nodiscard]] LayoutResult<std::size_t> remove(const std::function<bool(const Descriptor&)>& which) const;

  /// How many files were opened for reading by get() and entries(), index.json each time.
  [[nodiscard]] std::uint64_t opened() const { return *opened_; }

  static constexpr std::uint64_t kMostContent = 256ULL << 20U;  ///< default bound of get(), bytes
  static constexpr std::uint64_t kMostIndex = 64ULL << 20U;     ///< bound of index.json, bytes

 private:
  explicit Layout(std::shared_ptr<const Folder> folder);
  [[nodiscard]] LayoutResult<std::string> index_text() const;

  std::shared_ptr<const Folder> folder_;
  std::shared_ptr<std::uint64_t> opened_;
};

/// The name of an entry of index.json; empty if it has none.
std::string ref_name(const Descriptor& entry);

}  // namespace referee::oci
