#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "referee/conformance/context.hpp"
#include "referee/conformance/target.hpp"
#include "referee/proposals/proposal.hpp"

namespace referee::conformance {

/// A client's session with one variant in one repository. One thread.
struct Session {
  std::unique_ptr<proposals::Wire> wire;
  std::unique_ptr<proposals::Proposal> proposal;
  proposals::Support support;
};

/// What a collection of garbage left in a registry.
struct Garbage {
  std::uint64_t manifests = 0;
  std::uint64_t blobs = 0;
};

/// One repository of one registry. Copies share the registry. Thread-safe but for the sessions that it opens.
class Site {
 public:
  Site() = default;
  Site(std::shared_ptr<distribution::Registry> registry, std::string repository,
       std::shared_ptr<EmbeddedServer> server = nullptr, std::shared_ptr<distribution::Registry> control = nullptr);

  [[nodiscard]] distribution::Registry& registry() const { return *registry_; }
  [[nodiscard]] const std::string& repository() const { return repository_; }
  /// Another repository of the same registry.
  [[nodiscard]] Site repository(std::string name) const;

  /// A new client. Throws SetupFailed on transport trouble.
  [[nodiscard]] Session open(const proposals::Variant& variant, proposals::Settings settings = {}) const;

  /// Every tag, over all pages. Throws SetupFailed if the list cannot be read.
  [[nodiscard]] std::vector<std::string> tags() const;
  /// Whether a manifest is there: HEAD answers 200.
  [[nodiscard]] bool holds(std::string_view reference) const;
  /// The digest that a tag leads to; empty if there is none.
  [[nodiscard]] std::string digest_of(std::string_view tag) const;

  /// Whether the operator's control port is at hand: only with Referee's own registry.
  [[nodiscard]] bool controlled() const { return control_ != nullptr; }
  /// Removes what no tag leads to; returns what is left. nullopt without a control port.
  [[nodiscard]] std::optional<Garbage> collect_garbage() const;
  /// Switches to another profile while it runs. False without a control port.
  [[nodiscard]] bool switch_profile(std::string_view profile) const;

 private:
  std::shared_ptr<distribution::Registry> registry_;
  std::shared_ptr<EmbeddedServer> server_;
  std::shared_ptr<distribution::Registry> control_;
  std::string repository_;
};

/// A fresh reference registry, in the repository `team/app`, its exchanges in the check's transcript. Throws
/// SetupFailed if it does not start.
Site start_site(Context& context, const std::string& profile, const std::vector<std::string>& deviations = {});

/// An image of two platforms under a tag, and what it is made of.
struct Published {
  proposals::Subject subject;           ///< the index
  std::vector<oci::Package> platforms;  ///< linux/amd64, linux/arm64
};

/// Where a story takes place: the target, or a fresh registry with what the variant needs.
class Arena {
 public:
  Arena(Context& context, const proposals::Variant& variant) : context_(context), variant_(variant) {}

  [[nodiscard]] const proposals::Variant& variant() const { return variant_; }
  [[nodiscard]] Context& context() const { return context_; }
  [[nodiscard]] const Scale& scale() const { return context_.scale(); }
  [[nodiscard]] oci::Random& random() const { return context_.random(); }

  /// The target, in the check's own repository.
  Site& home();
  /// Another repository beside it.
  Site beside(std::string_view name);
  /// A fresh reference registry, whatever the target is. Throws SetupFailed if it does not start.
  Site peer(const std::string& profile, const std::vector<std::string>& deviations = {});
  /// A fresh one with what the variant needs.
  Site peer() { return peer(variant_.profile); }
  /// A fresh one like the target, if that is a reference registry, and with these deviations as well.
  Site twin(std::vector<std::string> deviations);

  /// The target where it can be asked to collect garbage without harm to what runs beside this story: a twin of an
  /// embedded target, else the target itself.
  Site operated();

  /// A client at a site; ends the story as `unsupported` if the site lacks what the variant needs.
  Session session(const Site& site, proposals::Settings settings = {});
  Session session() { return session(home()); }

  /// Pushes an index of two platforms under the tag (empty: by digest alone).
  Published publish(const Site& site, const std::string& tag = "v1");
  /// Builds one without pushing it.
  Published build(const std::string& tag = "v1");
  void push(const Site& site, const Published& image);

  /// Attachments of one of three kinds, each with its own payload: `sig`, `sbom`, `att`.
  [[nodiscard]] std::vector<proposals::Attachment> attachments(std::size_t count, std::string_view kind = "sig") const;
  /// What to look for to find a kind.
  [[nodiscard]] static proposals::Filter filter(std::string_view kind);

 private:
  Context& context_;
  const proposals::Variant& variant_;
  std::optional<Site> home_;
};

/// How blobs get to another repository: read and sent again, or mounted where both are on one registry.
enum class Transfer : std::uint8_t { kUpload, kMount };

struct Copied {
  std::uint64_t requests = 0;
  std::uint64_t uploaded = 0;  ///< bytes of blobs and manifests
  std::uint64_t mounted = 0;   ///< blobs
};
/// Copies the tree of a manifest, depth first; the tag is set if the subject has one. Throws SetupFailed on transport
/// trouble; a refusal is a Failure.
proposals::Outcome<Copied> copy_tree(const Site& from, const proposals::Subject& subject, const Site& to,
                                     Transfer transfer = Transfer::kUpload);

/// The subject as somebody sees it who knows the tag alone: what the tag leads to now. The descriptor stays that of the
/// image as it was published.
proposals::Subject pulled(const Site& site, const proposals::Subject& subject);

}  // namespace referee::conformance
