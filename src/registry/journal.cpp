#include "journal.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "grammar.hpp"
#include "layout.hpp"

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
  const bool names_content = entry.kind != Kind::kRepository && entry.kind != Kind::kTagGone;
  return !entry.repository.empty() && (!names_content || digest_form(entry.digest) == DigestForm::kRegistered);
}

}  // namespace

tl::expected<std::unique_ptr<Journal>, std::string> Journal::open(const std::string& folder) {
  const auto known = is_store(folder);
  if (!known) return tl::unexpected(known.error());
  if (!*known) {
    if (auto made = make_layout(folder); !made) return tl::unexpected(made.error());
  }
  const int lock = ::open((folder + "/referee/lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (lock < 0) return tl::unexpected("store " + folder + " is not writable");
  if (::flock(lock, LOCK_EX | LOCK_NB) != 0) {
    ::close(lock);
    return tl::unexpected("store " + folder + " is in use by another server");
  }
  return std::unique_ptr<Journal>(new Journal(folder, lock));
}

Journal::~Journal() {
  ::close(lock_);
}

tl::expected<bool, std::string> Journal::replay(const std::function<void(const JournalEntry&)>& visit) const {
  std::ifstream in(path(), std::ios::binary);
  if (!in) return tl::unexpected(path() + " is not readable: check its permissions");
  std::string line;
  JournalEntry entry;
  std::uint64_t number = 0;
  bool cut = false;
  while (std::getline(in, line)) {
    if (cut) {
      return tl::unexpected(fmt::format(
          "{} line {} is damaged: repair or remove that line, or use an empty or new folder", path(), number));
    }
    ++number;
    cut = !from_line(line, entry);
    if (!cut) visit(entry);
  }
  if (in.bad()) return tl::unexpected(fmt::format("{} is not readable after line {}: check its disk", path(), number));
  return cut;
}

tl::expected<void, std::string> Journal::begin(const std::vector<JournalEntry>& entries, const std::string& index) {
  if (auto made = make_layout(folder_); !made) return made;
  std::error_code error;
  for (fs::directory_iterator leftover(folder_ + "/referee/uploads", error), end; !error && leftover != end;) {
    std::error_code ignored;
    fs::remove(leftover->path(), ignored);
    leftover.increment(error);
  }
  std::string text;
  for (const auto& entry : entries) text += to_line(entry);
  // The index first: a kill in between must not leave one that names what the compacted journal has forgotten.
  bool done = write_index(index) && replace_file(path(), text);
  if (done) {
    log_.open(path(), std::ios::binary | std::ios::app);
    done = log_.good();
  }
  if (!done)
    return tl::unexpected("store " + folder_ + " is not writable: make room on its disk, or check permissions");
  return {};
}

bool Journal::append(const JournalEntry& entry) {
  log_ << to_line(entry) << std::flush;
  return log_.good();
}

bool Journal::write_index(const std::string& text) const {
  return replace_file(folder_ + "/index.json", text);
}

}  // namespace referee::registry
