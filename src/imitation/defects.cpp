#include "defects.hpp"

#include <algorithm>
#include <array>

namespace referee::imitation {
namespace {

constexpr std::array kClientDefects{
    ClientDefect{Defect::kNoFallback, "c.no-fallback", "Does not know the list of referrers under a tag."},
    ClientDefect{Defect::kFallbackOnAnyError, "c.fallback-on-any-error",
                 "Takes the list under the tag whenever the referrers API fails, not only when it is absent."},
    ClientDefect{Defect::kFallbackWhenApiPresent, "c.fallback-when-api-present",
                 "Writes a list under the tag though the registry has the referrers API."},
    ClientDefect{Defect::kBlindFallbackPut, "c.blind-fallback-put",
                 "Writes the list under the tag without reading the one that is there."},
    ClientDefect{Defect::kNoIfMatch, "c.no-if-match", "Writes the list under the tag without a condition."},
    ClientDefect{Defect::kDupAppend, "c.dup-append", "Adds a referrer to the list that is in it already."},
    ClientDefect{Defect::kNoAnnotationCopy, "c.no-annotation-copy",
                 "Leaves a referrer's annotations out of the list under the tag."},
    ClientDefect{Defect::kNoArtifactTypeCopy, "c.no-artifacttype-copy",
                 "Leaves a referrer's artifactType out of the list under the tag."},
    ClientDefect{Defect::kOverwritesNonIndex, "c.overwrites-non-index",
                 "Writes its list over something else that has the tag."},
    ClientDefect{Defect::kNoLink, "c.no-link", "Reads the first page of a list only."},
    ClientDefect{Defect::kLinkUnbounded, "c.link-unbounded",
                 "Follows links to pages that it has read, to other hosts, and without a limit."},
    ClientDefect{Defect::kTrustsServerFilter, "c.trusts-server-filter",
                 "Believes that the registry has filtered the referrers."},
    ClientDefect{Defect::kTrustsData, "c.trusts-data",
                 "Takes the data of a descriptor without comparing it to digest and size."},
    ClientDefect{Defect::kNoDigestCheck, "c.no-digest-check",
                 "Compares no digest to what came, nor the media type in it to Content-Type."},
    ClientDefect{Defect::kNoSizeCheck, "c.no-size-check", "Compares no size to what came, and takes any length."},
    ClientDefect{Defect::kTagPrefixOvermatch, "c.tag-prefix-overmatch",
                 "Takes every tag that begins with a digest's for one of that digest."},
    ClientDefect{Defect::kHashNotChecked, "c.hash-not-checked",
                 "Does not compare the short hash in a tag to what the tag leads to."},
    ClientDefect{Defect::kAnyBadSignatureFails, "c.any-bad-sig-fails",
                 "Denies an image with enough good signatures because another one is bad."},
    ClientDefect{Defect::kAnySignaturePasses, "c.any-sig-passes",
                 "Allows an image with any signature, whoever made it."},
    ClientDefect{Defect::kVerifyAll, "c.verify-all", "Fetches everything that is attached, whatever the policy asks."},
    ClientDefect{Defect::kSubjectNotChecked, "c.subject-not-checked",
                 "Counts a good signature that is about another image."},
    ClientDefect{Defect::kCopyNoReferrers, "c.copy-no-referrers", "Copies an image without its referrers."},
    ClientDefect{Defect::kCopyReserialise, "c.copy-reserialise", "Writes manifests anew when it copies them."},
    ClientDefect{Defect::kCopyLoop, "c.copy-loop", "Copies again what it has copied, round and round."},
    ClientDefect{Defect::kCopyOrder, "c.copy-order", "Moves the tag before the referrers are there."},
    ClientDefect{Defect::kDeleteLeavesTag, "c.delete-leaves-tag",
                 "Deletes a manifest and leaves the tags and lists that are about it."},
    ClientDefect{Defect::kGcTooEager, "c.gc-too-eager",
                 "Prunes the tags of every image that is not there, though it may be elsewhere or still come."},
    ClientDefect{Defect::kLayoutDropsRefname, "c.layout-drops-refname",
                 "Saves to a layout without the names of digest tags."},
};

}  // namespace

std::span<const ClientDefect> client_defects() {
  return kClientDefects;
}

Defect defect_of(std::string_view name) {
  const auto* const found = std::ranges::find(kClientDefects, name, &ClientDefect::name);
  return found == kClientDefects.end() ? Defect::kNone : found->defect;
}

}  // namespace referee::imitation
