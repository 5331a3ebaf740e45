#pragma once

#include <deque>

#include "artifact.hpp"
#include "referee/proposals/proposal.hpp"

namespace referee::proposals {

/// Variants whose attachments are manifests of their own that name the subject: attaching writes nothing that others
/// write too. What differs is what the manifest looks like and how the list is asked for.
class Detached : public Proposal {
 public:
  using Proposal::Proposal;

  Outcome<Support> prepare() override;
  Outcome<void> attach(Subject& subject, std::span<const Attachment> attachments) override;
  Outcome<std::vector<Entry>> discover(const Subject& subject, const Filter& filter) override;
  /// Reads the manifests of entries that the list gives no annotations.
  Outcome<void> describe(std::vector<Entry>& entries, Detail detail) override;
  Outcome<std::string> fetch(const Entry& entry) override;
  void fetch_each(std::span<const Entry* const> entries, const Arrived& arrived) override;
  Outcome<void> detach(Subject& subject, const Entry& entry) override;
  Outcome<void> remove(Subject& subject) override;
  Outcome<std::vector<Parcel>> pack(const Subject& subject) override;
  Outcome<void> unpack(Subject& subject, const std::vector<Parcel>& parcels) override;

 protected:
  /// The question that tells whether the API is there; not counted.
  virtual Outcome<Support> probe() = 0;
  [[nodiscard]] virtual Parcel build(const Attachment& attachment, const oci::Descriptor& subject) const = 0;
  /// All pages, filtered by the registry at most.
  virtual Outcome<std::vector<Entry>> list(const Subject& subject, const Filter& filter) = 0;
  /// Pushes a parcel's blobs and manifest.
  virtual Outcome<void> put(const Parcel& parcel);
  virtual Outcome<void> remove_one(const Entry& entry);
  /// What fetch_each() asks for first for an entry whose manifest it does not have, and what leads from the answer to
  /// the manifest.
  [[nodiscard]] virtual Ask first_question(const Entry& entry) const;
  [[nodiscard]] virtual Outcome<oci::Content> manifest_in(const Entry& entry, const http::Response& answer) const;
  /// Reads an artifact with its blobs.
  virtual Outcome<Parcel> pick_up(const Entry& entry);
};

/// Pages of descriptors under `key`, from `first` on, followed by Link over at most 10,000 pages. `wanted` as in
/// descriptors_in().
Outcome<std::vector<Entry>> read_pages(Wire& wire, Outcome<http::Response> first, const char* key,
                                       std::string_view wanted = "");

/// The blobs that a manifest names, each read once; the empty blob's bytes are known.
Outcome<std::vector<oci::Content>> blobs_of(Wire& wire, const oci::Content& manifest);

/// Questions that do not wait for each other; an answer may lead to more.
class Questions {
 public:
  /// Goes before those that have been added and not asked.
  void add_next(Ask ask) { waiting_.push_front(std::move(ask)); }
  void add(Ask ask) { waiting_.push_back(std::move(ask)); }
  /// Until all are answered.
  void run(Wire& wire, std::size_t in_flight);

 private:
  std::deque<Ask> waiting_;
};

/// What an entry is to the others that cannot be read.
enum class Unreadable : std::uint8_t {
  kFails,      ///< all fail with the first
  kIsSkipped,  ///< it stays as it is; only transport trouble fails
};
/// Asks a question about each entry, and reads the answers into them.
Outcome<void> read_manifests(Proposal& proposal, std::vector<Entry>& entries,
                             const std::function<Ask(const Entry& entry)>& question,
                             const std::function<Outcome<void>(Entry& entry, const http::Response& answer)>& read,
                             Unreadable unreadable = Unreadable::kFails);

/// What an answer with the manifest of an entry tells of it; kBroken if it has another digest.
Outcome<void> tell_from(Entry& entry, const http::Response& answer);

/// Reads the manifests of those entries that are to be, by their digests, and tells each what its manifest says. One
/// that cannot be read stays as it is.
Outcome<void> read_manifests(Proposal& proposal, std::vector<Entry>& entries,
                             const std::function<bool(const Entry& entry)>& wanted);

/// The manifest of an entry: what the listing carried, or a GET.
Outcome<oci::Content> manifest_of(Wire& wire, const Entry& entry);

}  // namespace referee::proposals
