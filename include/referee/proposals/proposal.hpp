#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "referee/oci/builder.hpp"
#include "referee/proposals/wire.hpp"

namespace referee::proposals {

/// A signature, SBOM or attestation before it is attached.
struct Attachment {
  std::string artifact_type;     ///< a media type
  std::string label;             ///< its short name where a protocol has room for a few characters: `sig`, `sbom`
  oci::Annotations annotations;  ///< e.g. org.opencontainers.image.created
  oci::Content payload;
};

/// What is referred to. Variants that keep attachments in the image's own index change `root`, and what `tag` names.
struct Subject {
  oci::Descriptor descriptor;        ///< never changes: of the image or index before anything was attached
  std::string tag;                   ///< may be empty: known by digest only
  std::optional<oci::Content> root;  ///< what a pull by tag gave
};

/// One attachment as a discovery finds it.
struct Entry {
  oci::Descriptor descriptor;            ///< of the artifact, node or layer
  std::string artifact_type;             ///< empty if the listing does not say
  oci::Annotations annotations;          ///< as far as the listing says
  std::optional<oci::Content> manifest;  ///< if the discovery had to read it, or the listing carries it
  std::optional<std::string> payload;    ///< if the listing carries it
  std::optional<oci::Descriptor> layer;  ///< of the payload, if the manifest has been read for it
  std::string tag;                       ///< where a tag of its own leads to it
};

/// What to look for. Empty: everything.
struct Filter {
  std::string artifact_type;
  std::optional<std::string> label;  ///< the short name of artifact_type; needed where only that is stored
};

/// An attachment taken out of a registry: enough to put it into another, by any variant of the same family.
struct Parcel {
  oci::Content manifest;
  std::vector<oci::Content> blobs;
  Entry entry;
};

struct Settings {
  bool conditions = true;  ///< send If-Match and If-None-Match where the registry honours them
  bool inlined = false;    ///< carry the payload in the listing or manifest, where the variant can
  int retries = 64;        ///< of a conditional write that lost
  int page = 0;            ///< entries asked for at a time (`n`); 0: the registry's own page
  /// Called between the read and the write of a document that several clients share: there others may come first. It
  /// outlives the session.
  const std::function<void()>* window = nullptr;
};

/// Whether a target has what a variant needs.
struct Support {
  bool present = true;
  std::string evidence;  ///< one line
};

/// The most recent attachment by its creation date.
struct Newest {
  std::optional<Entry> entry;  ///< nullopt: none matches, or none has a date
  std::size_t read = 0;        ///< entries and manifests that had to be read to know
};

/// How references are kept and found: one client's session in one repository. The empty config and what a session
/// learns of the registry are paid for once, in prepare(), and are not counted. Not thread-safe.
class Proposal {
 public:
  Proposal(Wire& wire, Settings settings) : wire_(wire), settings_(settings) {}
  virtual ~Proposal() = default;
  Proposal(const Proposal&) = delete;
  Proposal& operator=(const Proposal&) = delete;

  /// Asks the registry for what the variant needs. Call it first.
  virtual Outcome<Support> prepare() = 0;
  /// All of them, with one write of whatever they share.
  virtual Outcome<void> attach(Subject& subject, std::span<const Attachment> attachments) = 0;
  /// In no particular order. Entries that do not match the filter are left out, by the registry or by this client.
  virtual Outcome<std::vector<Entry>> discover(const Subject& subject, const Filter& filter) = 0;
  /// Reads every entry, and the manifests of those whose date the listing does not say, unless the registry sorts.
  virtual Outcome<Newest> newest(const Subject& subject, const Filter& filter);
  /// Reads what a listing does not say: afterwards each entry that can be read has its type, and with kAnnotations its
  /// annotations.
  enum class Detail : std::uint8_t { kType, kAnnotations };
  virtual Outcome<void> describe(std::vector<Entry>& entries, Detail detail);
  /// The payload's bytes, which match the digests on the way to it.
  virtual Outcome<std::string> fetch(const Entry& entry) = 0;
  /// The payloads of many, with as many requests in flight as in_flight() allows: `arrived` is called once for each
  /// position, from this thread, in any order.
  using Arrived = std::function<void(std::size_t at, Outcome<std::string> payload)>;
  virtual void fetch_each(std::span<const Entry* const> entries, const Arrived& arrived);
  virtual Outcome<void> detach(Subject& subject, const Entry& entry) = 0;
  /// The subject and everything attached to it.
  virtual Outcome<void> remove(Subject& subject) = 0;
  /// Reads what is attached. Variants whose attachments travel with the image's own index give nothing.
  virtual Outcome<std::vector<Parcel>> pack(const Subject& subject) = 0;
  /// The other half of a copy. The subject is there by digest; its tag comes last.
  virtual Outcome<void> unpack(Subject& subject, const std::vector<Parcel>& parcels) = 0;

  [[nodiscard]] Wire& wire() const { return wire_; }
  /// How many requests may be in flight at once where several are needed that do not wait for each other; at first one.
  void set_in_flight(std::size_t most) { in_flight_ = most; }
  [[nodiscard]] std::size_t in_flight() const { return in_flight_; }
  [[nodiscard]] const Settings& settings() const { return settings_; }

 private:
  Wire& wire_;
  Settings settings_;
  std::size_t in_flight_ = 1;
};

/// What a variant leaves behind for whoever has the content and no API to ask: how an image layout is searched.
struct Trail {
  enum class Kind : std::uint8_t {
    kField,     ///< each attachment names its subject in the field `key`
    kTag,       ///< each attachment has a tag that begins with the subject's
    kLayers,    ///< as kTag, and the attachments are the layers of what is tagged
    kListTag,   ///< an index under the subject's tag lists them
    kOwnIndex,  ///< the image's own index lists them
  };
  Kind kind = Kind::kField;
  std::string_view key;  ///< of lists: the annotation that names an entry's subject; empty: all entries are meant
  std::string_view media_type;  ///< of kField: attachments have this one; empty: any
};

/// A variant: what is known of it before anything runs.
struct Variant {
  std::string id;        ///< `oci-1.1/fallback`
  std::string proposal;  ///< `E`, `1.1`: whose claims it is measured against; empty for deployed practice
  std::string profile;   ///< the reference registry's profile that has what it needs
  bool can_inline = false;
  bool in_image = false;  ///< attachments travel in the image's own index, whose digest changes
  std::function<std::unique_ptr<Proposal>(Wire&, Settings)> open;
  Trail trail = {};
  std::string fallback = {};  ///< the variant that the same proposal uses on a registry without its API; may be empty
};

/// An attachment's creation date (RFC 3339), under either spelling of the annotation; empty if it has none.
std::string created(const oci::Annotations& annotations);

/// The annotations of a manifest; none if it is no JSON object.
oci::Annotations manifest_annotations(std::string_view manifest);

/// Every variant, in the order of the documentation. Ids are unique.
const std::vector<Variant>& variants();
/// nullptr if there is none of that id.
const Variant* find_variant(std::string_view id);

}  // namespace referee::proposals
