#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "client_judges.hpp"

/// Attaching where there is no referrers API: who pushes keeps the index under the referrers tag.
namespace referee::suites::clients {
namespace {

using conformance::Standing;
using runtimes::Operation;

void ask_for_attachment(Maker& maker) {
  maker.scenery().call = {{"type", std::string(Maker::kType)},
                          {"key", "org.referee.note"},
                          {"value", "attached"},
                          {"content", "attached\n"}};
}

void to_be_attached_to(Maker& maker) {
  one_image(maker);
  ask_for_attachment(maker);
}

void with_an_entry(Maker& maker) {
  to_be_attached_to(maker);
  const auto first = maker.referrer(maker.scenery().part("image"), Maker::kOtherType);
  maker.push("first", first);
  maker.push_fallback(maker.scenery().part("image"), {first});
}

void with_a_squatter(Maker& maker) {
  to_be_attached_to(maker);
  maker.push("squatter", maker.image(), oci::referrers_tag(maker.scenery().digest("image")));
}

/// The subject's digest is a sha512, of which the tag holds the first half.
void with_sha512(Maker& maker) {
  maker.push("image", oci::image(maker.random(), 64, maker.platform(), oci::Algorithm::kSha512));
  ask_for_attachment(maker);
  maker.ask_digest(maker.scenery().part("image"));
}

/// What was attached, and its entry under the referrers tag.
struct Attached {
  std::vector<std::string> digests;
  std::optional<std::vector<oci::Descriptor>> entries;
  const oci::Descriptor* entry = nullptr;
};
Attached attached(const Evidence& seen) {
  Attached found{pushed_referrers(seen), fallback_entries(seen)};
  for (const auto& digest : found.digests) {
    if (found.entries && found.entry == nullptr) found.entry = entry_of(*found.entries, digest);
  }
  return found;
}

nlohmann::json manifest_json(const Evidence& seen, const std::string& digest) {
  const auto manifest = seen.ground.manifest(digest);
  // NOLINTNEXTLINE(modernize-return-braced-init-list): braces would make an array of it
  return nlohmann::json::parse(manifest ? manifest->bytes() : std::string("null"), nullptr, false);
}

Finding no_entry(const Attached& found) {
  if (found.digests.empty()) return failed("it pushed nothing whose subject is the image");
  return found.entries ? wrong("the index under the referrers tag does not list what it attached")
                       : wrong("it attached, and wrote no index under the referrers tag");
}

/// The entry is there and true.
Finding writes_entry(const Evidence& seen) {
  const auto found = attached(seen);
  if (found.entry == nullptr) return no_entry(found);
  const auto manifest = seen.ground.manifest(found.entry->digest);
  if (!manifest || manifest->size() != found.entry->size || manifest->media_type() != found.entry->media_type) {
    return wrong("size or mediaType of the entry are not those of what it attached");
  }
  return seen.succeeded() ? right() : failed("it writes the entry, and fails");
}

Finding copies_type(const Evidence& seen) {
  const auto found = attached(seen);
  if (found.entry == nullptr) return unclear("there is no entry: see fallback-written");
  const auto manifest = manifest_json(seen, found.entry->digest);
  auto type = manifest.value("artifactType", std::string());
  if (type.empty() && manifest.contains("config")) type = manifest["config"].value("mediaType", std::string());
  if (found.entry->artifact_type == type) return right();
  return wrong(fmt::format("artifactType of the entry is '{}', not '{}'", found.entry->artifact_type, type));
}

Finding copies_annotations(const Evidence& seen) {
  const auto found = attached(seen);
  if (found.entry == nullptr) return unclear("there is no entry: see fallback-written");
  const auto annotations = manifest_json(seen, found.entry->digest).value("annotations", oci::Annotations{});
  if (annotations.empty()) return unclear("what it attached has no annotations");
  for (const auto& [key, value] : annotations) {
    const auto copied = found.entry->annotations.find(key);
    if (copied == found.entry->annotations.end() || copied->second != value) {
      return wrong(fmt::format("the annotation {} is not copied", key));
    }
  }
  return right();
}

Finding keeps_entries(const Evidence& seen) {
  const auto found = attached(seen);
  if (!found.entries) return wrong("what was under the referrers tag is gone");
  const auto* kept = entry_of(*found.entries, seen.scenery.digest("first"));
  if (kept == nullptr) return wrong("the index under the referrers tag was overwritten: the entry that it had is gone");
  if (found.entry == nullptr) return no_entry(found);
  if (kept->artifact_type != Maker::kOtherType || kept->annotations.empty()) {
    return wrong("the entry that was there has lost its artifactType or annotations");
  }
  return right();
}

Finding spares_the_squatter(const Evidence& seen) {
  const auto now = seen.ground.manifest(oci::referrers_tag(seen.scenery.digest("image")));
  if (!now || now->digest() != seen.scenery.part("squatter").digest()) {
    return wrong("it overwrote what is no index");
  }
  return seen.succeeded() ? wrong("it leaves the image under the tag alone, but reports no failure") : right();
}

Finding leaves_no_tag(const Evidence& seen) {
  if (!seen.succeeded()) return unclear("it fails on an ordinary registry");
  const auto tags = seen.ground.tags();
  const bool tagged = std::ranges::any_of(tags, [](const std::string& tag) { return tag.starts_with("sha256-"); });
  return tagged ? wrong("it writes a referrers tag, although the registry has the API") : right();
}

/// Two texts: the steps belong to a missing header, but whoever knows that the API is there need not take them.
Finding reacts_to_no_header(const Evidence& seen) {
  const auto found = attached(seen);
  if (found.entry != nullptr) return right("it writes the referrers tag");
  if (find_request(seen, is_referrers_list) != nullptr) return allowed("it asks the referrers API instead");
  return wrong("OCI-Subject was missing, and it neither wrote the referrers tag nor asked for the API");
}

Finding writes_conditionally(const Evidence& seen) {
  const auto* put = find_request(seen, [](const registry::AccessRecord& record) {
    return is_push_of_manifest(record) && reference_of(record).starts_with("sha256-");
  });
  if (put == nullptr) return unclear("it wrote no referrers tag: see fallback-written");
  return put->if_match.empty() ? allowed("it writes without If-Match") : right();
}

Finding reports_refusal(const Evidence& seen) {
  return seen.succeeded() ? wrong("its entry could not be written, and it reports success") : right();
}

ClientCheck attach(std::string id, std::string about, std::string requirement, std::string expected,
                   void (*content)(Maker&), Finding (*judge)(const Evidence&)) {
  return {.id = std::move(id),
          .about = std::move(about),
          .requirements = {std::move(requirement)},
          .expected = std::move(expected),
          .operation = Operation::kAttach,
          .content = content,
          .scene = {.profile = "oci-1.0"},
          .judge = judge};
}

}  // namespace

void add_attach_checks(Checks& to) {
  const auto check = [&](ClientCheck made) -> ClientCheck& { return to.emplace_back(std::move(made)); };
  check(attach("fallback-written",
               "Attached where there is no referrers API, an artifact is listed under the referrers tag.",
               "client.fallback.push", "an entry", to_be_attached_to, writes_entry));
  check(attach("fallback-type", "The entry has the artifactType of what was attached, or its config's type.",
               "client.fallback.artifact-type", "copied", to_be_attached_to, copies_type));
  check(attach("fallback-annotations", "The entry has all annotations of what was attached.",
               "client.fallback.annotations", "copied", to_be_attached_to, copies_annotations));
  check(attach("fallback-extended", "The index under the referrers tag has an entry already.", "client.fallback.keeps",
               "both entries", with_an_entry, keeps_entries));
  check(attach("fallback-squatter", "Under the referrers tag is an image.", "client.fallback.other-manifest",
               "an error", with_a_squatter, spares_the_squatter));
  check(attach("fallback-tag-sha512", "The image attached to has a sha512 digest, of which the tag takes 64 digits.",
               "client.fallback.tag-schema", "an entry", with_sha512, writes_entry));
  check(attach("fallback-immutable", "The referrers tag has an entry and cannot be moved.",
               "client.fallback.refused-write", "an error", with_an_entry, reports_refusal))
      .scene.profile = "oci-1.0-immutable-tags";
  check(attach("fallback-conditional", "The registry honours If-Match, and the referrers tag has an entry.",
               "client.fallback.conditional", "If-Match", with_an_entry, writes_conditionally))
      .scene.profile = "conditional";
  auto& header =
      check(attach("no-subject-header", "The registry has the referrers API, but answers without OCI-Subject.",
                   "client.fallback.push", "the tag or a question", to_be_attached_to, reacts_to_no_header));
  header.scene = {.deviations = {"r.put.no-oci-subject"}};
  auto& api = check(attach("no-tag-with-api", "The registry has the referrers API: there is to be no referrers tag.",
                           "client.fallback.not-when-api", "no tag", to_be_attached_to, leaves_no_tag));
  api.scene = {};
  api.twin.reset();
}

}  // namespace referee::suites::clients
