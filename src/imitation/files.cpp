#include "files.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

namespace referee::imitation {
namespace {

constexpr std::uintmax_t kLargestInput = 64ULL << 20U;

}  // namespace

Done<std::string> read_file(const std::string& path) {
  const auto fail = [&](std::string_view why) { return tl::unexpected(fmt::format("{}: {}", path, why)); };
  if (path.empty()) return tl::unexpected(std::string("--file names no file"));
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) return fail("there is no such file");
  if (std::filesystem::file_size(path, error) > kLargestInput) return fail("is larger than 64 MiB");
  std::ifstream file(path, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (!file.is_open() || file.bad()) return fail("cannot be read");
  return bytes;
}

Done<std::vector<std::string>> read_lines(const std::string& path) {
  const auto text = read_file(path);
  if (!text) return tl::unexpected(text.error());
  std::vector<std::string> lines;
  std::istringstream stream(*text);
  for (std::string line; std::getline(stream, line);) {
    if (!line.empty()) lines.push_back(line);
  }
  return lines;
}

Done<void> write_new(const std::string& path, const std::string& bytes) {
  if (path.empty()) return tl::unexpected(std::string("--output names no file"));
  std::error_code error;
  if (std::filesystem::exists(std::filesystem::symlink_status(path, error))) {
    return tl::unexpected(fmt::format("{}: is there already", path));
  }
  std::ofstream file(path, std::ios::binary);
  file << bytes;
  file.close();
  if (!file) return tl::unexpected(fmt::format("{}: cannot be written", path));
  return {};
}

}  // namespace referee::imitation
