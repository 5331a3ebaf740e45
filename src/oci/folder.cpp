#include "folder.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <system_error>
#include <utility>

namespace referee::oci {
namespace {

constexpr int kFolderFlags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

bool write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto put = ::write(descriptor, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
  return true;
}

std::pair<std::string_view, std::string_view> split_path(std::string_view file) {
  const auto slash = file.rfind('/');
  if (slash == std::string_view::npos) return {"", file};
  return {file.substr(0, slash), file.substr(slash + 1)};
}

}  // namespace

OpenFile::~OpenFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

OpenFile& OpenFile::operator=(OpenFile&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

LayoutResult<Folder> Folder::open(const std::string& path) {
  OpenFile root(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (root.get() >= 0) return Folder(path, std::move(root));
  const int error = errno;
  if (error == ENOENT) return tl::unexpected(LayoutError{LayoutErrorKind::kAbsent, path + ": there is no such folder"});
  if (error == ENOTDIR) return tl::unexpected(LayoutError{LayoutErrorKind::kNotALayout, path + " is not a folder"});
  return tl::unexpected(
      LayoutError{LayoutErrorKind::kDisk, fmt::format("{}: {}", path, std::generic_category().message(error))});
}

tl::unexpected<LayoutError> Folder::failed(std::string_view file, const char* what) const {
  const int error = errno;
  const auto name = fmt::format("{}/{}", path_, file);
  if (error == ELOOP) {
    return tl::unexpected(LayoutError{LayoutErrorKind::kUnsafe, name + " is a symbolic link: it is not followed"});
  }
  return tl::unexpected(LayoutError{
      LayoutErrorKind::kDisk, fmt::format("{} cannot be {}: {}", name, what, std::generic_category().message(error))});
}

LayoutResult<std::optional<OpenFile>> Folder::enter(std::string_view folder, bool make) const {
  OpenFile here(::openat(root_.get(), ".", kFolderFlags));
  if (here.get() < 0) return failed("", "opened");
  for (std::size_t begin = 0; begin < folder.size();) {
    const auto end = std::min(folder.find('/', begin), folder.size());
    const std::string step(folder.substr(begin, end - begin));
    if (make && ::mkdirat(here.get(), step.c_str(), 0755) != 0 && errno != EEXIST) {
      return failed(folder.substr(0, end), "made");
    }
    OpenFile next(::openat(here.get(), step.c_str(), kFolderFlags));
    if (next.get() < 0) {
      if (errno == ENOENT) return std::nullopt;
      struct stat status{};
      // A link is reported as "not a folder" when a folder was asked for.
      if (errno == ENOTDIR && ::fstatat(here.get(), step.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0) {
        errno = S_ISLNK(status.st_mode) ? ELOOP : ENOTDIR;
      }
      return failed(folder.substr(0, end), "opened");
    }
    here = std::move(next);
    begin = end + 1;
  }
  return std::optional<OpenFile>(std::move(here));
}

LayoutResult<std::optional<OpenFile>> Folder::open_file(const std::string& file) const {
  const auto [folder, name] = split_path(file);
  auto inside = enter(folder, false);
  if (!inside) return inside;
  const std::optional<OpenFile> parent = std::move(*inside);
  if (!parent) return std::nullopt;
  // Without O_NONBLOCK a pipe would hold us up.
  OpenFile opened(::openat(parent->get(), std::string(name).c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (opened.get() < 0) {
    if (errno == ENOENT) return std::nullopt;
    return failed(file, "opened");
  }
  struct stat status{};
  if (::fstat(opened.get(), &status) != 0) return failed(file, "read");
  if (!S_ISREG(status.st_mode)) {
    return tl::unexpected(
        LayoutError{LayoutErrorKind::kUnsafe, fmt::format("{}/{} is not a regular file", path_, file)});
  }
  return std::optional<OpenFile>(std::move(opened));
}

LayoutResult<std::optional<std::uint64_t>> Folder::size_of(const std::string& file) const {
  auto found = open_file(file);
  if (!found) return tl::unexpected(found.error());
  const std::optional<OpenFile> opened = std::move(*found);
  if (!opened) return std::nullopt;
  struct stat status{};
  if (::fstat(opened->get(), &status) != 0) return failed(file, "read");
  return static_cast<std::uint64_t>(status.st_size);
}

LayoutResult<std::optional<std::string>> Folder::read(const std::string& file, std::uint64_t most) const {
  auto found = open_file(file);
  if (!found) return tl::unexpected(found.error());
  const std::optional<OpenFile> opened = std::move(*found);
  if (!opened) return std::nullopt;
  struct stat status{};
  if (::fstat(opened->get(), &status) != 0) return failed(file, "read");
  const auto size = static_cast<std::uint64_t>(status.st_size);
  if (size > most) {
    return tl::unexpected(LayoutError{LayoutErrorKind::kTooLarge,
                                      fmt::format("{}/{} has {} bytes; {} are read at most", path_, file, size, most)});
  }
  std::string text(size, '\0');
  std::size_t got = 0;
  while (got < text.size()) {
    const auto piece = ::read(opened->get(), text.data() + got, text.size() - got);
    if (piece < 0 && errno == EINTR) continue;
    if (piece < 0) return failed(file, "read");
    if (piece == 0) break;
    got += static_cast<std::size_t>(piece);
  }
  text.resize(got);
  return text;
}

LayoutResult<void> Folder::replace(const std::string& file, std::string_view bytes) const {
  static std::atomic<std::uint64_t> next{0};
  const auto [folder, name] = split_path(file);
  auto inside = enter(folder, true);
  if (!inside) return tl::unexpected(inside.error());
  const std::optional<OpenFile> parent = std::move(*inside);
  if (!parent) return failed(folder, "made");
  // In the layout's own folder: names below blobs/ must be digests, whenever somebody looks.
  const auto temporary = fmt::format(".referee-{}-{}.new", ::getpid(), next++);
  const OpenFile out(
      ::openat(root_.get(), temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644));
  if (out.get() < 0) return failed(file, "written");
  const bool done = write_all(out.get(), bytes) &&
                    ::renameat(root_.get(), temporary.c_str(), parent->get(), std::string(name).c_str()) == 0;
  if (done) return {};
  auto failure = failed(file, "written");
  ::unlinkat(root_.get(), temporary.c_str(), 0);
  return failure;
}

LayoutResult<void> Folder::make_folder(const std::string& folder) const {
  const auto made = enter(folder, true);
  if (!made) return tl::unexpected(made.error());
  return {};
}

}  // namespace referee::oci
