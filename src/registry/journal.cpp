#include "journal.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>

namespace referee::registry {

namespace {

namespace fs = std::filesystem;
using Kind = JournalEntry::Kind;

constexpr std::array<const char*, 7> kKinds = {"repository",    "blob", "blob-gone", "manifest",
                                               "manifest-gone", "tag",  "tag-gone"};

std::string to_line(const JournalEntry& entry) {
  nlohmann::ordered_json line;
  line["kind"] = kKinds.at(static_cast<std::size_t>(entry.kind));
  line["repository"] = entry.repository;
  if (!entry.digest.empty()) line["digest"] = entry.digest;
  if (!entry.tag.empty()) line["tag"] = entry.tag;
  if (!entry.media_type.empty()) line["mediaType"] = entry.media_type;
  return line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

std::string text_of(const nlohmann::json& line, const char* key) {
  const auto found = line.find(key);
  return found != line.end() && found->is_string() ? found->get<std::string>() : std::string();
}

bool from_line(const std::string& text, JournalEntry& entry) {
  const auto line = nlohmann::json::parse(text, nullptr, false);
  if (!line.is_object()) return false;
  const auto kind = std::ranges::find(kKinds, text_of(line, "kind"));
  if (kind == kKinds.end()) return false;
  entry = {static_cast<Kind>(kind - kKinds.begin()), text_of(line, "repository"), text_of(line, "digest"),
           text_of(line, "tag"), text_of(line, "mediaType")};
  return !entry.repository.empty();
}

bool replace_file(const std::string& path, const std::string& text) {
  const auto temporary = path + ".new";
  std::ofstream out(temporary, std::ios::binary | std::ios::trunc);
  out << text;
  out.close();
  return out.good() && std::rename(temporary.c_str(), path.c_str()) == 0;
}

/// The folders and files of a layout; nullptr or what is wrong.
const char* prepare(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (!fs::is_directory(folder, error)) return "is not a folder";
  const bool empty = fs::is_empty(folder, error);
  if (error) return "is not readable";
  if (!empty && !fs::exists(folder / "oci-layout", error)) return "holds something else than an OCI image layout";
  for (const char* part : {"blobs/sha256", "blobs/sha512", "referee/uploads"}) {
    fs::create_directories(folder / part, error);
    if (error) return "is not writable";
  }
  if (empty && !replace_file(folder / "oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}\n")) return "is not writable";
  return nullptr;
}

}  // namespace

tl::expected<std::unique_ptr<Journal>, std::string> Journal::open(const std::string& folder) {
  if (const char* problem = prepare(folder)) return tl::unexpected("store " + folder + " " + problem);
  const int lock = ::open((folder + "/referee/lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (lock < 0) return tl::unexpected("store " + folder + " is not writable");
  if (::flock(lock, LOCK_EX | LOCK_NB) != 0) {
    ::close(lock);
    return tl::unexpected("store " + folder + " is in use by another server");
  }
  std::error_code error;
  for (const auto& leftover : fs::directory_iterator(folder + "/referee/uploads", error)) {
    fs::remove(leftover.path(), error);
  }
  return std::unique_ptr<Journal>(new Journal(folder, lock));
}

Journal::~Journal() {
  ::close(lock_);
}

void Journal::replay(const std::function<void(const JournalEntry&)>& visit) const {
  std::ifstream in(path(), std::ios::binary);
  std::string line;
  JournalEntry entry;
  while (std::getline(in, line)) {
    if (from_line(line, entry)) visit(entry);
  }
}

bool Journal::compact(const std::vector<JournalEntry>& entries) {
  std::string text;
  for (const auto& entry : entries) text += to_line(entry);
  log_.close();
  if (!replace_file(path(), text)) return false;
  log_.clear();
  log_.open(path(), std::ios::binary | std::ios::app);
  return log_.good();
}

bool Journal::append(const JournalEntry& entry) {
  log_ << to_line(entry) << std::flush;
  return log_.good();
}

bool Journal::write_index(const std::string& text) const {
  return replace_file(folder_ + "/index.json", text);
}

}  // namespace referee::registry
