#pragma once

#include <cstdint>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <tl/expected.hpp>
#include <vector>

namespace referee::registry {

/// One change of a repository's records.
struct JournalEntry {
  enum class Kind : std::uint8_t { kRepository, kBlob, kBlobGone, kManifest, kManifestGone, kTag, kTagGone };
  Kind kind = Kind::kRepository;
  std::string repository;
  std::string digest;      ///< blobs, manifests, tags
  std::string tag;         ///< tags
  std::string media_type;  ///< manifests
};

/// The part of a disk store that an OCI image layout has no place for: which repository links what. A log of JSON lines
/// in
/// `<folder>/referee/journal.jsonl`, appended to while serving and compacted at start, so that a killed server loses
/// nothing that it acknowledged. Not thread-safe: the Store calls it under its mutex.
class Journal {
 public:
  /// Makes the layout if the folder is absent or empty; takes an exclusive lock. Fails with one line on a folder that
  /// holds something else, is in use by another server or not writable.
  static tl::expected<std::unique_ptr<Journal>, std::string> open(const std::string& folder);
  ~Journal();
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  /// All readable entries, oldest first. A cut last line is skipped.
  void replay(const std::function<void(const JournalEntry&)>& visit) const;
  /// Replaces the log.
  bool compact(const std::vector<JournalEntry>& entries);
  bool append(const JournalEntry& entry);
  /// Replaces index.json by write-and-rename.
  bool write_index(const std::string& text) const;

 private:
  Journal(std::string folder, int lock) : folder_(std::move(folder)), lock_(lock) {}
  [[nodiscard]] std::string path() const { return folder_ + "/referee/journal.jsonl"; }

  std::string folder_;
  int lock_;
  std::ofstream log_;
};

}  // namespace referee::registry
