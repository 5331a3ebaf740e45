#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "referee/conformance/story.hpp"

/// What stories have in common.
namespace referee::suites::stories {

using conformance::Arena;
using conformance::Cell;
using conformance::Measured;
using conformance::Published;
using conformance::Session;
using conformance::Site;
using conformance::take;
using conformance::Work;

/// Payload digests: what was attached and what was found are compared by them.
using Digests = std::set<std::string>;

Digests digests_of(std::span<const proposals::Attachment> attachments);

/// What a discovery found, with what it cost.
struct Found {
  std::vector<proposals::Entry> entries;
  proposals::Cost cost;
};
/// Ends the story as N if the discovery fails.
Found discover(Session& session, const proposals::Subject& subject, const proposals::Filter& filter = {});

/// The payloads of entries; one that cannot be fetched, or is not what it should be, is missing from the set.
Digests fetched(Session& session, const std::vector<proposals::Entry>& entries);

/// Discovers and fetches: how many of the expected ones are found, and how many others.
struct Recall {
  std::size_t found = 0;
  std::size_t expected = 0;
  std::size_t foreign = 0;
  [[nodiscard]] bool complete() const { return found == expected && foreign == 0; }
  [[nodiscard]] std::string str() const;  ///< "3 of 5, 1 foreign"
};
Recall recall(Session& session, const proposals::Subject& subject, const Digests& expected,
              const proposals::Filter& filter = {});

/// Attaches one after the other, as tools do that know nothing of one another.
void attach_each(Session& session, proposals::Subject& subject, std::span<const proposals::Attachment> attachments);
/// Attaches all with one write of whatever they share.
void attach_all(Session& session, proposals::Subject& subject, std::span<const proposals::Attachment> attachments);

/// Puts the manifest behind an entry under a tag of its own and reads it back; false if that does not give its bytes.
bool tag_and_pull(const Site& site, const proposals::Entry& entry, const std::string& tag);
/// Entries that are known by their tag alone get the digest that it leads to now, so that they can be asked for later.
std::vector<proposals::Entry> with_digests(const Site& site, std::vector<proposals::Entry> entries);
/// Whether what an entry names is still stored, as a manifest or as a blob.
bool stored(const Site& site, const proposals::Entry& entry);

/// The fault that spoils every payload, which all stories but a few notice with every variant.
std::vector<std::string> spoilt(const proposals::Variant& variant);
/// Those of garbage collection that matter to the variant.
std::vector<std::string> collected(const proposals::Variant& variant);
std::vector<std::string> spoilt_or_collected(const proposals::Variant& variant);
/// The first, for what an image's own index cannot do.
std::vector<std::string> spoilt_if_stored(const proposals::Variant& variant);
/// What a variant notices of an attachment to something that is not in the repository.
std::vector<std::string> absent_subject(const proposals::Variant& variant);

/// Notes that no collection of garbage could be asked for: what a claim says of one was not tried.
void without_collection(Cell& cell);

/// The image as it is reached by its digest alone, without a tag.
proposals::Subject by_digest(const proposals::Subject& subject);

}  // namespace referee::suites::stories
