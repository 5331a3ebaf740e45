#include "referee/distribution/journal.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <nlohmann/json.hpp>

#include "journal_line.hpp"

namespace referee::distribution {
namespace {

bool write_whole(int descriptor, std::string_view text) {
  const ssize_t written = ::write(descriptor, text.data(), text.size());
  return written == static_cast<ssize_t>(text.size());
}

// A line that a crash has cut would swallow the next one.
bool ends_within_a_line(int descriptor) {
  const off_t end = ::lseek(descriptor, 0, SEEK_END);
  char last = '\n';
  return end > 0 && ::pread(descriptor, &last, 1, end - 1) == 1 && last != '\n';
}

}  // namespace

std::string journal_line(const JournalEntry& entry, Mark mark) {
  nlohmann::ordered_json json;
  json["kind"] = name(entry.kind);
  json["registry"] = entry.registry;
  json["repository"] = entry.repository;
  json["reference"] = entry.reference;
  if (mark != Mark::kNone) json[mark == Mark::kClosed ? "closed" : "refused"] = true;
  return json.dump(-1, ' ', true, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

std::string_view name(Pushed kind) {
  switch (kind) {
    case Pushed::kTag:
      return "tag";
    case Pushed::kManifest:
      return "manifest";
    case Pushed::kBlob:
      return "blob";
    case Pushed::kNode:
      return "node";
    case Pushed::kUpload:
      break;
  }
  return "upload";
}

tl::expected<std::unique_ptr<Journal>, std::string> Journal::open(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (descriptor < 0) return tl::unexpected(fmt::format("cannot write the journal {}: {}", path, cause(errno)));
  std::unique_ptr<Journal> journal(new Journal(descriptor, path));
  if (ends_within_a_line(descriptor) && !write_whole(descriptor, "\n")) {
    return tl::unexpected(fmt::format("cannot write the journal {}: {}", path, cause(errno)));
  }
  return journal;
}

Journal::~Journal() {
  ::close(descriptor_);
}

void Journal::add(const JournalEntry& entry) {
  write(entry, false);
}

void Journal::close_upload(const JournalEntry& entry) {
  write(entry, true);
}

void Journal::write(const JournalEntry& entry, bool closed) {
  errno = 0;
  if (write_whole(descriptor_, journal_line(entry, closed ? Mark::kClosed : Mark::kNone))) return;
  int none = 0;
  errno_.compare_exchange_strong(none, errno != 0 ? errno : ENOSPC);
}

std::optional<std::string> Journal::error() const {
  const int error = errno_.load();
  if (error == 0) return std::nullopt;
  return fmt::format("cannot write the journal {}: {}", path_, cause(error));
}

}  // namespace referee::distribution
