#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <numeric>

#include "conformance/proposals/o.hpp"
#include "conformance/registration.hpp"

/// The raw user stories that add something to ask of a registry; none of them is a rule, so that all is recorded only.
namespace referee::suites::proposal_checks {

using namespace referee::conformance;  // NOLINT(google-build-using-namespace): checks read as sentences

namespace {

constexpr std::string_view kRawType = "application/vnd.referee.raw.v1";
constexpr std::string_view kPartType = "application/vnd.referee.part+brotli";

/// How the push of a referrer ends, and whether it is served and, if it could be, listed afterwards.
std::string fate_of(Context& t, const oci::Package& subject, const oci::Package& referrer, bool listable = true) {
  for (const auto& blob : referrer.blobs) t.push(blob);
  const auto status = put(t, referrer.manifest).status;
  if (status != 201) return fmt::format("refused with {}", status);
  const auto digest = referrer.digest().str();
  if (get(t, digest).body != referrer.manifest.bytes()) return "accepted, but not served";
  for (const auto& blob : referrer.blobs) {
    if (t.registry().head_blob(t.repository(), blob.digest().str()).value().status != 200) return "a blob is missing";
  }
  bool listed = false;
  ask_until([&] {
    const auto answer = t.registry().referrers(t.repository(), subject.digest().str()).value();
    listed = answer.body.find(digest) != std::string::npos;
    return listed || !listable;
  });
  return listed ? "stored and listed" : "stored";
}

void register_shapes(Catalogue& catalogue) {
  catalogue.add({.id = "proposals/o/raw/multi-blob",
                 .title = "How many blobs a referrer may have",
                 .how = "Pushes referrers of one, three and fifty blobs, each of one image, and pulls and lists them.",
                 .requirements = {"R.multi-blob"},
                 .needs = {Capability::kReferrers},
                 .after = {},
                 .kills = {"r.put.reject-unknown-layer"},
                 .tags = {},
                 .profiles = kOnAdopted,
                 .body = [](Context& t) {
                   for (const int count : {1, 3, 50}) {
                     const auto image = t.pushed_image();
                     oci::ManifestBuilder builder;
                     builder.artifact_type(kRawType).subject(image.descriptor());
                     for (int i = 0; i < count; ++i) builder.layer({std::string(kPartType), t.random().bytes(64)});
                     t.observe(fmt::format("blobs: {}", count), fate_of(t, image, builder.build()));
                   }
                 }});
  catalogue.add(
      {.id = "proposals/o/raw/annotations-only",
       .title = "Whether a referrer may consist of annotations alone",
       .how = "Pushes referrers with annotations: one whose only layer is the empty blob, and one without layers "
              "for each of the fields by which OCI 1.1 and the proposals B and E refer; pulls and lists them.",
       .requirements = {"R.annot-only"},
       .needs = {Capability::kReferrers},
       .after = {},
       .kills = {"r.put.reject-no-layers"},
       .tags = {"annotations"},
       .profiles = kOnAdopted,
       .body = [](Context& t) {
         const auto image = t.pushed_image();
         const auto link = oci::to_json(image.descriptor()).dump();
         const auto about = [&](const std::string& field) {
           oci::ManifestBuilder builder;
           return builder.artifact_type(kRawType).annotation("org.example.says", "all").field(field, link);
         };
         t.observe("empty layer", fate_of(t, image, about("subject").layer(oci::empty_blob()).build()));
         for (const auto* field : {"subject", "reference", "refers"}) {
           const bool listable = field == std::string_view("subject");
           t.observe(fmt::format("no layers, {}", field), fate_of(t, image, about(field).build(), listable));
         }
       }});
}

/// What a crawl over all tags finds that holds the blob, and that lists the manifest.
struct Crawl {
  std::size_t requests = 0;
  std::size_t manifests = 0;
  std::size_t indexes = 0;
};
Crawl crawl_all(Context& t, const std::string& blob, const std::string& manifest) {
  Crawl crawl;
  const auto before = t.registry().client().exchanges();
  for (const auto& tag : suites::distribution::tags_now(t)) {
    const auto body = get(t, tag).body;
    crawl.manifests += body.find(blob) != std::string::npos ? 1 : 0;
    crawl.indexes += body.find(manifest) != std::string::npos ? 1 : 0;
  }
  crawl.requests = t.registry().client().exchanges() - before;
  return crawl;
}

void register_reverse(Catalogue& catalogue) {
  catalogue.add({.id = "proposals/o/raw/reverse-cas",
                 .title = "Whether a registry tells what holds a blob or lists a manifest, and what a crawl costs",
                 .how = "Pushes ten tagged images, three of which share a layer, and an index of two. Asks for the "
                        "referrers of the layer and of an image in the index, which nobody refers to; then reads every "
                        "tag and counts.",
                 .requirements = {"R.reverse-cas"},
                 .needs = {Capability::kTagList, Capability::kFreshRepositories},
                 .after = {},
                 .kills = {"r.tags.cap-no-link", "r.tags.hides-digest-tags"},
                 .tags = {},
                 .profiles = kOnAdopted,
                 .body = [](Context& t) {
                   const auto shared = t.pushed_blob();
                   std::vector<oci::Descriptor> images;
                   for (int i = 0; i < 10; ++i) {
                     oci::ManifestBuilder builder;
                     builder.layer({std::string(oci::media_type::kOctetStream), t.random().bytes(64)});
                     if (i < 3) builder.layer_descriptor(shared.descriptor());
                     const auto image = builder.build();
                     t.push(image, fmt::format("release-{}", i));
                     images.push_back(image.descriptor());
                   }
                   const auto index = oci::IndexBuilder().manifest(images[0]).manifest(images[1]).build();
                   t.push_manifest(index, "sha256-" + oci::Digest::parse(images[0].digest)->encoded());
                   (void)suites::distribution::tags_of(t, 11);

                   const auto holder_of = [&](const std::string& digest) {
                     const auto answer = t.registry().referrers(t.repository(), digest).value();
                     const auto entries = index_entries(answer);
                     return entries && !entries->empty() ? "offered" : "not offered";
                   };
                   t.observe("blob to manifests", holder_of(shared.digest().str()));
                   t.observe("manifest to indexes", holder_of(images[0].digest));
                   const auto crawl = crawl_all(t, shared.digest().str(), images[0].digest);
                   t.observe("requests of a crawl over 11 tags", std::to_string(crawl.requests));
                   t.observe("found by it",
                             fmt::format("{} of 3 manifests, {} of 1 index", crawl.manifests, crawl.indexes));
                 }});
}

/// The bytes of these that a registry still has.
std::size_t bytes_kept(Context& o, const std::vector<oci::Package>& packages) {
  std::size_t bytes = 0;
  for (const auto& package : packages) {
    const auto digest = package.digest().str();
    const bool manifest = o.registry().head_manifest(o.repository(), digest).value().status == 200;
    bytes += manifest ? package.manifest.bytes().size() : 0;
    for (const auto& blob : package.blobs) {
      const bool kept = o.registry().head_blob(o.repository(), blob.digest().str()).value().status == 200;
      bytes += kept && blob.digest() != oci::empty_blob().digest() ? blob.bytes().size() : 0;
    }
  }
  return bytes;
}

/// Read from one tag to the next, five at a time, as clients did before there was a Link.
std::size_t tags_in_pieces(Context& o) {
  std::vector<std::string> tags;
  for (int i = 0; i < 20; ++i) {
    auto query = with_query({{"n", "5"}});
    if (!tags.empty()) query.query.emplace_back("last", tags.back());
    const auto piece = suites::distribution::read_own_tags(o, o.registry().list_tags(o.repository(), query).value());
    if (piece.empty()) break;
    tags.insert(tags.end(), piece.begin(), piece.end());
  }
  std::ranges::sort(tags);
  return static_cast<std::size_t>(std::distance(tags.begin(), std::ranges::unique(tags).begin()));
}

void register_burden(Catalogue& catalogue) {
  catalogue.add(
      {.id = "proposals/o/raw/old-registry-impact",
       .title = "What references leave behind in a registry that does not know them",
       .how =
           "On a registry of its own without the API, attaches twelve artifacts to a tagged image, listed in "
           "one referrers tag, and six of them under digest tags as well; reads the tags whole and in pieces; deletes "
           "the image, collects and measures what is left; deletes the tags, collects and measures again.",
       .requirements = {"R.old-registry-impact"},
       .needs = {Capability::kTagList, Capability::kTagDelete, Capability::kManifestDelete, Capability::kControl},
       .after = {},
       .kills = {"r.tags.cap-no-link", "r.gc.drops-digest-tagged"},
       .tags = {"gc"},
       .profiles = kOnOld,
       .body = [](Context& t) {
         OwnRegistry own(t);
         auto& o = own.context();
         const auto image = o.pushed_image("v1");
         const auto stem = oci::referrers_tag(image.digest().str());
         std::vector<std::string> tags{stem};
         std::vector<oci::Package> artifacts;
         oci::IndexBuilder index;
         for (int i = 0; i < 12; ++i) {
           const bool tagged = i % 2 == 0;
           if (tagged) tags.push_back(fmt::format("{}.{}", stem, i));
           artifacts.push_back(pushed_referrer(o, image.descriptor(), kRawType, {}, tagged ? tags.back() : ""));
           index.manifest(artifacts.back().descriptor());
         }
         o.push_manifest(index.build(), stem);
         t.observe("tags on all pages",
                   fmt::format("{} of {}", suites::distribution::tags_now(o).size(), tags.size() + 1));
         t.observe("tags read in pieces", fmt::format("{} of {}", tags_in_pieces(o), tags.size() + 1));
         const auto all = bytes_kept(o, artifacts);
         const auto left = [&] {
           own.collect();
           return fmt::format("{} of {} bytes", bytes_kept(o, artifacts), all);
         };
         (void)o.registry().delete_manifest(o.repository(), image.digest().str()).value();
         (void)gone_manifest(o, image.digest().str());
         t.observe("left without the image", left());
         for (const auto& tag : tags) (void)o.registry().delete_manifest(o.repository(), tag).value();
         (void)gone_manifest(o, tags.back());
         t.observe("left without the tags", left());
       }});
}

}  // namespace

void register_o_raw(Catalogue& catalogue) {
  register_shapes(catalogue);
  register_reverse(catalogue);
  register_burden(catalogue);
}

}  // namespace referee::suites::proposal_checks
