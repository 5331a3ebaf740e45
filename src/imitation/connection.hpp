#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "defects.hpp"
#include "referee/distribution/registry.hpp"
#include "referee/imitation/imitation.hpp"
#include "referee/oci/content.hpp"

namespace referee::imitation {

template <typename T>
using Done = tl::expected<T, std::string>;

/// `host:port/repository:tag` or `host:port/repository@digest`.
struct Reference {
  std::string host;
  std::string repository;
  std::string reference;  ///< the tag or digest; empty if the text may name a repository and does

  [[nodiscard]] bool by_digest() const { return reference.find(':') != std::string::npos; }
};
Done<Reference> parse_reference(const std::string& text);
/// The same of `host:port/repository`, too.
Done<Reference> parse_repository(const std::string& text);

/// One client's way to one repository.
class Session {
 public:
  /// `order` must outlive the object.
  Session(const Imitation& imitation, const Order& order, const Reference& reference);

  [[nodiscard]] bool has(Defect defect) const { return defect_ == defect; }
  [[nodiscard]] const Order& order() const { return order_; }
  [[nodiscard]] const std::string& repository() const { return repository_; }
  distribution::Registry& registry() { return registry_; }

 private:
  Defect defect_;
  const Order& order_;
  std::string repository_;
  distribution::Registry registry_;
};

/// A manifest under a tag or digest, checked as image-spec and distribution-spec ask of clients: the digest that was
/// asked for, Docker-Content-Digest, and mediaType against Content-Type. `most`: bytes, if it is known.
Done<oci::Content> get_manifest(Session& session, const std::string& reference, std::optional<std::int64_t> most = {});
/// What a descriptor describes, with its size and digest: from its `data` if that is right, or from the registry.
Done<oci::Content> get_manifest(Session& session, const oci::Descriptor& descriptor);
/// Of a descriptor whose size nobody has said.
inline constexpr std::int64_t kUnknownSize = -1;
Done<oci::Content> get_blob(Session& session, const oci::Descriptor& descriptor);

/// Without control characters: what a registry sends is no line of its own in what this prints.
std::string one_line(std::string text);

/// What the registry said instead of doing it.
std::string refusal(std::string_view what, const http::Result& answer);

}  // namespace referee::imitation
