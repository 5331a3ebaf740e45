#include "read_file.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>

namespace referee::http {

tl::expected<std::string, std::string> read_file(const std::string& path, std::size_t limit) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) return tl::unexpected(std::string("does not exist"));
  if (std::filesystem::is_directory(path, ignored)) return tl::unexpected(std::string("is a folder, not a file"));
  std::ifstream file(path, std::ios::binary);
  std::string text(limit + 1, '\0');
  if (!file.read(text.data(), static_cast<std::streamsize>(text.size())) && !file.eof()) {
    return tl::unexpected(std::string("cannot be read: check its permissions"));
  }
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (text.size() > limit) return tl::unexpected(fmt::format("is larger than {} bytes", limit));
  return text;
}

}  // namespace referee::http
