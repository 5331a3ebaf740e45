#include "store.hpp"

#include <algorithm>

#include "grammar.hpp"
#include "headers.hpp"
#include "journal.hpp"

namespace referee::registry {

namespace {

using Kind = JournalEntry::Kind;

/// A list of entity tags or `*` (RFC 9110, 13.1.1). `weak` also lets `W/"..."` match.
bool lists(std::string_view header, std::string_view current, bool weak) {
  if (trim(header) == "*") return !current.empty();
  while (!header.empty()) {
    const auto comma = header.find(',');
    auto tag = trim(header.substr(0, comma));
    header = comma == std::string_view::npos ? std::string_view{} : header.substr(comma + 1);
    if (weak && tag.starts_with("W/")) tag.remove_prefix(2);
    if (tag.size() >= 2 && tag.front() == '"' && tag.back() == '"' && !current.empty() &&
        tag.substr(1, tag.size() - 2) == current) {
      return true;
    }
  }
  return false;
}

WriteError write_error(StoreError error) {
  return error == StoreError::kFull ? WriteError::kFull : WriteError::kIo;
}

}  // namespace

bool satisfies(const Condition& condition, std::string_view current) {
  if (condition.if_match && !lists(*condition.if_match, current, false)) return false;
  return !condition.if_none_match || !lists(*condition.if_none_match, current, true);
}

Store::Store(std::unique_ptr<ContentStore> content) : content_(std::move(content)) {}

Store::~Store() {
  try {
    flush();
  } catch (...) {  // NOLINT(bugprone-empty-catch): the next start makes the index anew from the journal
  }
}

Store::Repository* Store::find(const std::string& repository) {
  const auto found = repositories_.find(repository);
  return found == repositories_.end() ? nullptr : &found->second;
}

void Store::unlink(const std::string& digest) {
  const auto found = links_.find(digest);
  if (found == links_.end() || --found->second > 0) return;
  links_.erase(found);
  content_->remove(digest);
}

void Store::record(Kind kind, const std::string& repository, const std::string& digest, const std::string& tag,
                   const std::string& media_type) {
  if (!journal_) return;
  journal_->append({kind, repository, digest, tag, media_type});
  if (kind >= Kind::kManifest) index_dirty_ = true;
}

tl::expected<void, StoreError> Store::add_blob(const std::string& repository, const oci::Digest& digest,
                                               std::unique_ptr<ContentWriter> bytes) {
  const std::lock_guard lock(mutex_);
  if (auto done = content_->commit(std::move(bytes), digest); !done) return done;
  auto text = digest.str();
  if (repositories_[repository].blobs.insert(text).second) {
    link(text);
    record(Kind::kBlob, repository, text);
  }
  return {};
}

bool Store::mount_blob(const std::string& repository, const std::string& digest, const std::string& from) {
  const std::lock_guard lock(mutex_);
  const auto holds = [&](const Repository& other) { return other.blobs.contains(digest); };
  if (from.empty()) {
    if (std::ranges::none_of(repositories_, [&](const auto& entry) { return holds(entry.second); })) return false;
  } else if (const auto* source = find(from); source == nullptr || !holds(*source)) {
    return false;
  }
  if (repositories_[repository].blobs.insert(digest).second) {
    link(digest);
    record(Kind::kBlob, repository, digest);
  }
  return true;
}

tl::expected<void, WriteError> Store::delete_blob(const std::string& repository, const std::string& digest) {
  const std::lock_guard lock(mutex_);
  auto* home = find(repository);
  if (home == nullptr) return tl::unexpected(WriteError::kNoRepository);
  if (home->blobs.erase(digest) == 0) return tl::unexpected(WriteError::kAbsent);
  record(Kind::kBlobGone, repository, digest);  // first: a kill in between must not leave a record without its bytes
  unlink(digest);
  return {};
}

void Store::forget_referrer(Repository& repository, const Manifest& manifest) {
  const auto list = repository.referrers.find(manifest.subject);
  if (list == repository.referrers.end()) return;
  list->second.erase(manifest.digest);
  if (list->second.empty()) repository.referrers.erase(list);
}

void Store::insert_manifest(Repository& repository, const ManifestPtr& manifest) {
  auto& slot = repository.manifests[manifest->digest];
  if (!slot) {
    link(manifest->digest);
  } else {
    forget_referrer(repository, *slot);
  }
  slot = manifest;
  if (!manifest->subject.empty()) repository.referrers[manifest->subject][manifest->digest] = manifest;
}

tl::expected<void, WriteError> Store::put_manifest(const std::string& repository, Manifest manifest,
                                                   std::string_view bytes, const std::vector<std::string>& tags,
                                                   const Condition& condition) {
  const auto digest = oci::Digest::parse(manifest.digest);
  auto writer = content_->create();
  if (!writer) return tl::unexpected(write_error(writer.error()));
  if (auto done = (*writer)->append(bytes); !done) return tl::unexpected(write_error(done.error()));

  const std::lock_guard lock(mutex_);
  if (!tags.empty()) {
    const auto* home = find(repository);
    const auto held = [&](const std::string& tag) { return home == nullptr ? nullptr : home->tags.find(tag); };
    const auto current = held(tags[0]);
    if (!satisfies(condition, current ? std::string_view(current->digest) : std::string_view{})) {
      return tl::unexpected(WriteError::kPrecondition);
    }
    const auto moves = [&](const std::string& tag) {
      const auto now = held(tag);
      return now && now->digest != manifest.digest;
    };
    if (condition.immutable && std::ranges::any_of(tags, moves)) return tl::unexpected(WriteError::kImmutable);
  }
  if (auto done = content_->commit(std::move(*writer), *digest); !done)
    return tl::unexpected(write_error(done.error()));
  auto& home = repositories_[repository];
  const auto known = home.manifests.find(manifest.digest);
  // A repeated push keeps its place in time, unless it changes the type or is read in another way than before.
  const bool same = known != home.manifests.end() && known->second->media_type == manifest.media_type &&
                    known->second->link == manifest.link;
  const auto stored = same ? known->second : std::make_shared<const Manifest>(std::move(manifest));
  if (!same) {
    insert_manifest(home, stored);
    record(Kind::kManifest, repository, stored->digest, {}, stored->media_type);
    // Older tags of this digest serve it under the new type too.
    home.tags.renew(stored);
  }
  for (const auto& tag : tags) {
    home.tags.point(tag, stored);
    record(Kind::kTag, repository, stored->digest, tag);
  }
  return {};
}

tl::expected<void, WriteError> Store::delete_tag(const std::string& repository, const std::string& tag,
                                                 const Condition& condition) {
  const std::lock_guard lock(mutex_);
  auto* home = find(repository);
  if (home == nullptr) return tl::unexpected(WriteError::kNoRepository);
  const auto found = home->tags.find(tag);
  if (!found) return tl::unexpected(WriteError::kAbsent);
  if (!satisfies(condition, found->digest)) return tl::unexpected(WriteError::kPrecondition);
  home->tags.erase(tag);
  record(Kind::kTagGone, repository, {}, tag);
  return {};
}

tl::expected<void, WriteError> Store::delete_manifest(const std::string& repository, const std::string& digest,
                                                      const Condition& condition, const DeleteOptions& options) {
  const std::lock_guard lock(mutex_);
  auto* home = find(repository);
  if (home == nullptr) return tl::unexpected(WriteError::kNoRepository);
  const auto found = home->manifests.find(digest);
  if (found == home->manifests.end()) return tl::unexpected(WriteError::kAbsent);
  if (!satisfies(condition, digest)) return tl::unexpected(WriteError::kPrecondition);
  const auto manifest = found->second;
  home->manifests.erase(found);
  if (!options.keep_referrer) forget_referrer(*home, *manifest);
  record(Kind::kManifestGone, repository, digest);
  if (!options.keep_tags) {
    home->tags.erase_digest(digest);
    unlink(digest);  // kept tags go on serving the bytes
  }
  return {};
}

}  // namespace referee::registry
