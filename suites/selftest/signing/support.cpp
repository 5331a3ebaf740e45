#include "support.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace referee::signing {
namespace {

std::string read_file(const std::string& path) {
  const std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace

std::string from_hex(std::string_view hex) {
  std::string bytes;
  for (std::size_t at = 0; at + 1 < hex.size(); at += 2) {
    bytes.push_back(static_cast<char>(std::stoi(std::string(hex.substr(at, 2)), nullptr, 16)));
  }
  return bytes;
}

std::string to_hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const char c : bytes) {
    const auto value = static_cast<unsigned char>(c);
    text.push_back(kDigits[value >> 4U]);
    text.push_back(kDigits[value & 15U]);
  }
  return text;
}

void expect_golden(const std::string& name, const std::string& text) {
  const auto path = std::filesystem::path(REFEREE_SOURCE_DIR) / "fixtures/golden/signing" / name;
  const char* update = std::getenv("REFEREE_UPDATE_GOLDEN");  // NOLINT(concurrency-mt-unsafe)
  if (update != nullptr && std::string(update) == "1") {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
    return;
  }
  ASSERT_TRUE(std::filesystem::exists(path)) << path << " is missing: REFEREE_UPDATE_GOLDEN=1 writes it";
  EXPECT_EQ(read_file(path), text) << name << ": REFEREE_UPDATE_GOLDEN=1 rewrites it";
}

std::string shell(const std::string& command) {
  std::string output;
  FILE* pipe = popen(("exec 2>&1; " + command).c_str(), "r");  // NOLINT(cert-env33-c)
  if (pipe == nullptr) return "no shell";
  std::array<char, 4096> buffer{};
  for (std::size_t got = 0; (got = fread(buffer.data(), 1, buffer.size(), pipe)) > 0;)
    output.append(buffer.data(), got);
  const int status = pclose(pipe);
  return std::to_string(WIFEXITED(status) ? WEXITSTATUS(status) : -1) + " " + output;
}

Folder::Folder() : path_((std::filesystem::temp_directory_path() / "referee-signing-XXXXXX").string()) {
  if (mkdtemp(path_.data()) == nullptr) throw std::runtime_error("no temporary folder");
}

Folder::~Folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string Folder::write(std::string_view file, std::string_view bytes) const {
  const auto path = path_ + "/" + std::string(file);
  std::ofstream(path, std::ios::binary) << bytes;
  return path;
}

std::string Folder::read(std::string_view file) const {
  return read_file(path_ + "/" + std::string(file));
}

}  // namespace referee::signing
