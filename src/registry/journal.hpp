#pragma once

#include <cstdint>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "layout.hpp"

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
  /// Makes the layout if the folder is absent or empty; takes an exclusive lock. Changes nothing in a store that is
  /// there. Fails with one line on a folder that holds something else, another version of a layout or one without a
  /// journal, is in use by another server or not writable.
  static tl::expected<std::unique_ptr<Journal>, std::string> open(const std::string& folder);
  ~Journal();
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  /// All entries, oldest first. A last line that a crash has cut is dropped: true if there was one. Any other damage
  /// fails with one line that names file and line, for whoever goes on would overwrite what can still be repaired.
  tl::expected<bool, std::string> replay(const std::function<void(const JournalEntry&)>& visit) const;
  /// Replaces index and log once all was understood, removes unfinished uploads and opens the log for append().
  tl::expected<void, std::string> begin(const std::vector<JournalEntry>& entries, const std::string& index);
  bool append(const JournalEntry& entry);
  /// Replaces index.json by write-and-rename.
  bool write_index(const std::string& text) const;
  [[nodiscard]] const std::string& folder() const { return folder_; }

 private:
  Journal(std::string folder, int lock) : folder_(std::move(folder)), lock_(lock) {}
  [[nodiscard]] std::string path() const { return journal_path(folder_); }

  std::string folder_;
  int lock_;
  std::ofstream log_;
};

}  // namespace referee::registry
