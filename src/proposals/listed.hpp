#pragma once

#include "detached.hpp"
#include "image_index.hpp"
#include "shared_document.hpp"

namespace referee::proposals {

/// Variants that keep a list of attachments in an index under a tag. Artifacts are pushed by digest like anybody's;
/// the list is read, changed and written, and can lose what two clients add at once.
class Listed : public Detached {
 public:
  Listed(Wire& wire, Settings settings) : Detached(wire, settings), document_(wire, this->settings()) {}

  Outcome<Support> prepare() override;
  Outcome<void> attach(Subject& subject, std::span<const Attachment> attachments) override;
  Outcome<void> detach(Subject& subject, const Entry& entry) override;
  Outcome<void> remove(Subject& subject) override;
  Outcome<std::vector<Parcel>> pack(const Subject& subject) override;
  Outcome<void> unpack(Subject& subject, const std::vector<Parcel>& parcels) override;

 protected:
  Outcome<Support> probe() override { return Support{true, "needs nothing beyond OCI 1.0"}; }
  Outcome<std::vector<Entry>> list(const Subject& subject, const Filter& filter) override;

  /// An artifact that does not say what it refers to: the list does.
  [[nodiscard]] Parcel build(const Attachment& attachment, const oci::Descriptor& subject) const override;
  /// The tag that holds the list.
  [[nodiscard]] virtual Outcome<std::string> list_tag(const Subject& subject) const = 0;
  /// The list as a reader gets it.
  virtual Outcome<std::optional<oci::Content>> current(const Subject& subject);
  /// A list with nothing in it yet; `found` is what the tag holds now.
  [[nodiscard]] virtual Outcome<oci::Content> begin(const Subject& subject,
                                                    const std::optional<oci::Content>& found) const;
  /// Whether what the tag holds is already such a list.
  [[nodiscard]] virtual bool is_list(const Subject& subject, const oci::Content& found) const;
  [[nodiscard]] virtual oci::Descriptor list_line(const Parcel& parcel, const Subject& subject) const;
  /// Whether an entry of the list is an attachment, and not the image or something else.
  [[nodiscard]] virtual bool is_attachment(const oci::Descriptor& descriptor, const Subject& subject) const;
  /// Payloads as annotations of the subject's own entry, without artifacts.
  [[nodiscard]] virtual bool annotated() const { return false; }
  /// Called with the list that was written.
  virtual Outcome<void> written(Subject& subject, const oci::Content& list);

  SharedDocument& document() { return document_; }
  /// Lets `change` have the list as it is, or a fresh one, and writes what it makes of it.
  Outcome<void> rewrite(Subject& subject, const std::function<Outcome<oci::Content>(const oci::Content&)>& change);

 private:
  Outcome<void> annotate(Subject& subject, std::span<const Attachment> attachments);
  /// What a document lists; nothing if it is no list of ours.
  [[nodiscard]] Outcome<std::vector<Entry>> attached_in(const Subject& subject,
                                                        const std::optional<oci::Content>& found) const;

  SharedDocument document_;
};

/// Lists that are the image's own index: attaching changes what the image's tag names.
class InImage : public Listed {
 public:
  using Listed::Listed;
  Outcome<std::vector<Parcel>> pack(const Subject& subject) override;
  Outcome<void> unpack(Subject& subject, const std::vector<Parcel>& parcels) override;
  Outcome<void> remove(Subject& subject) override;

 protected:
  [[nodiscard]] Outcome<std::string> list_tag(const Subject& subject) const override;
  Outcome<std::optional<oci::Content>> current(const Subject& subject) override;
  [[nodiscard]] Outcome<oci::Content> begin(const Subject& subject,
                                            const std::optional<oci::Content>& found) const override;
  [[nodiscard]] bool is_list(const Subject& subject, const oci::Content& found) const override;
  Outcome<void> written(Subject& subject, const oci::Content& list) override;
};

/// Annotation of a subject's entry that carries a whole attachment; the attachment's short hash follows.
inline constexpr std::string_view kInlinePrefix = "dev.referee.attachment.";
std::pair<std::string, std::string> inline_annotation(const Attachment& attachment);
/// Nothing if the annotation is no such thing.
std::optional<Entry> inline_entry(const std::string& key, const std::string& value);

}  // namespace referee::proposals
