#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

namespace referee::distribution {

class Registry;

enum class Pushed : std::uint8_t { kTag, kManifest, kBlob, kUpload, kNode };  ///< kNode: of proposal C, below /v3/

/// "tag", "manifest", "blob", "upload", "node".
std::string_view name(Pushed kind);

struct JournalEntry {
  Pushed kind = Pushed::kManifest;
  std::string registry;  ///< base URL
  std::string repository;
  std::string reference;  ///< tag, digest, or upload location

  friend bool operator==(const JournalEntry&, const JournalEntry&) = default;
};

/// An append-only list of everything that was pushed, one JSON line each, written (O_APPEND, one write) before the
/// request is sent: what a killed run leaves is complete. Several processes may append to one file. Thread-safe.
class Journal {
 public:
  /// Opens or creates. Fails with a line that names the path and the cause.
  static tl::expected<std::unique_ptr<Journal>, std::string> open(const std::string& path);
  ~Journal();
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  void add(const JournalEntry& entry);
  /// Notes that this upload session has ended, so that nobody asks to cancel it.
  void close_upload(const JournalEntry& entry);
  /// The first write that failed (disk full), with its cause: from then on something may be missing.
  [[nodiscard]] std::optional<std::string> error() const;

 private:
  Journal(int descriptor, std::string path) : descriptor_(descriptor), path_(std::move(path)) {}
  void write(const JournalEntry& entry, bool closed);

  int descriptor_;
  std::string path_;
  std::atomic<int> errno_ = 0;
};

/// Reads a journal; a line cut by a crash is skipped, duplicates and ended uploads are dropped, order is kept. Fails
/// with a line that names the path on a file that is no journal.
tl::expected<std::vector<JournalEntry>, std::string> read_journal(const std::string& path);

/// Whether the file is a journal with something that nobody has asked the registry to remove yet.
bool needs_cleanup(const std::string& path);

struct Leftover {
  JournalEntry entry;
  std::string reason;    ///< e.g. "405 UNSUPPORTED" or the transport error
  bool refused = false;  ///< the registry answered that it stays: asking again is of no use
};

struct CleanupReport {
  std::size_t removed = 0;
  std::size_t already_gone = 0;  ///< 404
  std::vector<Leftover> left;
};

/// Deletes uploads, tags, nodes, then manifests (referrers before subjects: newest first), then blobs. When a registry
/// says by 400/405 that one kind cannot be deleted in a repository, the rest of that kind there is listed without being
/// asked; so is everything once the host is out of reach. What could not be deleted but is gone with something else (a
/// tag with its manifest, an upload that was finished) counts as gone. Entries of another registry are left.
/// Thread-safe.
CleanupReport cleanup(Registry& registry, const std::vector<JournalEntry>& entries);

/// Rewrites the journal (write and rename) to hold just what is left.
/// What a registry refused to delete is marked as such.
tl::expected<void, std::string> rewrite_journal(const std::string& path, const std::vector<Leftover>& left);

}  // namespace referee::distribution
