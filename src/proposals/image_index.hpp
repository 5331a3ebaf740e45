#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "referee/oci/builder.hpp"
#include "referee/proposals/proposal.hpp"

/// Reading and changing an image index without losing what this program does not know: unknown fields and the order of
/// entries stay.
namespace referee::proposals {

/// kBroken with O-9's reason if the content is no index: somebody else uses the tag, and the client must stop.
/// `own` gets the annotations of the index itself, unless it is null.
Outcome<std::vector<oci::Descriptor>> entries_of(const oci::Content& index, oci::Annotations* own = nullptr);
bool is_index(const oci::Content& content);

/// The index with these entries at its end, each digest once.
Outcome<oci::Content> with_entries(const oci::Content& index, const std::vector<oci::Descriptor>& added);
Outcome<oci::Content> without_entry(const oci::Content& index, std::string_view digest);
/// Annotations more on (those with an empty value: less from) the entry of `digest`; on the index itself if it has
/// none.
using Changes = std::vector<std::pair<std::string, std::string>>;
Outcome<oci::Content> with_entry_annotations(const oci::Content& index, std::string_view digest,
                                             const Changes& changes);
oci::Content index_of(const std::vector<oci::Descriptor>& entries);

}  // namespace referee::proposals
