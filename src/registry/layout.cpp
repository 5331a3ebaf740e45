#include "layout.hpp"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>

#include "manifest_document.hpp"
#include "referee/oci/layout.hpp"

namespace referee::registry {

namespace {

namespace fs = std::filesystem;

constexpr const char* kUseAnother = ": use an empty or new folder, or one made by `referee serve --store`";

/// nullopt if it cannot be read.
std::optional<std::string> read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::string text(std::istreambuf_iterator<char>(in), {});
  if (!in || in.bad()) return std::nullopt;
  return text;
}

/// Discarded if it is not JSON, or nested so deeply that nobody means it.
nlohmann::json read_json(const fs::path& path) {
  const auto text = read_file(path);
  if (!text || is_deeper_than(*text, kDeepestJson)) return nlohmann::json::value_t::discarded;
  return nlohmann::json::parse(*text, nullptr, false);
}

}  // namespace

std::string journal_path(const std::string& folder) {
  return folder + "/referee/journal.jsonl";
}

bool replace_file(const std::string& path, const std::string& text) {
  const auto temporary = path + ".new";
  std::ofstream out(temporary, std::ios::binary | std::ios::trunc);
  out << text;
  out.close();
  return out.good() && std::rename(temporary.c_str(), path.c_str()) == 0;
}

tl::expected<bool, std::string> is_store(const std::string& folder) {
  const auto fails = [&](const std::string& problem) {
    return tl::unexpected("store " + folder + " " + problem + kUseAnother);
  };
  std::error_code error;
  const auto status = fs::status(folder, error);
  if (status.type() == fs::file_type::not_found) return false;
  if (!fs::is_directory(status)) return fails("is not a folder");
  const bool empty = fs::is_empty(folder, error);
  if (error) return fails("is not readable");
  if (empty) return false;
  const fs::path layout = fs::path(folder) / "oci-layout";
  const bool journal = fs::is_regular_file(journal_path(folder), error);
  if (!fs::exists(layout, error)) {
    // oci-layout is the last file that make_layout() makes: a start that was cut off is taken up again.
    if (journal && fs::is_empty(journal_path(folder), error)) return false;
    return fails("holds something else than an OCI image layout");
  }
  if (auto right = oci::check_layout_version(folder); !right)
    return tl::unexpected(right.error().message + kUseAnother);
  if (!journal) return fails("is an OCI image layout without Referee's journal (referee/journal.jsonl)");
  return true;
}

tl::expected<void, std::string> make_layout(const std::string& folder) {
  std::error_code error;
  for (const char* part : {"referee/uploads", "blobs/sha256", "blobs/sha512"}) {
    fs::create_directories(fs::path(folder) / part, error);
    if (error) return tl::unexpected("store " + folder + " is not writable: " + error.message());
  }
  const auto layout = folder + "/oci-layout";
  const auto version = std::string(R"({"imageLayoutVersion":")") + std::string(oci::kLayoutVersion) + "\"}\n";
  const bool made = (fs::exists(journal_path(folder), error) || replace_file(journal_path(folder), "")) &&
                    (fs::exists(layout, error) || replace_file(layout, version));
  if (!made) return tl::unexpected("store " + folder + " is not writable: use another folder");
  return {};
}

tl::expected<std::vector<std::string>, std::string> read_index(const std::string& folder) {
  const fs::path file = fs::path(folder) / "index.json";
  std::error_code error;
  std::vector<std::string> digests;
  if (fs::status(file, error).type() == fs::file_type::not_found) return digests;
  const auto index = read_json(file);
  const auto manifests = index.is_object() ? index.find("manifests") : index.end();
  if (!index.is_object() || manifests == index.end() || !manifests->is_array()) {
    return tl::unexpected(file.string() +
                          " is not readable as an image index: move it away, the journal makes it anew");
  }
  for (const auto& entry : *manifests) {
    const auto digest = entry.is_object() ? entry.find("digest") : entry.end();
    const bool named = entry.is_object() && digest != entry.end() && digest->is_string();
    digests.push_back(named ? digest->get<std::string>() : "(no digest)");
  }
  return digests;
}

}  // namespace referee::registry
