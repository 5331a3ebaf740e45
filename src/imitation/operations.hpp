#pragma once

#include "connection.hpp"
#include "referee/imitation/imitation.hpp"

namespace referee::imitation {

// One file each. The text is for standard output; Order says what each of them reads.

/// Selects an image as a runtime does, and writes it to a new layout.
Done<std::string> pull(const Imitation& imitation, const Order& order);

/// A manifest's bytes.
Done<std::string> print_manifest(const Imitation& imitation, const Order& order);
/// Writes a blob to a file; prints its digest.
Done<std::string> fetch_blob(const Imitation& imitation, const Order& order);
/// One tag a line.
Done<std::string> print_tags(const Imitation& imitation, const Order& order);
/// Pushes what a layout has under the reference's tag, or its only entry; prints the digest.
Done<std::string> push(const Imitation& imitation, const Order& order);
/// Attaches a file; prints the digest of the artifact. The same order gives the same artifact.
Done<std::string> attach(const Imitation& imitation, const Order& order);
/// `DIGEST TYPE` of each referrer, one a line.
Done<std::string> discover(const Imitation& imitation, const Order& order);
/// `DIGEST TAG` of each tag of proposal D that is about the reference, and `ignored TAG` where its hash is wrong.
Done<std::string> discover_tagged(const Imitation& imitation, const Order& order);
/// Copies a manifest with all below it and all that refers to it, the tag last; prints the digest.
Done<std::string> copy(const Imitation& imitation, const Order& order);
/// Deletes a manifest, its entry in a list of referrers, and the digest tags that are about it: `deleted REFERENCE`.
Done<std::string> remove(const Imitation& imitation, const Order& order);
/// Whether a policy allows the image: `allowed: REASON`, `counted DIGEST`..., `payloads fetched: N`.
Done<std::string> verify(const Imitation& imitation, const Order& order);
/// Deletes what is about images that were in the repository and are gone: `pruned REFERENCE`.
Done<std::string> prune(const Imitation& imitation, const Order& order);
/// Writes an image with what is attached to it to a new layout: `DIGEST NAME` of each of its entries.
Done<std::string> save(const Imitation& imitation, const Order& order);
/// The other way round: `tag NAME` of each tag that is there afterwards.
Done<std::string> load(const Imitation& imitation, const Order& order);

}  // namespace referee::imitation
