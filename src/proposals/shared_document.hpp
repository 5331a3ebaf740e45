#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "referee/proposals/proposal.hpp"

namespace referee::proposals {

/// A manifest under a tag that several clients read, change and write: the one place where attachments can be lost.
class SharedDocument {
 public:
  SharedDocument(Wire& wire, const Settings& settings) : wire_(wire), settings_(settings) {}

  /// Nothing if there is no such tag.
  Outcome<std::optional<oci::Content>> read(std::string_view tag);

  /// What `edit` makes of the document as it is now; asked again when another client was faster. nullopt: leave it.
  using Edit = std::function<Outcome<std::optional<oci::Content>>(const std::optional<oci::Content>& current)>;
  /// GET and PUT. With conditions, and if the registry sent an ETag, the PUT holds only for what was read; a 412 reads
  /// again, `Settings::retries` times. Without, the last one wins. Gives what is there afterwards.
  Outcome<std::optional<oci::Content>> update(std::string_view tag, const Edit& edit);

  /// Whether the registry is known to honour If-None-Match, so that the first of several writers does not lose either.
  void set_conditional(bool value) { conditional_ = value; }
  [[nodiscard]] bool conditional() const { return conditional_; }

 private:
  Wire& wire_;
  const Settings& settings_;
  bool conditional_ = false;
};

/// A limit that was met by one write more; the document has as many attachments as before. Other failures as they are.
Failure with_list_kept(Failure failure, std::size_t attachments);

/// Sends a PUT under a scratch tag that must fail if conditions are honoured; proposals describe no other way to find
/// out. Not counted.
bool honours_conditions(Wire& wire, const oci::Content& scratch, std::string_view tag);

}  // namespace referee::proposals
