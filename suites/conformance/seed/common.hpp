#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "conformance/stories/common.hpp"

/// What the discussion that Referee grew from says (wg-reference-types, issue 48), as questions that are asked of every
/// variant. A claim that a variant refutes is a result like any other.
namespace referee::suites::seed {

using conformance::Arena;
using conformance::Published;
using conformance::Question;
using conformance::Session;
using conformance::Site;
using conformance::take;
using stories::attach_all;
using stories::attach_each;
using stories::by_digest;
using stories::Digests;
using stories::digests_of;
using stories::discover;
using stories::fetched;
using stories::recall;
using stories::Recall;
using stories::stored;
using stories::with_digests;

void ask(conformance::Catalogue& catalogue, const Question& question);

void note(Arena& arena, std::string key, std::uint64_t value);
void note(Arena& arena, std::string key, std::string value);

/// Ends the question as unsupported where no collection can be asked for.
conformance::Garbage sweep(const Site& site);

/// As stories::recall(), looking for what a tool with no more than the tag finds.
Recall recall_by_tag(Arena& arena, const Site& site, const Published& image, const Digests& expected);
/// The image as a deployment has it that is pinned to its digest: what a pull by that digest gives, and no tag.
proposals::Subject pinned(const Published& image);

/// For all variants: a payload that is not what it was when it was attached.
std::vector<std::string> any_variant(const proposals::Variant& variant);
/// The same, and for those that keep a list under a tag: a tag that cannot be moved.
std::vector<std::string> moving_tags(const proposals::Variant& variant);
/// Whether attaching wraps the image's index and keeps a tag of the unsigned digest.
bool wraps(const proposals::Variant& variant);

}  // namespace referee::suites::seed
