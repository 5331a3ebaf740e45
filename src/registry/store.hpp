#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "content_store.hpp"
#include "journal.hpp"
#include "manifest.hpp"
#include "tag_table.hpp"

namespace referee::registry {

/// If-Match and If-None-Match of a write (RFC 9110, 13.1). Tags are compared as entity tags: the quoted digest.
struct Condition {
  std::optional<std::string> if_match;
  std::optional<std::string> if_none_match;
  bool immutable = false;  ///< no tag may move to another digest
};

enum class WriteError : std::uint8_t { kNoRepository, kAbsent, kPrecondition, kImmutable, kFull, kIo };

struct TagPage {
  std::vector<std::string> tags;
  bool more = false;  ///< there are tags after the last of these
};

/// Defects that a deviation asks for.
struct DeleteOptions {
  bool keep_tags = false;
  bool keep_referrer = false;
};

/// What a collection of garbage takes for needed, beside what tags lead to.
struct CollectOptions {
  std::optional<Link> referrers;  ///< manifests that refer this way to a kept one
  bool nodes = false;             ///< every node of proposal C
  // Defects that a deviation asks for.
  bool orphans = false;     ///< referrers of what is gone, too
  bool nested = true;       ///< what an index lists that is itself listed
  bool digest_tags = true;  ///< counts tags of the form `<alg>-<ref>`
};
struct Collected {
  std::uint64_t manifests = 0;  ///< removed, over all repositories
  std::uint64_t blobs = 0;
  std::uint64_t kept_manifests = 0;
  std::uint64_t kept_blobs = 0;
};

/// The record of a parsed manifest.
Manifest describe(const ManifestDocument& document, std::string digest, std::uint64_t size);

/// Repositories: what is linked where. Thread-safe: one mutex around the records; bytes are hashed and copied outside
/// it. A repository exists from its first blob or manifest on, also after all was deleted.
class Store {
 public:
  /// Nothing outlives the process.
  explicit Store(std::unique_ptr<ContentStore> content);
  /// Goes on where the journal ends; `options`: how what it names is read again. Fails with one line, and changes
  /// nothing, if the journal is damaged, files of its entries are missing or index.json names manifests that it does
  /// not know.
  static tl::expected<std::unique_ptr<Store>, std::string> restore(std::unique_ptr<ContentStore> content,
                                                                   std::unique_ptr<Journal> journal,
                                                                   const ParseOptions& options = {});
  ~Store();
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  ContentStore& content() { return *content_; }
  /// One line about restored content that is doubtful; empty without.
  [[nodiscard]] const std::string& warning() const { return warning_; }

  bool has_repository(const std::string& repository);
  std::vector<std::string> repositories();

  // Blobs.
  std::shared_ptr<ContentReader> find_blob(const std::string& repository, const std::string& digest);
  bool has_blob(const std::string& repository, const std::string& digest);
  /// A blob that any repository links.
  std::shared_ptr<ContentReader> find_blob_anywhere(const std::string& digest);
  /// Stores the bytes and links them; their digest has been checked.
  tl::expected<void, StoreError> add_blob(const std::string& repository, const oci::Digest& digest,
                                          std::unique_ptr<ContentWriter> bytes);
  /// Links a blob of `from`, or of any repository if `from` is empty. False if there is none.
  bool mount_blob(const std::string& repository, const std::string& digest, const std::string& from);
  tl::expected<void, WriteError> delete_blob(const std::string& repository, const std::string& digest);

  // Manifests.
  /// nullptr if absent. `reference` is a tag or a digest.
  ManifestPtr find_manifest(const std::string& repository, const std::string& reference);
  /// The exact bytes of a manifest that find_manifest gave; nullptr if it was deleted in the meantime.
  std::shared_ptr<ContentReader> open_manifest(const std::string& digest);
  /// Stores the manifest and points `tags` at it. The condition is judged against the first tag, in the same step.
  tl::expected<void, WriteError> put_manifest(const std::string& repository, Manifest manifest, std::string_view bytes,
                                              const std::vector<std::string>& tags, const Condition& condition);
  tl::expected<void, WriteError> delete_tag(const std::string& repository, const std::string& tag,
                                            const Condition& condition);
  /// Also removes its tags and its place among the referrers, unless told otherwise.
  tl::expected<void, WriteError> delete_manifest(const std::string& repository, const std::string& digest,
                                                 const Condition& condition, const DeleteOptions& options = {});

  // Lists.
  /// At most `most` tags after `last`, in ASCII order; nullopt without the repository.
  std::optional<TagPage> tags(const std::string& repository, const std::string& last, std::uint64_t most);
  /// Manifests whose subject is `digest`, by digest; those after `last` if it is not empty.
  std::vector<ManifestPtr> referrers(const std::string& repository, const std::string& digest,
                                     const std::string& last = {});

  // Upkeep.
  /// Marks and sweeps all repositories. There is no time of grace: blobs of a manifest that is still to come go too.
  Collected collect(const CollectOptions& options);
  /// Reads the manifests anew that an index under a digest tag lists, or all of them: what a registry does on which an
  /// API is switched on. Returns how many became referrers.
  std::size_t rescan(const ParseOptions& options, bool everything = false);

  /// Writes index.json if something changed. Called now and then and at the end.
  void flush();

 private:
  friend class Marker;
  struct Repository {
    TagTable tags;
    std::unordered_map<std::string, ManifestPtr> manifests;
    std::unordered_set<std::string> blobs;
    std::unordered_map<std::string, std::map<std::string, ManifestPtr>> referrers;  ///< subject, digest
  };

  Repository* find(const std::string& repository);
  void link(const std::string& digest) { ++links_[digest]; }
  void unlink(const std::string& digest);
  void insert_manifest(Repository& repository, const ManifestPtr& manifest);
  static void forget_referrer(Repository& repository, const Manifest& manifest);
  void record(JournalEntry::Kind kind, const std::string& repository, const std::string& digest,
              const std::string& tag = {}, const std::string& media_type = {});
  [[nodiscard]] std::string index_text() const;
  void sweep(const std::string& name, Repository& repository, const CollectOptions& options, Collected& counts);

  std::mutex mutex_;
  std::unique_ptr<ContentStore> content_;
  std::unique_ptr<Journal> journal_;
  std::map<std::string, Repository> repositories_;
  std::unordered_map<std::string, std::uint64_t> links_;  ///< digest: records that need its bytes
  bool index_dirty_ = false;
  std::string warning_;
};

/// Does the current entity tag satisfy the condition? `current` is the digest, or empty if there is nothing.
bool satisfies(const Condition& condition, std::string_view current);

}  // namespace referee::registry
