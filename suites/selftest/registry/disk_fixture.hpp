#pragma once

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>

#include "registry_fixture.hpp"

namespace referee::selftest {

namespace fs = std::filesystem;

/// A registry with a store in a folder of its own.
class DiskTest : public RegistryTest {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "referee-disk-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
    restart();
  }
  void TearDown() override {
    server_.reset();
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  void restart(const std::string& profile = "oci-1.1") {
    registry::ServerOptions options;
    options.store = folder_.string();
    options.profile = profile;
    options.control_address = "127.0.0.1";
    start(options);
  }
  nlohmann::json read_json(const std::string& name) { return nlohmann::json::parse(std::ifstream(folder_ / name)); }
  std::size_t files_in(const std::string& name) {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder_ / name), {}));
  }
  static std::string read(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  static void write(const fs::path& file, const std::string& text) {
    std::ofstream(file, std::ios::binary | std::ios::trunc) << text;
  }
  /// All folders and files below one, with what the files hold.
  static std::map<std::string, std::string> content_of(const fs::path& folder) {
    std::map<std::string, std::string> all;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
      all[entry.path().string()] = entry.is_regular_file() ? read(entry.path()) : "folder";
    }
    return all;
  }

  fs::path folder_;
};

}  // namespace referee::selftest
