#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <string_view>
#include <system_error>
#include <tuple>

#include "journal_line.hpp"

namespace referee::distribution {
namespace {

constexpr std::size_t kLongestLine = 64 << 10;  // bytes
constexpr std::size_t kMostLines = 10'000'000;

using Key = std::tuple<Pushed, std::string, std::string, std::string>;

struct Line {
  JournalEntry entry;
  bool closed = false;
  bool refused = false;
};

Key key_of(const JournalEntry& entry) {
  return {entry.kind, entry.registry, entry.repository, entry.reference};
}

// A cancelled upload's repository was read from its URL and may be missing; the address alone names the session.
Key session_of(const JournalEntry& entry) {
  return {Pushed::kUpload, entry.registry, "", entry.reference};
}

std::optional<Pushed> kind_of(const std::string& text) {
  for (const Pushed kind : {Pushed::kTag, Pushed::kManifest, Pushed::kBlob, Pushed::kUpload, Pushed::kNode}) {
    if (text == name(kind)) return kind;
  }
  return std::nullopt;
}

std::optional<std::string> text_of(const nlohmann::json& json, const char* key) {
  const auto found = json.find(key);
  if (found == json.end() || !found->is_string()) return std::nullopt;
  return found->get<std::string>();
}

std::optional<Line> parse(const nlohmann::json& json) {
  if (!json.is_object()) return std::nullopt;
  const auto kind = kind_of(text_of(json, "kind").value_or(""));
  auto registry = text_of(json, "registry");
  auto repository = text_of(json, "repository");
  auto reference = text_of(json, "reference");
  if (!kind || !registry || !repository || !reference) return std::nullopt;
  return Line{{*kind, std::move(*registry), std::move(*repository), std::move(*reference)},
              json.value("closed", nlohmann::json()) == true,
              json.value("refused", nlohmann::json()) == true};
}

/// The lines of what is still there, each once.
tl::expected<std::vector<Line>, std::string> read_lines(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return tl::unexpected(fmt::format("cannot read the journal {}: {}", path, cause(errno)));
  std::vector<Line> entries;
  std::set<Key> known;
  std::set<Key> closed;
  // A device has no end, and neither may a line have none.
  std::error_code failure;
  if (!std::filesystem::is_regular_file(path, failure))
    return tl::unexpected(fmt::format("cannot read the journal {}: it is no file", path));
  std::string buffer(kLongestLine, '\0');
  for (std::size_t number = 1; file.getline(buffer.data(), static_cast<std::streamsize>(buffer.size())); ++number) {
    const auto text = std::string_view(buffer).substr(0, buffer.find('\0'));
    if (text.empty()) continue;
    if (number > kMostLines) return tl::unexpected(fmt::format("{} has more than {} lines", path, kMostLines));
    const nlohmann::json json = nlohmann::json::parse(text, nullptr, false);
    if (json.is_discarded() && text.front() == '{') continue;  // cut by a crash
    auto line = parse(json);
    if (!line)
      return tl::unexpected(fmt::format("{} is not a journal: line {} is not one of its entries", path, number));
    if (line->closed) {
      closed.insert(session_of(line->entry));
    } else if (known.insert(key_of(line->entry)).second) {
      entries.push_back(std::move(*line));
    }
  }
  if (!file.eof() && !file.bad()) {
    return tl::unexpected(fmt::format("{} is not a journal: a line is longer than {} bytes", path, kLongestLine));
  }
  if (file.bad()) return tl::unexpected(fmt::format("cannot read the journal {}: {}", path, cause(errno)));
  std::erase_if(entries, [&closed](const Line& line) {
    return line.entry.kind == Pushed::kUpload && closed.contains(session_of(line.entry));
  });
  return entries;
}

}  // namespace

tl::expected<std::vector<JournalEntry>, std::string> read_journal(const std::string& path) {
  auto lines = read_lines(path);
  if (!lines) return tl::unexpected(std::move(lines.error()));
  std::vector<JournalEntry> entries;
  entries.reserve(lines->size());
  for (Line& line : *lines) entries.push_back(std::move(line.entry));
  return entries;
}

bool needs_cleanup(const std::string& path) {
  const auto lines = read_lines(path);
  return lines && std::ranges::any_of(*lines, [](const Line& line) { return !line.refused; });
}

tl::expected<void, std::string> rewrite_journal(const std::string& path, const std::vector<Leftover>& left) {
  std::string text;
  for (const Leftover& item : left) {
    text += journal_line(item.entry, item.refused ? Mark::kRefused : Mark::kNone);
  }
  const std::string temporary = fmt::format("{}.{}.new", path, ::getpid());
  const int descriptor = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  bool done = descriptor >= 0;
  for (std::size_t at = 0; done && at < text.size();) {
    const ssize_t written = ::write(descriptor, text.data() + at, text.size() - at);
    done = written > 0;
    if (done) at += static_cast<std::size_t>(written);
  }
  done = done && ::fsync(descriptor) == 0;
  int error = done ? 0 : errno;
  if (descriptor >= 0) ::close(descriptor);
  if (done && ::rename(temporary.c_str(), path.c_str()) != 0) error = errno;
  if (error == 0) return {};
  ::unlink(temporary.c_str());
  return tl::unexpected(fmt::format("cannot rewrite the journal {}: {}", path, cause(error)));
}

}  // namespace referee::distribution
