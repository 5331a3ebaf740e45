#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "referee/oci/layout.hpp"
#include "referee/proposals/proposal.hpp"

/// Images with what is attached to them in an image layout: on the way to another registry, or as all there is when no
/// network is. Manifests, configs and payloads keep their bytes. Content that is larger than its bound, damaged or
/// missing is a Failure that names it.
namespace referee::proposals::archive {

struct SaveOptions {
  /// Each attachment's entry says in an annotation of ours (kSubjectHint) what it refers to. No proposal asks for it:
  /// without, variants that name the subject in a field alone leave a layout that must be read whole.
  bool hints = false;
};

/// Of an entry of index.json: the digest that the attachment refers to.
inline constexpr std::string_view kSubjectHint = "dev.referee.subject";

/// Writes the image as `subject.root` has it (without: as its tag has it now), everything below it, and what is
/// attached to `subject.descriptor` directly. index.json gets the image under its tag, lists and attachments under
/// tags of their own, and the other attachments without a name. What the layout held before stays.
Outcome<void> save(const Variant& variant, Proposal& proposal, const Subject& subject, const oci::Layout& layout,
                   const SaveOptions& options = {});

/// Attaches in the layout itself, as the variant would in a registry that has no API of it, and leaves what save()
/// would: no request is sent. The image is in the layout, under `subject.tag` if it has one.
Outcome<void> attach(const oci::Layout& layout, const Variant& variant, Subject& subject,
                     std::span<const Attachment> attachments, Settings settings = {});

struct Loaded {
  std::size_t manifests = 0;               ///< that were sent, children too
  std::vector<std::string> names;          ///< tags that were made, or were there with the same content
  std::vector<oci::Descriptor> unreached;  ///< sent by digest alone: nothing names them, nor do they name a subject
};

/// Sends everything that index.json names to the proposal's repository: images by digest, then attachments, then lists,
/// then the images' tags. A list that is there already gets what ours has more; another tag of an attachment that leads
/// elsewhere is a kConflict and left alone; an image's tag is overwritten.
Outcome<Loaded> load(const oci::Layout& layout, const Variant& variant, Proposal& proposal);

struct Finding {
  std::vector<Entry> entries;
  std::uint64_t files = 0;  ///< that had to be opened, index.json among them
};

/// What is attached to this digest, by the layout alone and the variant's own trail (hints are taken where there are
/// any). At most 100,000 files are opened.
Outcome<Finding> find(const oci::Layout& layout, const Variant& variant, const oci::Digest& subject);

/// The payload of an entry that find() gave.
Outcome<std::string> fetch(const oci::Layout& layout, const Variant& variant, const Entry& entry);

}  // namespace referee::proposals::archive
