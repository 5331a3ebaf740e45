#include "tools.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <regex>
#include <sstream>
#include <utility>

#include "referee/embedded/files.hpp"

namespace referee::selftest {

std::string read_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void write_text(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::binary).write(text.data(), static_cast<std::streamsize>(text.size()));
}

TemporaryFolder::TemporaryFolder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "referee-reports-XXXXXX").string();
  if (mkdtemp(pattern.data()) != nullptr) path_ = pattern;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

std::optional<std::string> find_program(const std::string& name) {
  const char* path = std::getenv("PATH");  // NOLINT(concurrency-mt-unsafe): nothing changes the environment
  std::istringstream folders(path == nullptr ? "" : path);
  for (std::string folder; std::getline(folders, folder, ':');) {
    const auto candidate = std::filesystem::path(folder) / name;
    std::error_code ignored;
    if (std::filesystem::is_regular_file(candidate, ignored)) return candidate.string();
  }
  return std::nullopt;
}

Output run_command(const std::string& command) {
  Output output;
  FILE* pipe = popen(command.c_str(), "r");  // NOLINT(cert-env33-c): commands are the tests' own
  if (pipe == nullptr) return output;
  std::array<char, 65536> buffer{};
  while (const auto got = std::fread(buffer.data(), 1, buffer.size(), pipe)) output.text.append(buffer.data(), got);
  output.status = pclose(pipe);
  return output;
}

void expect_golden(const std::string& name, const std::string& text) {
  const std::string path = std::string(REFEREE_SOURCE_DIR) + "/fixtures/golden/" + name;
  const char* update = std::getenv("REFEREE_UPDATE_GOLDEN");  // NOLINT(concurrency-mt-unsafe)
  if (update != nullptr && std::string(update) == "1") {
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    write_text(path, text);
    return;
  }
  ASSERT_TRUE(std::filesystem::exists(path)) << path << " is missing: REFEREE_UPDATE_GOLDEN=1 writes it";
  const auto golden = read_text(path);
  if (golden == text) return;
  const auto differ = std::ranges::mismatch(golden, text).in1 - golden.begin();
  const auto start = static_cast<std::size_t>(differ) > 80 ? static_cast<std::size_t>(differ) - 80 : 0;
  ADD_FAILURE() << name << " differs from byte " << differ << ":\n  golden: " << golden.substr(start, 200)
                << "\n  now:    " << text.substr(std::min(start, text.size()), 200)
                << "\nREFEREE_UPDATE_GOLDEN=1 rewrites it.";
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

std::string without_sources(std::string page) {
  for (const auto& [name, token] : {std::pair("report.css", "@STYLE@"), std::pair("parts.css", "@PARTS@"),
                                    std::pair("theme.js", "@THEME@"), std::pair("report.js", "@SCRIPT@")}) {
    page = replaced(std::move(page), std::string(embedded::file("reports/page/" + std::string(name)).value_or("-")),
                    token);
  }
  return std::regex_replace(page, std::regex("'sha256-[A-Za-z0-9+/]{43}='"), "@HASH@");
}

}  // namespace referee::selftest
