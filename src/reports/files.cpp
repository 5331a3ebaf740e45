#include <fmt/format.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "referee/reports/writers.hpp"

namespace referee::reports {
namespace {

std::string cause() {
  return std::generic_category().message(errno);
}

}  // namespace

tl::expected<void, std::string> replace_file(const std::string& path, const std::string& content) {
  // Not synced to the disk: this guards readers and killed runs, not power failures, and runs every two seconds.
  const std::string fresh = path + ".new";
  {
    errno = 0;
    std::ofstream file(fresh, std::ios::binary | std::ios::trunc);
    file.write(content.data(), static_cast<std::streamsize>(content.size()));
    file.close();
    if (!file) {
      const auto why = cause();
      std::error_code ignored;
      if (std::filesystem::is_regular_file(fresh, ignored)) std::filesystem::remove(fresh, ignored);
      return tl::unexpected(fmt::format("cannot write {}: {}", fresh, why));
    }
  }
  std::error_code error;
  std::filesystem::rename(fresh, path, error);
  if (error) {
    std::error_code ignored;
    std::filesystem::remove(fresh, ignored);
    return tl::unexpected(fmt::format("cannot replace {}: {}", path, error.message()));
  }
  return {};
}

tl::expected<void, std::string> write_reports(const std::string& folder, const conformance::Run& run,
                                              const Book& book) {
  return write_records(folder, run, book).and_then([&] {
    return replace_file(folder + "/report.html", html_report(run, book));
  });
}

tl::expected<void, std::string> write_records(const std::string& folder, const conformance::Run& run,
                                              const Book& book) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return tl::unexpected(fmt::format("cannot create the folder {}: {}", folder, error.message()));
  return replace_file(folder + "/results.json", results_json(run, book)).and_then([&] {
    return replace_file(folder + "/junit.xml", junit_xml(run, book));
  });
}

}  // namespace referee::reports
