#include "read_file.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace referee::certificate {

tl::expected<std::string, std::string> read_file(const std::string& path, std::size_t most) {
  const auto cannot = [&](std::string_view why) {
    return tl::unexpected(fmt::format("cannot read {}: {}", path, why));
  };
  std::error_code failure;
  if (!std::filesystem::is_regular_file(path, failure)) return cannot("there is no such file");
  const auto size = std::filesystem::file_size(path, failure);
  if (failure) return cannot(failure.message());
  if (size > most) return cannot(fmt::format("it is larger than {} bytes", most));
  std::string text(static_cast<std::size_t>(size), '\0');
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file.read(text.data(), static_cast<std::streamsize>(text.size()))) return cannot(std::strerror(errno));
  return text;
}

}  // namespace referee::certificate
